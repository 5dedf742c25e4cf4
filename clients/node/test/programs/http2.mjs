// http2: calls with node:http2 to a server of its own, which says what it has seen.
// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { connect, createSecureServer, createServer } from 'node:http2';
import net from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';

import { errorOf, pause, runCase, say, sha256 } from './say.mjs';

const [, , , library] = process.argv;
const BIG = 'all work and no play '.repeat(50_000);

const routes = {
  '/echo': async (stream, headers) => {
    const parts = [];
    for await (const part of stream) parts.push(part);
    const bytes = Buffer.concat(parts);
    stream.respond({ ':status': 200, 'x-many': ['a', 'b'] });
    stream.end(`${headers[':method']} ${headers['x-one']} ${bytes.length} ${sha256(bytes)}`);
  },
  '/missing': (stream) => stream.respond({ ':status': 404 }, { endStream: true }),
  '/early': (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
    stream.respond({ ':status': 200 });
    stream.end('after hints');
  },
  '/trailers': (stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '6' }));
    stream.on('trailers', (trailers) => say('server', trailers['x-end']));
    stream.on('end', () => stream.end('with trailers')).resume();
  },
  '/push': (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      pushed.respond({ ':status': 200 });
      pushed.end('not asked for');
      stream.respond({ ':status': 200 });
      stream.end('asked for');
    });
  },
  '/big': (stream) => {
    stream.respond({ ':status': 200 });
    stream.end(BIG);
  },
  '/lockstep': (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
    lockstep = stream;
    stream.write('data: 0\n\n');
  },
  '/tunnel': (stream) => {
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  },
  '/hang': () => {},
  '/internal': (stream) => stream.close(2),
  '/cancel': (stream) => stream.close(8),
  '/part': (stream) => {
    stream.respond({ ':status': 200 });
    stream.write('only this');
    setTimeout(() => stream.destroy(new Error('half way')), 30);
  },
  '/gone': (stream) => stream.session.destroy(),
  '/lost': () => sockets.forEach((socket) => socket.destroy()),
  '/goaway': (stream) => stream.session.goaway(11),
};

let lockstep;
const sockets = new Set();

function serve(server) {
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    stream.on('close', () => say('server', headers[':path'], stream.rstCode));
    routes[headers[':path'].split('?')[0]](stream, headers);
  });
  server.on('sessionError', () => {});
  server.on('connection', (socket) => sockets.add(socket));
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

const plain = () => serve(createServer({ settings: { enableConnectProtocol: true } }));
const origin = (server, scheme = 'http') => `${scheme}://localhost:${server.address().port}`;

/** Says everything that happens on `stream`, to its end. */
async function watch(stream) {
  let text = '';
  const events = [];
  for (const name of ['response', 'headers', 'trailers', 'aborted']) {
    stream.on(name, (headers) => {
      const all = Object.entries(headers || {}).filter(([key]) => key !== 'date');
      events.push([name, ...all]);
    });
  }
  stream.on('error', (error) => events.push(['error', withoutPort(errorOf(error))]));
  stream.setEncoding('utf8').on('data', (part) => (text += part));
  await new Promise((resolve) => stream.on('close', resolve));
  for (const event of events) say(...event);
  say(stream.rstCode, stream.listenerCount('close'), stream.listenerCount('response'));
  say(text.length < 500 ? text : sha256(text));
}

function withoutPort(error) {
  return JSON.parse(JSON.stringify(error).replace(/:\d{4,5}\b/g, ':PORT'));
}

async function call(session, headers, send = (stream) => stream.end()) {
  const stream = session.request(headers);
  const watched = watch(stream);
  send(stream);
  await watched;
}

async function using(session, use) {
  session.on('error', (error) => say('session', withoutPort(errorOf(error))));
  session.on('goaway', (code) => say('goaway', code));
  await use(session);
  if (!session.destroyed) await new Promise((resolve) => session.close(resolve));
}

async function* parts() {
  for (const part of ['first ', 'second ', 'third']) {
    await pause(5);
    yield part;
  }
}

const post = (name) => ({ ':method': 'POST', ':path': `/echo?${name}`, 'x-one': name });

