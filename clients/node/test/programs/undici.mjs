// undici: calls with npm's undici; arguments are a part of it to try and the name it is installed by.
// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { Readable, Writable } from 'node:stream';
import { pipeline as join } from 'node:stream/promises';

import { withProxy } from '../support/proxy.mjs';
import { HTTP, HTTPS, errorOf, pause, runCase, say, sha256 } from './say.mjs';

const [, , , ...names] = process.argv;
const undici = await import(names[0]);
const major = Number(/^undici(\d)/.exec(names[0])[1]);
const ECHO = `${HTTP}/wire/echo`;
// Else a copy would call by what the first one loaded, or Node itself, has left for all of them.
if (names.length === 1) undici.setGlobalDispatcher(new undici.Agent());

async function show({ statusCode, headers, body, trailers }) {
  const bytes = Buffer.from(await body.arrayBuffer());
  say(statusCode, { ...headers, date: '' }, trailers);
  say(bytes.length < 2000 ? bytes.toString() : sha256(bytes));
}

const get = async (path, options) => show(await undici.request(`${HTTP}${path}`, options));

async function failing(call) {
  try {
    await call();
    say('no error');
  } catch (error) {
    say(errorOf(error));
  }
}

async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function* parts() {
  for (const part of ['first ', Buffer.from('second '), 'third']) {
    await pause(5);
    yield part;
  }
}

function form() {
  const data = new undici.FormData();
  data.append('name', 'value');
  data.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return data;
}

/** Handlers have other names since version 7; version 8 knows only these. */
function handler(resolve, reject) {
  const head = (status, text) => say(status, text);
  const data = (part) => say(part.toString().length);
  if (major < 7) {
    return {
      onConnect: () => {},
      onHeaders: (status, headers, resume, text) => {
        head(status, text);
        return true;
      },
      onData: (part) => {
        data(part);
        return true;
      },
      onComplete: resolve,
      onError: reject,
    };
  }
  return {
    onRequestStart: () => {},
    onResponseStart: (controller, status, headers, text) => head(status, text),
    onResponseData: (controller, part) => data(part),
    onResponseEnd: resolve,
    onResponseError: (controller, error) => reject(error),
  };
}

const dispatch = (dispatcher, path) =>
  new Promise((resolve, reject) => {
    dispatcher.dispatch({ origin: HTTP, path, method: 'GET' }, handler(resolve, reject));
  });

async function using(dispatcher, use) {
  await use(dispatcher);
  await dispatcher.close();
}

