// http: calls with node:http and node:https, one case a run.
// SPDX-License-Identifier: Apache-2.0
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

import { HTTP, HTTPS, errorOf, pause, runCase, say, sha256 } from './say.mjs';

const use = (url) => (url.startsWith('https:') ? https : http);

/** Calls and says what came; `send` writes the body. */
async function call(url, options = {}, send = (request) => request.end()) {
  const request = use(url).request(url, options);
  const closed = new Promise((resolve) => request.on('close', resolve));
  let read;
  request.on('response', (response) => (read = readAll(response)));
  request.on('information', (info) => say('information', info.statusCode));
  request.on('continue', () => say('continue'));
  request.on('error', (error) => say('request', errorOf(error)));
  send(request);
  // The connection's end and the body's have no fixed order.
  await closed;
  await read;
  say('close', request.reusedSocket, request.destroyed);
}

async function readAll(response) {
  // Asked now: a connection that is not kept may be gone by the end.
  const peer = [response.socket.remoteAddress, response.socket.authorized];
  const parts = [];
  try {
    for await (const part of response) parts.push(part);
  } catch (error) {
    say('body', errorOf(error));
  }
  describe(response, Buffer.concat(parts), peer);
}

function describe(response, bytes, peer) {
  const heads = response.rawHeaders.filter((_, i, all) => all[i - (i % 2)] !== 'Date');
  const { statusCode, statusMessage, httpVersion, complete, aborted, rawTrailers } = response;
  say({ statusCode, statusMessage, httpVersion, complete, aborted, rawTrailers, heads, peer });
  say(bytes.length < 50_000 ? bytes.toString('latin1') : sha256(bytes));
  say(
    response.listenerCount('data'),
    Object.keys(response).length,
    Object.keys(response.req).length,
  );
}

const inParts =
  (pauseMs, ...parts) =>
  async (request) => {
    for (const part of parts) {
      request.write(part);
      await pause(pauseMs);
    }
    request.end();
  };

const give = (text) => (request) => request.end(text);

