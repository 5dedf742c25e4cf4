// undici: npm's undici in each version that this Node can load, by every way it calls.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { bodyOf, sha256 } = require('./support/bodies.js');
const { compareFor } = require('./support/calls.js');
const { brief } = require('./support/scenario.js');
const { VERSIONS } = require('./support/undicis.js');

// Publishes an object of its own in place of each request, so that no body is seen.
const HEADS_ONLY = 'undici611';

const get = (path, status = 200) => `GET ${path} ${status} done`;
const times = (count, text) => Array(count).fill(text);

const RECEIVED = [
  ...[get('/wire/gzip'), get('/wire/chunked'), get('/wire/early'), get('/wire/empty', 204)],
  ...['HEAD /wire/gzip 200 done', 'TRACE /wire/echo 200 done', get('/wire/size/300000')],
  ...[get('/wire/status/402', 402), get('/wire/status/404', 404)],
  ...[get('/wire/redirect/chunked', 302), get('/wire/chunked'), get('/wire/lockstep')],
  ...[0, 1, 2].map((n) => get(`/wire/echo?n=${n}`)),
  ...[1, 2, 3, 4, 5].map((n) => `POST /wire/next/${n} 200 done`),
];

// Mocked answers and CONNECT are no calls.
const WAYS = [
  ...['client', 'dispatch', 'balanced', 'agent', 'fetch'].map((way) => get(`/wire/echo?${way}`)),
  ...times(3, get('/wire/echo?pool')),
  ...[get('/wire/chunked'), 'PUT /wire/echo 200 done'],
  ...[get('/wire/redirect/chunked', 302), get('/wire/chunked')],
];
const DNS = [get('/wire/echo')];
// Each try is a call; older versions do not read the rest of an answer before the next one.
const retries = (readsRest) => [
  ...times(3, `GET /wire/status/503 503 ${readsRest ? 'done' : 'aborted'}`),
  ...times(3, 'GET /wire/reset ECONNRESET failed'),
];

const PROXIES = [
  ...[get('/wire/echo?tunnelled'), get('/wire/echo?tls'), get('/wire/status/402', 402)],
  'GET /wire/echo UND_ERR_ABORTED failed',
];

const failures = (version) => [
  'GET /refused ECONNREFUSED failed',
  'GET /x ENOTFOUND failed',
  'GET /wire/reset ECONNRESET failed',
  'GET /wire/cut 200 failed',
  'GET /x ERR_TLS_CERT_ALTNAME_INVALID failed',
  'GET /wire/hang UND_ERR_HEADERS_TIMEOUT failed',
  // Version 5 does not tell why a signal ended a call.
  `GET /wire/hang ${version < 6 ? 'aborted' : 'TimeoutError failed'}`,
  ...times(2, 'GET /wire/hang aborted'),
  'GET /wire/flood 200 aborted',
];

function expected(name) {
  const version = Number(/\d/.exec(name)[0]);
  return {
    received: RECEIVED,
    ways: [
      ...WAYS,
      name === HEADS_ONLY ? 'GET /up aborted' : get('/up', 101),
      ...(version > 5 ? retries(name === 'undici7' || version > 7) : []),
      ...(version > 5 && name !== HEADS_ONLY ? DNS : []),
    ],
    proxies: PROXIES,
    failures: failures(version),
  };
}

/** Whether a connection is free again right after an answer is chance; so are ports. */
function tidy({ journal, ...rest }) {
  return { ...rest, requests: journal.requests.map(withoutBoundary) };
}

/** For copies that call at once: the server sees them in any order. */
function inAnyOrder(outside) {
  const { requests, ...rest } = tidy(outside);
  return { ...rest, requests: requests.map((request) => JSON.stringify(request)).sort() };
}

/** The line between the parts of a form is made up anew each time. */
function withoutBoundary(request) {
  const text = JSON.stringify(request).replace(/formdata-undici-\d+/, 'BOUNDARY');
  const same = JSON.parse(text);
  return text.includes('BOUNDARY') ? { ...same, sha256: '' } : same;
}

const compareCase = (least, ...args) => compareFor(least, 'undici.mjs', { args, tidy });

for (const name of VERSIONS) {
  for (const [part, briefs] of Object.entries(expected(name))) {
    test(`${name} ${part}: nobody can tell, and every try is recorded`, async () => {
      const { records } = await compareCase(briefs.length, part, name);
      assert.deepEqual(records.map(brief).sort(), [...briefs].sort());
    });
  }

  test(`${name} sent: bodies are recorded as they went out, and counted to their end`, async () => {
    const { har, records, outside } = await compareCase(12, 'sent', name);
    const { requests } = outside.journal;
    assert.equal(records.length, requests.length);
    requests.forEach((request, i) => {
      if (name === HEADS_ONLY) return;
      assert.equal(records[i].sent, request.length);
      const kept = bodyOf(har[i].request.postData);
      if (request.length > 256 * 1024) assert.equal(kept.length, 256 * 1024);
      else if (records[i].sent > 0) assert.equal(sha256(kept), request.sha256);
    });
  });
}

test('a tunnel that a proxy refuses is a connection that was not made', async () => {
  const { records } = await compareCase(4, 'proxies', 'undici6');
  assert.equal(records.at(-1).error.kind, 'connect');
});

test('a name that undici looks up itself stays the name that was called', async () => {
  const { records } = await compareCase(20, 'ways', 'undici6');
  assert.ok(records.some(({ url }) => url === 'http://named.example:PORT/wire/echo'));
});

test('several copies in one process, imported and required, are each seen once', async () => {
  const options = { args: ['several', ...VERSIONS], tidy: inAnyOrder };
  const { records } = await compareFor(VERSIONS.length * 4 + 1, 'undici.mjs', options);
  const calls = VERSIONS.flatMap((name) => [
    ...times(2, `POST /wire/echo?${name} 200 done`),
    ...times(2, `PUT /wire/echo?${name} 200 done`),
  ]);
  assert.deepEqual(records.map(brief).sort(), [...calls, 'PUT /wire/echo?own 200 done'].sort());
  for (const { url, sent } of records) {
    const name = new URL(url.replace('PORT', '1')).search.slice(1);
    if (name !== HEADS_ONLY && name !== 'own') assert.equal(sent, name.length, url);
  }
});