const cases = {
  calls: async () => {
    const server = await plain();
    await using(connect(origin(server)), async (session) => {
      await call(session, { ':path': '/echo' });
      await call(session, post('end'), (stream) => stream.end('h\u00e9llo'));
      await call(session, post('latin1'), (stream) => stream.end('h\u00e9llo', 'latin1'));
      await call(session, post('corked'), (stream) => {
        stream.cork();
        for (const part of ['one ', Buffer.from('two '), 'three']) stream.write(part);
        stream.uncork();
        stream.end();
      });
      await call(session, post('piped'), (stream) => Readable.from(parts()).pipe(stream));
      await call(session, post('big'), (stream) => stream.end(BIG));
      await call(session, { ':path': '/echo', ':method': 'HEAD' });
      await call(session, { ':path': '/missing' });
      await call(session, { ':path': '/early' });
      await call(session, { ':path': '/big' });
      await Promise.all([1, 2, 3].map((n) => call(session, { ':path': `/echo?n=${n}` })));
    });
    server.close();
  },
  trailers: async () => {
    const server = await plain();
    await using(connect(origin(server)), async (session) => {
      const stream = session.request(
        { ':path': '/trailers', ':method': 'POST' },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': 'yes' }));
      const watched = watch(stream);
      stream.end('body');
      await watched;
    });
    server.close();
  },
  push: async () => {
    const server = await plain();
    await using(connect(origin(server)), async (session) => {
      let pushed;
      session.on('stream', (stream) => (pushed = watch(stream)));
      await call(session, { ':path': '/push' });
      await pushed;
    });
    server.close();
  },
  // The next event is sent when the one before has come: nothing may be held back.
  sse: async () => {
    const server = await plain();
    await using(connect(origin(server)), async (session) => {
      const stream = session.request({ ':path': '/lockstep' });
      let n = 0;
      stream.setEncoding('utf8').on('data', (text) => {
        say(text);
        if ((n += 1) < 5) lockstep.write(`data: ${n}\n\n`);
        else lockstep.end();
      });
      await new Promise((resolve) => stream.on('close', resolve));
    });
    server.close();
  },
  upgrade: async () => {
    const server = await plain();
    await using(connect(origin(server)), async (session) => {
      await new Promise((resolve) => session.once('remoteSettings', resolve));
      const stream = session.request({
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':path': '/tunnel',
      });
      stream.setEncoding('utf8').on('data', (text) => stream.end(say(text)));
      stream.write('through');
      await new Promise((resolve) => stream.on('close', resolve));
    });
    server.close();
  },
  // A connection that the program made itself, as gRPC does.
  given: async () => {
    const server = await plain();
    const { port } = server.address();
    const socket = net.connect(port, 'localhost');
    await new Promise((resolve) => socket.on('connect', resolve));
    await using(connect(origin(server), { createConnection: () => socket }), (session) =>
      call(session, { ':path': '/echo?given' }),
    );
    server.close();
  },
  bypass: async () => {
    const server = await plain();
    await using(connect(origin(server)), (session) =>
      call(session, { ':path': '/echo', 'x-tskl-bypass': '1' }),
    );
    server.close();
  },
  failures: async () => {
    const gone = net.createServer();
    await new Promise((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address();
    await new Promise((resolve) => gone.close(resolve));
    await using(connect(`http://127.0.0.1:${port}`), (session) =>
      call(session, { ':path': '/refused' }),
    );
    const server = await plain();
    for (const name of ['internal', 'cancel', 'part', 'gone', 'lost', 'goaway']) {
      await using(connect(origin(server)), (session) => call(session, { ':path': `/${name}` }));
    }
    server.close();
  },
  givenup: async () => {
    const server = await plain();
    const soon = (stop) => (stream) => {
      stream.end();
      setTimeout(stop, 50, stream);
    };
    await using(connect(origin(server)), async (session) => {
      const hang = (name, stop) => call(session, { ':path': `/hang?${name}` }, soon(stop));
      await hang('destroy', (stream) => stream.destroy());
      await hang('close', (stream) => stream.close(8));
      await hang('internal', (stream) => stream.close(2));
      await hang('error', (stream) => stream.destroy(new Error('no longer needed')));
      const late = Object.assign(new Error('took too long'), { code: 'ETIMEDOUT' });
      await hang('late', (stream) => stream.destroy(late));
      const controller = new AbortController();
      const stream = session.request({ ':path': '/hang?signal' }, { signal: controller.signal });
      const watched = watch(stream);
      soon(() => controller.abort())(stream);
      await watched;
      await hang('session', () => session.destroy());
    });
    server.close();
  },
  // What undici sends over HTTP/2 is told once.
  undici: async () => {
    const { Agent, request, fetch } = await import(library);
    const folder = path.dirname(process.env.NODE_EXTRA_CA_CERTS);
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => fs.readFileSync(`${folder}/${name}`));
    const server = await serve(createSecureServer({ key, cert }));
    const dispatcher = new Agent({ allowH2: true });
    const url = `${origin(server, 'https')}/echo?undici`;
    const { body } = await request(url, { dispatcher, headers: { 'x-one': 'request' } });
    say(await body.text());
    const sent = { dispatcher, method: 'POST', body: 'by undici', headers: { 'x-one': 'sent' } };
    say(await (await request(url, sent)).body.text());
    say(await (await fetch(url, sent)).text());
    await dispatcher.destroy();
    server.close();
  },
};

await runCase(cases);
process.exit();
