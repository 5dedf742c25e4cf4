// ways: calls that leave HTTP, go through a proxy, are faked, or carry more than memory should hold.
// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';

import { withProxy } from '../support/proxy.mjs';
import { HTTP, HTTPS, errorOf, runCase, say } from './say.mjs';

const self = fileURLToPath(import.meta.url);

const call = (url, options = {}) =>
  new Promise((resolve) => {
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(url, options, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve([response.statusCode, text]);
    });
    sent.on('error', (error) => resolve(errorOf(error)));
    sent.end();
  });

/** Says what `socket`, a WebSocket, hears of what it says. */
const talk = (socket) =>
  new Promise((resolve) => {
    socket.addEventListener('open', () => socket.send('hello'));
    socket.addEventListener('message', ({ data }) => {
      say(String(data));
      socket.close(1000);
    });
    socket.addEventListener('close', ({ code }) => resolve(say(code)));
    socket.addEventListener('error', ({ message }) => say('error', message));
  });

async function withSocketServer(use) {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(`${data} back`)));
  await new Promise((resolve) => server.on('listening', resolve));
  await use(`ws://127.0.0.1:${server.address().port}`);
  await new Promise((resolve) => server.close(resolve));
}

const LENGTH = 160 * 1024 * 1024;

async function withLargeFile(use) {
  const file = path.join(os.tmpdir(), `taskless-upload-${process.pid}`);
  fs.writeFileSync(file, '');
  fs.truncateSync(file, LENGTH);
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  try {
    await use(file);
  } finally {
    clearInterval(timer);
    fs.rmSync(file);
  }
  // How much differs from run to run: whoever runs this compares.
  process.send({ grown: most - before });
}

async function* parts() {
  const part = Buffer.alloc(64 * 1024, 'abc');
  for (let sent = 0; sent < LENGTH; sent += part.length) yield part;
}

const post = async (body) => {
  const response = await fetch(`${HTTP}/wire/echo`, { method: 'POST', duplex: 'half', body });
  say(response.status, (await response.json()).length);
};

