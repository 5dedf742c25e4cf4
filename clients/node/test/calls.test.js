// calls: one call at a time, with fetch, node:http and node:https, plain and observed.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { brief, compare } = require('./support/scenario.js');

const echo = (method = 'GET') => `${method} /wire/echo 200 done`;
const sizes = [1, 65_536, 1_000_000, 16_000_000].flatMap((size) => [
  'POST /wire/echo 200 done',
  `GET /wire/size/${size} 200 done`,
]);
const twenty = Array.from({ length: 20 }, (_, n) => `GET /wire/echo?n=${n} 200 done`);

/** Case -> what the records say, in the order of their ends. */
const FETCH = {
  get: ['GET /wire/echo?a=1&b=%20 200 done'],
  https: [echo()],
  post: [echo('POST')],
  form: [echo('PUT')],
  notfound: ['GET /wire/status/404 404 done'],
  server: ['DELETE /wire/status/503 503 done'],
  head: ['HEAD /wire/gzip 200 done'],
  options: [echo('OPTIONS')],
  empty: ['GET /wire/empty 204 done'],
  refused: ['GET /x ECONNREFUSED failed'],
  reset: ['GET /wire/reset ECONNRESET failed'],
  cut: ['GET /wire/cut 200 failed'],
  badname: ['GET /x ENOTFOUND failed'],
  untrusted: ['GET /x ERR_TLS_CERT_ALTNAME_INVALID failed'],
  notls: 1,
  badport: [], // refused by fetch itself: there is no call
  stream: [echo('POST')],
  chunked: ['GET /wire/chunked 200 done'],
  keepalive: twenty,
  redirect: ['GET /wire/redirect/chunked 302 done', 'GET /wire/chunked 200 done'],
  manual: ['GET /wire/redirect 302 done'],
  gzip: ['GET /wire/gzip 200 done'],
  upload: [echo('POST')],
  abort: ['GET /wire/hang aborted'],
  reason: ['GET /wire/hang aborted'],
  early: [],
  timeout: ['GET /wire/hang TimeoutError failed'],
  midway: ['GET /wire/sse/50 200 aborted'],
  cancel: ['GET /wire/size/5000000 200 aborted'],
  unread: [echo()],
  sse: 6,
  slowreader: ['GET /wire/flood 200 aborted'],
  sizes,
  bypass: [],
  parallel: 20,
};

const HTTP = {
  get: ['GET /wire/echo?a=1 200 done'],
  https: [echo()],
  post: [echo('POST')],
  latin1: [echo('POST')],
  heads: [echo()],
  notfound: ['DELETE /wire/status/404 404 done'],
  head: ['HEAD /wire/gzip 200 done'],
  empty: ['GET /wire/empty 204 done'],
  refused: ['GET /x ECONNREFUSED failed'],
  reset: ['GET /wire/reset ECONNRESET failed'],
  cut: ['GET /wire/cut 200 failed'],
  badname: ['GET /x ENOTFOUND failed'],
  untrusted: ['GET /x ERR_TLS_CERT_ALTNAME_INVALID failed'],
  garbage: 1,
  hstream: [echo('POST')],
  hchunked: [echo('POST')],
  piped: [echo('PUT')],
  hexpect: [echo('POST')],
  htrace: [echo('TRACE')],
  getbody: [echo()],
  agent: [echo()],
  lookup: [echo()],
  socketpath: ['GET /by/path 200 done'],
  keepalive: twenty,
  ports: Array(6).fill(echo()),
  redirect: ['GET /wire/redirect 302 done'],
  gzip: ['GET /wire/gzip 200 done'],
  chunked: ['GET /wire/chunked 200 done'],
  early: ['GET /wire/early 200 done'],
  upload: [echo('POST')],
  abort: ['GET /wire/hang aborted'],
  aborted: ['GET /wire/hang aborted'],
  signal: ['GET /wire/hang aborted'],
  timeout: ['GET /wire/hang ETIMEDOUT failed'],
  midway: ['GET /wire/sse/50 200 aborted'],
  unread: ['GET /wire/flood 200 aborted'],
  nobody: [echo()],
  unlistened: ['GET /wire/chunked 200 done'],
  dropped: [],
  sse: 6,
  paused: ['GET /wire/flood 200 aborted'],
  sizes,
  reused: [echo('POST')],
  upgrade: ['GET /up 101 done'],
  connect: [],
  absolute: 1,
  asterisk: ['OPTIONS / 200 done'],
  nohost: 1,
  vhost: [echo()],
  noslash: ['GET / 200 done'],
  longhead: [echo()],
  bypass: [],
  wrong: [echo('POST')],
  looks: [echo()],
};

for (const [program, cases] of Object.entries({ 'fetch.mjs': FETCH, 'http.mjs': HTTP })) {
  for (const [name, expected] of Object.entries(cases)) {
    test(`${program} ${name}: nobody can tell, and it is recorded`, async () => {
      const { records } = await compare(program, { args: [name] });
      const briefs = records.map(brief);
      if (typeof expected === 'number') assert.equal(briefs.length, expected);
      else assert.deepEqual(briefs, expected);
    });
  }
}