const cases = {
  get: () => call(`${HTTP}/wire/echo?a=1`),
  https: () => call(`${HTTPS}/wire/echo`),
  post: () => call(`${HTTPS}/wire/echo`, { method: 'POST' }, give('h\u00e9llo')),
  latin1: () =>
    call(`${HTTP}/wire/echo`, { method: 'POST' }, (request) => request.end('h\u00e9llo', 'latin1')),
  heads: () =>
    call(`${HTTPS}/wire/echo`, { headers: { 'X-Many': ['a', 'b'], cookie: ['a=1', 'b=2'], N: 1 } }),
  notfound: () => call(`${HTTP}/wire/status/404`, { method: 'DELETE' }),
  head: () => call(`${HTTP}/wire/gzip`, { method: 'HEAD' }),
  empty: () => call(`${HTTP}/wire/empty`),
  refused: async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    const request = http.get(`http://127.0.0.1:${port}/x`);
    await new Promise((resolve) =>
      request.on('error', (error) => {
        say(JSON.parse(JSON.stringify(errorOf(error)).replaceAll(String(port), 'CLOSED')));
        resolve();
      }),
    );
  },
  reset: () => call(`${HTTP}/wire/reset`),
  cut: () => call(`${HTTP}/wire/cut`),
  badname: () => call('http://no-such-host.invalid/x'),
  // As Stripe's library does: nothing is written before there is a connection.
  waiting: async () => {
    const request = http.request('http://no-such-host.invalid/x');
    request.once('socket', (socket) => socket.once('connect', () => request.end()));
    await new Promise((resolve) =>
      request.on('error', (error) => {
        say(errorOf(error));
        resolve();
      }),
    );
  },
  untrusted: () => call(`${HTTPS.replace('localhost', '127.0.0.1')}/x`),
  garbage: async () => {
    const server = net.createServer((socket) => socket.end('this is not HTTP\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    const request = http.get({ port: server.address().port, host: '127.0.0.1', path: '/garbage' });
    await new Promise((resolve) => request.on('error', (error) => resolve(say(errorOf(error)))));
    server.close();
  },
  hstream: () =>
    call(`${HTTPS}/wire/echo`, { method: 'POST' }, inParts(20, 'ab', Buffer.from('cd'), 'e')),
  hchunked: () =>
    call(
      `${HTTP}/wire/echo`,
      { method: 'POST', headers: { 'transfer-encoding': 'chunked' } },
      inParts(0, 'one', 'two'),
    ),
  piped: () =>
    call(`${HTTP}/wire/echo`, { method: 'PUT' }, (request) => {
      fs.createReadStream(new URL(import.meta.url)).pipe(request);
    }),
  hexpect: () =>
    call(`${HTTP}/wire/echo`, { method: 'POST', headers: { expect: '100-continue' } }, (request) =>
      request.on('continue', () => request.end('after')),
    ),
  htrace: () => call(`${HTTP}/wire/echo`, { method: 'TRACE' }),
  getbody: () =>
    call(`${HTTP}/wire/echo`, { method: 'GET', headers: { 'content-length': 4 } }, give('body')),
  agent: () =>
    call(`${HTTPS.replace('localhost', '127.0.0.1')}/wire/echo`, {
      agent: new https.Agent({ rejectUnauthorized: false, ca: [] }),
      servername: 'elsewhere.example',
    }),
  lookup: () =>
    call(`${HTTP.replace('127.0.0.1', 'looked-up.invalid')}/wire/echo`, {
      lookup: (host, options, done) => {
        say('lookup', host);
        dns.lookup('127.0.0.1', options, done);
      },
    }),
  socketpath: async () => {
    const path = `/tmp/taskless-test-${process.pid}.sock`;
    const server = http.createServer((request, response) => response.end('by path')).listen(path);
    await new Promise((resolve) => server.on('listening', resolve));
    await call('http://localhost/by/path', { socketPath: path });
    server.close();
  },
  keepalive: async () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 20; i++) await call(`${HTTPS}/wire/echo?n=${i}`, { agent });
    agent.destroy();
  },
  ports: async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    await Promise.all(Array.from({ length: 6 }, () => call(`${HTTP}/wire/echo`, { agent })));
    say(Object.keys(agent.freeSockets).length, Object.keys(agent.requests).length);
    agent.destroy();
  },
  // With time for Packs that take all they may before the program ends.
  unhurried: async () => {
    for (let i = 0; i < 20; i++) await call(`${HTTP}/wire/echo?n=${i}`);
    await pause(1500);
  },
  redirect: () => call(`${HTTPS}/wire/redirect`),
  gzip: () => call(`${HTTPS}/wire/gzip`),
  chunked: () => call(`${HTTP}/wire/chunked`),
  early: () => call(`${HTTP}/wire/early`),
  upload: () => call(`${HTTP}/wire/echo`, { method: 'POST' }, inParts(150, 'one', 'two', 'three')),
  abort: async () => {
    await call(`${HTTP}/wire/hang`, {}, (request) => {
      request.end();
      setTimeout(() => request.destroy(), 600);
    });
    await pause(50);
  },
  aborted: async () => {
    await call(`${HTTP}/wire/hang`, {}, (request) => {
      request.end();
      setTimeout(() => request.abort(), 600);
    });
    await pause(50);
  },
  signal: async () => {
    await call(`${HTTPS}/wire/hang`, { signal: AbortSignal.timeout(600) });
    await pause(50);
  },
  timeout: async () => {
    await call(`${HTTP}/wire/hang`, { timeout: 600 }, (request) => {
      request.on('timeout', () => {
        const error = new Error('took too long');
        error.code = 'ETIMEDOUT';
        request.destroy(error);
      });
      request.end();
    });
    await pause(50);
  },
  midway: async () => {
    const request = http.get(`${HTTP}/wire/sse/50`);
    const response = await new Promise((resolve) => request.on('response', resolve));
    response.on('error', (error) => say('response', errorOf(error)));
    response.once('data', () => response.destroy());
    await new Promise((resolve) => request.on('close', resolve));
    await pause(50);
  },
  unread: async () => {
    const request = http.get(`${HTTP}/wire/flood`);
    const response = await new Promise((resolve) => request.on('response', resolve));
    say(response.statusCode);
    await pause(50);
    response.destroy();
    await new Promise((resolve) => request.on('close', resolve));
    await pause(50);
  },
  nobody: async () => {
    const request = http.get(`${HTTP}/wire/echo`);
    await new Promise((resolve) => request.on('close', resolve));
  },
  unlistened: async () => {
    const request = http.get(`${HTTP}/wire/chunked`, (response) => {
      response.removeAllListeners('error').resume();
    });
    request.removeAllListeners();
    await pause(200);
  },
  dropped: async () => {
    const request = http.request(`${HTTP}/wire/echo`);
    request.on('error', (error) => say(errorOf(error)));
    request.destroy();
    await new Promise((resolve) => request.on('close', resolve));
  },
  sse: () =>
    new Promise((resolve) => {
      let n = 0;
      http.get(`${HTTP}/wire/lockstep`, (response) => {
        response.setEncoding('utf8');
        response.on('data', (text) => {
          say(text);
          const next = `${HTTP}/wire/next/${(n += 1)}`;
          http.request(next, { method: 'POST', agent: false }, (r) => r.resume()).end();
        });
        response.on('end', resolve);
      });
    }),
  paused: async () => {
    const request = http.get(`${HTTP}/wire/flood`);
    const response = await new Promise((resolve) => request.on('response', resolve));
    response.once('readable', () => response.read(1));
    const before = process.memoryUsage.rss();
    await pause(1500);
    const grown = (process.memoryUsage.rss() - before) / 1e6;
    say(grown < 60 ? 'little memory' : `grown by ${grown} MB`);
    request.destroy();
  },
  sizes: async () => {
    for (const size of [1, 65_536, 1_000_000, 16_000_000]) {
      const body = Buffer.alloc(size, 'abc');
      await call(`${HTTPS}/wire/echo`, { method: 'POST' }, give(body));
      await call(`${HTTPS}/wire/size/${size}`);
    }
  },
  reused: async () => {
    // The buffer a program writes is its own again as soon as it was taken.
    const buffer = Buffer.from('as it was written');
    await call(`${HTTP}/wire/echo`, { method: 'POST' }, (request) => {
      request.end(buffer, () => buffer.fill('x'));
    });
  },
  upgrade: () =>
    new Promise((resolve) => {
      const request = http.get(`${HTTP}/up`, {
        headers: { connection: 'upgrade', upgrade: 'echo' },
      });
      request.on('upgrade', (response, socket) => {
        socket.setEncoding('utf8').on('data', (text) => {
          say(response.statusCode, response.headers.upgrade, text);
          socket.end();
        });
        socket.on('close', resolve);
        socket.write('through');
      });
    }),
  connect: () =>
    new Promise((resolve) => {
      const proxy = http.createServer().on('connect', (request, socket) => {
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      });
      proxy.listen(0, '127.0.0.1', () => {
        const { port } = proxy.address();
        const request = http.request({
          port,
          host: '127.0.0.1',
          method: 'CONNECT',
          path: 'a.example:443',
        });
        request.on('connect', (response, socket) => {
          say(response.statusCode);
          socket
            .on('close', () => proxy.close(resolve))
            .resume()
            .end();
        });
        request.end();
      });
    }),
  // Towards a proxy the request line has the whole URL.
  absolute: () => call(HTTP, { path: 'http://behind.example:8080/wire/echo?a=1' }),
  asterisk: () => call(HTTP, { method: 'OPTIONS', path: '*' }),
  nohost: () => call(`${HTTP}/wire/echo`, { setHost: false }),
  vhost: () => call(`${HTTP}/wire/echo`, { headers: { HOST: ' named.example ' } }),
  noslash: () => call(HTTP),
  longhead: () => call(`${HTTP}/wire/echo`, { headers: { 'x-long': 'a'.repeat(40_000) } }),
  bypass: () => call(`${HTTP}/wire/echo`, { headers: { 'x-tskl-bypass': '1' } }),
  wrong: () => {
    const request = http.request(`${HTTP}/wire/echo`, { method: 'POST' });
    for (const bad of [5, {}, null]) {
      try {
        request.write(bad);
      } catch (error) {
        say(errorOf(error));
      }
    }
    return new Promise((resolve) => {
      request.on('response', (response) => response.resume().on('end', resolve));
      request.end();
    });
  },
  looks: () => {
    const { prototype } = http.ClientRequest;
    const request = http.get(`${HTTP}/wire/echo`, (response) => response.resume());
    say(
      prototype.write.name,
      prototype.write.length,
      prototype.end.length,
      prototype.destroy.length,
    );
    const { push } = http.IncomingMessage.prototype;
    say(push.name, push.length);
    const keys = [];
    for (const key in request) if (typeof request[key] === 'function') keys.push(key);
    say(keys.sort(), Reflect.ownKeys(request).map(String).sort());
    return new Promise((resolve) => request.on('close', resolve));
  },
};

await runCase(cases);