const cases = {
  ws: () =>
    withSocketServer(async (url) => {
      const { WebSocket } = await import('ws');
      await talk(new WebSocket(`${url}/ws`));
    }),
  websocket: () => withSocketServer((url) => talk(new WebSocket(`${url}/own`))),
  notsocket: async () => {
    const { WebSocket } = await import('ws');
    const server = http.createServer((request, response) => {
      // More is promised than comes: it is the client who ends this.
      response.writeHead(402, { 'content-length': 9 }).write('no');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await talk(new WebSocket(`ws://127.0.0.1:${server.address().port}/refused`));
    server.close();
  },
  proxyagent: () =>
    withProxy(async (proxy, asked) => {
      const { HttpsProxyAgent } = await import('https-proxy-agent');
      const agent = new HttpsProxyAgent(proxy, { keepAlive: true });
      say(await call(`${HTTPS}/wire/echo?1`, { agent }));
      say(await call(`${HTTPS}/wire/status/402`, { agent }));
      say(asked);
      agent.destroy();
    }),
  refusedproxy: () =>
    withProxy(async (proxy) => {
      const { HttpsProxyAgent } = await import('https-proxy-agent');
      const agent = new HttpsProxyAgent(proxy);
      say(await call(`${HTTPS}/wire/echo`, { agent }));
    }, 407),
  // Variables count when a process starts.
  envproxy: () =>
    withProxy(async (proxy, asked) => {
      const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
      const child = fork(self, ['calls'], { env });
      say(await new Promise((resolve) => child.on('exit', resolve)));
      say(asked);
    }),
  calls: async () => {
    say(await call(`${HTTP}/wire/echo`));
    say(await call(`${HTTPS}/wire/echo`));
    say(await (await fetch(`${HTTPS}/wire/status/402`)).text());
    process.exit();
  },
  nock: async () => {
    const { default: nock } = await import('nock');
    nock('http://a.example').get('/faked').reply(200, 'by nock');
    nock('https://b.example').post('/faked').replyWithError('not today');
    say(await call('http://a.example/faked'));
    say(await call('https://b.example/faked', { method: 'POST' }));
    nock.restore();
    say(await call(`${HTTP}/wire/echo?after`));
  },
  msw: async () => {
    const { setupServer } = await import('msw/node');
    const { HttpResponse, http: on } = await import('msw');
    const server = setupServer(
      on.get('http://a.example/faked', () => HttpResponse.text('by msw')),
      on.post('https://b.example/faked', () => HttpResponse.error()),
    );
    server.listen({ onUnhandledRequest: 'bypass' });
    say(await call('http://a.example/faked'));
    say((await call('https://b.example/faked', { method: 'POST' })).name);
    say(await (await fetch('http://a.example/faked')).text());
    say(await call(`${HTTP}/wire/status/402`));
    say(await (await fetch(`${HTTP}/wire/status/402`)).text());
    server.close();
    say(await call(`${HTTP}/wire/echo?after`));
  },
  // Whatever stands in the place of a function that everybody calls.
  replaced: async () => {
    const { request } = http;
    http.request = (...args) => Reflect.apply(request, http, args);
    const own = globalThis.fetch;
    globalThis.fetch = (...args) => own(...args);
    say(await call(`${HTTP}/wire/echo?replaced`));
    say(await (await fetch(`${HTTP}/wire/status/402`)).text());
    http.request = request;
  },
  vm: async () => {
    const context = vm.createContext({ fetch, http, url: `${HTTP}/wire/echo` });
    say(await vm.runInContext('fetch(url).then((response) => response.text())', context));
    const text = `new Promise((resolve) => http.get(url, (response) => {
      response.on('end', () => resolve(response.statusCode)).resume();
    }))`;
    say(await vm.runInContext(text, context));
  },
  evalworker: async () => {
    const text = `require('node:http').get('${HTTP}/wire/echo', (response) => response.resume());`;
    const worker = new Worker(text, { eval: true });
    say(await new Promise((resolve) => worker.on('exit', resolve)));
  },
  // What an agent shows of its own is shown.
  certificate: async () => {
    const folder = path.dirname(process.env.NODE_EXTRA_CA_CERTS);
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => fs.readFileSync(`${folder}/${name}`));
    const options = { key, cert, requestCert: true, rejectUnauthorized: false };
    const server = https.createServer(options, (request, response) => {
      response.end(request.socket.getPeerCertificate().subject?.CN);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = new https.Agent({ key, cert });
    say(await call(`https://localhost:${server.address().port}/shown`, { agent }));
    say(await call(`https://localhost:${server.address().port}/hidden`, { agent: false }));
    server.close();
  },
  trailers: async () => {
    const request = http.request(`${HTTP}/wire/chunked`, { method: 'POST' });
    request.setHeader('trailer', 'x-end');
    request.write('body');
    request.addTrailers({ 'x-end': 'yes' });
    request.end();
    const response = await new Promise((resolve) => request.on('response', resolve));
    let text = '';
    for await (const part of response) text += part;
    say(text, response.trailers);
  },
  file: () =>
    withLargeFile(async (file) => {
      const request = http.request(`${HTTP}/wire/echo`, { method: 'POST' });
      const answered = new Promise((resolve) => request.on('response', resolve));
      await pipeline(fs.createReadStream(file), request);
      const response = await answered;
      for await (const part of response) say(JSON.parse(part).length);
    }),
  stream: () => withLargeFile((file) => post(fs.createReadStream(file))),
  iterator: () => withLargeFile(() => post(parts())),
  form: () =>
    withLargeFile(async (file) => {
      const form = new FormData();
      form.append('file', await fs.openAsBlob(file), 'a.bin');
      await post(form);
    }),
};

await runCase(cases);
