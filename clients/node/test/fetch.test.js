// fetch: calls with the built-in fetch, one at a time, plain and observed.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { echo, sizes, testCalls, twenty } = require('./support/calls.js');
const { VERSIONS } = require('./support/scenario.js');

// Debian 12's Node has a fetch of its own, older than any of nodejs.org: to those who listen an
// abort is an abort, whatever its reason was.
const TELLS_WHY = Boolean(VERSIONS.undici);

/** Case of the program -> what its records say in short, or only how many there are. */
const CASES = {
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
  timeout: [`GET /wire/hang ${TELLS_WHY ? 'TimeoutError failed' : 'aborted'}`],
  midway: ['GET /wire/sse/50 200 aborted'],
  cancel: ['GET /wire/size/5000000 200 aborted'],
  unread: [echo()],
  sse: 6,
  slowreader: ['GET /wire/flood 200 aborted'],
  sizes,
  bypass: [],
  parallel: 20,
};

testCalls('fetch.mjs', CASES);
