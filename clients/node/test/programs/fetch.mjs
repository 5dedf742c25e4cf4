// fetch: calls with the built-in fetch, one case a run.
// SPDX-License-Identifier: Apache-2.0
import net from 'node:net';

import { HTTP, HTTPS, errorOf, pause, runCase, say, sha256 } from './say.mjs';

async function show(url, options) {
  const response = await fetch(url, options);
  const bytes = Buffer.from(await response.arrayBuffer());
  const { status, statusText, ok, redirected, type, headers } = response;
  const heads = [...headers].filter(([name]) => name !== 'date');
  say({ status, statusText, ok, redirected, type, url: response.url, heads });
  say(bytes.length < 2000 ? bytes.toString() : sha256(bytes));
}

const failing = (url, options) =>
  fetch(url, options)
    .then((response) => response.text())
    .catch((error) => say(errorOf(error)));

async function closedPort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function* parts(pauseMs) {
  for (const part of ['first ', 'second ', 'third']) {
    yield Buffer.from(part);
    await pause(pauseMs);
  }
}

const upload = (pauseMs) => ({
  method: 'POST',
  duplex: 'half',
  body: ReadableStream.from ? ReadableStream.from(parts(pauseMs)) : parts(pauseMs),
});

const cases = {
  get: () => show(`${HTTP}/wire/echo?a=1&b=%20`),
  https: () => show(`${HTTPS}/wire/echo`),
  post: () =>
    show(`${HTTPS}/wire/echo`, { method: 'POST', body: 'h\u00e9llo', headers: { 'X-One': 'a' } }),
  form: () => show(`${HTTP}/wire/echo`, { method: 'PUT', body: new URLSearchParams({ a: '1 2' }) }),
  notfound: () => show(`${HTTP}/wire/status/404`),
  server: () => show(`${HTTP}/wire/status/503`, { method: 'DELETE' }),
  head: () => show(`${HTTP}/wire/gzip`, { method: 'HEAD' }),
  options: () => show(`${HTTP}/wire/echo`, { method: 'OPTIONS' }),
  empty: () => show(`${HTTP}/wire/empty`),
  refused: async () => {
    const port = await closedPort();
    await fetch(`http://127.0.0.1:${port}/x`).catch((error) => {
      say(JSON.parse(JSON.stringify(errorOf(error)).replaceAll(String(port), 'CLOSED')));
    });
  },
  reset: () => failing(`${HTTP}/wire/reset`),
  cut: () => failing(`${HTTP}/wire/cut`),
  badname: () => failing('http://no-such-host.invalid/x'),
  untrusted: () => failing(`${HTTPS.replace('localhost', '127.0.0.1')}/x`),
  notls: () => failing(`${HTTP.replace('http:', 'https:')}/x`),
  badport: () => failing('http://127.0.0.1:1/x'),
  stream: () => show(`${HTTP}/wire/echo`, upload(20)),
  chunked: () => show(`${HTTP}/wire/chunked`),
  keepalive: async () => {
    for (let i = 0; i < 20; i++) await (await fetch(`${HTTPS}/wire/echo?n=${i}`)).text();
  },
  // With time for Packs that take all they may before the program ends.
  unhurried: async () => {
    for (let i = 0; i < 20; i++) await (await fetch(`${HTTP}/wire/echo?n=${i}`)).text();
    await pause(1500);
  },
  redirect: () => show(`${HTTP}/wire/redirect/chunked`),
  manual: () => show(`${HTTP}/wire/redirect`, { redirect: 'manual' }),
  gzip: () => show(`${HTTP}/wire/gzip`),
  upload: () => show(`${HTTP}/wire/echo`, upload(150)),
  abort: async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 600);
    await failing(`${HTTP}/wire/hang`, { signal: controller.signal });
    await pause(50);
  },
  reason: async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('no longer needed'), 600);
    await failing(`${HTTP}/wire/hang`, { signal: controller.signal });
    await pause(50);
  },
  early: async () => {
    const signal = AbortSignal.abort();
    await failing(`${HTTP}/wire/echo`, { signal });
  },
  timeout: async () => {
    await failing(`${HTTP}/wire/hang`, { signal: AbortSignal.timeout(600) });
    await pause(50);
  },
  midway: async () => {
    const controller = new AbortController();
    const response = await fetch(`${HTTP}/wire/sse/50`, { signal: controller.signal });
    const reader = response.body.getReader();
    say((await reader.read()).done);
    controller.abort();
    await reader.read().catch((error) => say(errorOf(error)));
    await pause(50);
  },
  cancel: async () => {
    const response = await fetch(`${HTTP}/wire/size/5000000`);
    await response.body.cancel();
    say('cancelled');
    await pause(50);
  },
  unread: async () => {
    const response = await fetch(`${HTTP}/wire/echo`);
    say(response.status);
  },
  sse: async () => {
    const response = await fetch(`${HTTP}/wire/lockstep`);
    const decoder = new TextDecoder();
    let n = 0;
    for await (const part of response.body) {
      say(decoder.decode(part));
      await (await fetch(`${HTTP}/wire/next/${(n += 1)}`, { method: 'POST' })).text();
    }
  },
  slowreader: async () => {
    const response = await fetch(`${HTTP}/wire/flood`);
    const reader = response.body.getReader();
    await reader.read();
    const before = process.memoryUsage.rss();
    await pause(1500);
    const grown = (process.memoryUsage.rss() - before) / 1e6;
    say(grown < 60 ? 'little memory' : `grown by ${grown} MB`);
    await reader.cancel();
  },
  sizes: async () => {
    for (const size of [1, 65_536, 1_000_000, 16_000_000]) {
      const body = Buffer.alloc(size, 'abc');
      await show(`${HTTPS}/wire/echo`, { method: 'POST', body });
      await show(`${HTTPS}/wire/size/${size}`);
    }
  },
  bypass: () => show(`${HTTP}/wire/echo`, { headers: { 'x-tskl-bypass': '1' } }),
  parallel: async () => {
    const all = Array.from({ length: 20 }, (_, i) =>
      fetch(`${HTTP}/wire/status/${i % 2 ? 402 : 200}`).then((response) => response.text()),
    );
    say((await Promise.all(all)).length);
  },
};

await runCase(cases);