const cases = {
  bodies: async () => {
    const post = (body, headers) => get('/wire/echo', { method: 'POST', body, headers });
    await post('h\u00e9llo', { 'x-many': ['a', 'b'] });
    await post(Buffer.from('a buffer'));
    await post(new TextEncoder().encode('no view').subarray(3));
    await post(Readable.from(parts()));
    await post(parts());
    await post(fs.createReadStream(new URL('say.mjs', import.meta.url)));
    await post(new Blob(['a blob']));
    await post(Buffer.alloc(1_000_000, 'abc'));
    await undici.fetch(ECHO, { method: 'PUT', body: 'by fetch' }).then((r) => r.text());
    await undici
      .fetch(ECHO, { method: 'PUT', duplex: 'half', body: parts() })
      .then((r) => r.text());
  },
  // The boundary between the parts is made up anew each time.
  forms: async () => {
    const { body } = await undici.request(ECHO, { method: 'POST', body: form() });
    say((await body.json()).length);
    const response = await undici.fetch(ECHO, { method: 'POST', body: form() });
    say((await response.json()).length);
  },
  answers: async () => {
    await get('/wire/gzip');
    await get('/wire/chunked');
    await get('/wire/early');
    await get('/wire/empty');
    await get('/wire/gzip', { method: 'HEAD' });
    await get('/wire/echo', { method: 'TRACE' });
    await get('/wire/size/300000');
    await show(await undici.request(`${HTTPS}/wire/status/402`));
    const response = await undici.fetch(`${HTTP}/wire/redirect/chunked`);
    say(response.status, response.url, response.redirected, await response.text());
    for (let n = 0; n < 3; n++) await get('/wire/echo', { query: { n } });
    await (await undici.request(`${HTTP}/wire/status/404`)).body.dump();
  },
  // Each event is sent when the one before has come: nothing may be held back.
  sse: async () => {
    const { body } = await undici.request(`${HTTP}/wire/lockstep`);
    let n = 0;
    for await (const part of body) {
      say(part.toString());
      const next = { method: 'POST' };
      await (await undici.request(`${HTTP}/wire/next/${(n += 1)}`, next)).body.dump();
    }
  },
  dispatchers: async () => {
    await using(new undici.Client(HTTP), async (client) => {
      await show(await client.request({ path: '/wire/echo?client', method: 'GET' }));
      const kept = [];
      await client.stream({ path: '/wire/chunked', method: 'GET' }, ({ statusCode }) => {
        say(statusCode);
        return writable(kept);
      });
      say(Buffer.concat(kept).toString());
      const through = client.pipeline({ path: '/wire/echo', method: 'PUT' }, ({ body }) => body);
      const answer = [];
      await join(Readable.from(['piped ', 'through']), through, writable(answer));
      say(Buffer.concat(answer).toString());
      await dispatch(client, '/wire/echo?dispatch');
    });
    await using(new undici.Pool(HTTP, { connections: 2 }), async (pool) => {
      await Promise.all(
        [1, 2, 3].map(async () => {
          const { body } = await pool.request({ path: '/wire/echo?pool', method: 'GET' });
          say((await body.text()).length);
        }),
      );
    });
    await using(new undici.BalancedPool([HTTP]), async (pool) => {
      await show(await pool.request({ path: '/wire/echo?balanced', method: 'GET' }));
    });
    await using(new undici.Agent({ pipelining: 0 }), async (dispatcher) => {
      await get('/wire/echo?agent', { dispatcher });
      await (await undici.fetch(`${ECHO}?fetch`, { dispatcher })).text();
    });
  },
  mocked: async () => {
    const agent = new undici.MockAgent();
    agent.disableNetConnect();
    agent.get('http://a.example').intercept({ path: '/faked' }).reply(200, 'faked');
    await show(await undici.request('http://a.example/faked', { dispatcher: agent }));
    await agent.close();
  },
  connect: () =>
    withProxy(async (proxy) => {
      const port = new URL(HTTP).port;
      const client = new undici.Client(proxy);
      const { statusCode, socket } = await client.connect({ path: `127.0.0.1:${port}` });
      say(statusCode);
      socket.destroy();
      await client.close();
    }),
  upgrade: async () => {
    const { headers, socket } = await undici.upgrade(`${HTTP}/up`, { protocol: 'echo' });
    say(headers);
    socket.write('through');
    await new Promise((resolve) =>
      socket.on('data', (bytes) => {
        say(bytes.toString());
        socket.on('close', resolve).end();
      }),
    );
  },
  proxy: () =>
    withProxy(async (proxy) => {
      const dispatcher = new undici.ProxyAgent({ uri: proxy, proxyTunnel: true });
      await get('/wire/echo?tunnelled', { dispatcher });
      await show(await undici.request(`${HTTPS}/wire/echo?tls`, { dispatcher }));
      await (await undici.fetch(`${HTTPS}/wire/status/402`, { dispatcher })).text();
      await dispatcher.close();
    }),
  refusedproxy: () =>
    withProxy(async (proxy) => {
      const dispatcher = new undici.ProxyAgent({ uri: proxy, proxyTunnel: true });
      await failing(() => undici.request(`${HTTPS}/wire/echo`, { dispatcher }));
      await dispatcher.close();
    }, 407),
  retry: async () => {
    if (!undici.RetryAgent) return;
    const options = { maxRetries: 2, minTimeout: 10, timeoutFactor: 1 };
    const dispatcher = new undici.RetryAgent(new undici.Agent(), options);
    await failing(() => get('/wire/status/503', { dispatcher }));
    await failing(() => get('/wire/reset', { dispatcher }));
    await dispatcher.close();
  },
  redirect: async () => {
    const options =
      major < 7
        ? { maxRedirections: 1 }
        : {
            dispatcher: new undici.Agent().compose(
              undici.interceptors.redirect({ maxRedirections: 1 }),
            ),
          };
    await get('/wire/redirect/chunked', options);
    await options.dispatcher?.close();
  },
  dns: async () => {
    if (!undici.interceptors?.dns) return;
    const lookup = (origin, options, done) =>
      done(null, [{ address: '127.0.0.1', ttl: 1000, family: 4 }]);
    const dispatcher = new undici.Agent().compose(undici.interceptors.dns({ lookup }));
    await show(
      await undici.request(`${HTTP.replace('127.0.0.1', 'named.example')}/wire/echo`, {
        dispatcher,
      }),
    );
    await dispatcher.close();
  },
  failures: async () => {
    const gone = net.createServer();
    const port = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    await undici.request(`http://127.0.0.1:${port}/refused`).catch(({ code }) => say(code));
    await failing(() => undici.request('http://no-such-host.invalid/x'));
    await failing(() => get('/wire/reset'));
    await failing(() => get('/wire/cut'));
    await failing(() => undici.request(`${HTTPS.replace('localhost', '127.0.0.1')}/x`));
    await failing(() => get('/wire/hang', { headersTimeout: 300 }));
    await failing(() => get('/wire/hang', { signal: AbortSignal.timeout(300) }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    await failing(() => get('/wire/hang', { signal: controller.signal }));
    const { body } = await undici.request(`${HTTP}/wire/flood`);
    body.destroy();
    await failing(async () => {
      for await (const part of body) say(part.length);
    });
    const client = new undici.Client(HTTP);
    const answer = client.request({ path: '/wire/hang', method: 'GET' });
    setTimeout(() => client.destroy(), 300);
    await failing(() => answer);
    await pause(50);
  },
  // Several copies in one process, whichever way each was loaded.
  several: async () => {
    const require = createRequire(import.meta.url);
    await Promise.all(
      names.map(async (name) => {
        const copies = [await import(name), require(name)];
        for (const copy of copies) {
          const { body } = await copy.request(`${ECHO}?${name}`, { method: 'POST', body: name });
          say((await body.json()).length === name.length);
          await (await copy.fetch(`${ECHO}?${name}`, { method: 'PUT', body: name })).text();
        }
      }),
    );
    await (await fetch(`${ECHO}?own`, { method: 'PUT', body: 'own' })).text();
  },
};

function writable(list) {
  return new Writable({
    write(part, encoding, done) {
      list.push(part);
      done();
    },
  });
}

/** One process for many: what a copy has learnt in one case must do for the next. */
const together = (...all) => async () => {
  for (const name of all) await cases[name]();
};

await runCase({
  sent: together('bodies', 'forms'),
  received: together('answers', 'sse'),
  ways: together('dispatchers', 'mocked', 'connect', 'upgrade', 'redirect', 'dns', 'retry'),
  proxies: together('proxy', 'refusedproxy'),
  failures: cases.failures,
  several: cases.several,
});
// Connections that are kept keep the program.
process.exit();
