// http2: calls with node:http2, plain and observed.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { bodyOf, sha256 } = require('./support/bodies.js');
const { compareFor } = require('./support/calls.js');
const { brief } = require('./support/scenario.js');
const { VERSIONS } = require('./support/undicis.js');

const hang = (how, ending) => `GET /hang?${how} ${ending}`;

/** Case of the program -> what its records say in short, in the order of their ends. */
const CASES = {
  calls: [
    'GET /echo 200 done',
    ...['end', 'latin1', 'corked', 'piped', 'big'].map((name) => `POST /echo?${name} 200 done`),
    'HEAD /echo 200 done',
    'GET /missing 404 done',
    'GET /early 200 done',
    'GET /big 200 done',
    ...[1, 2, 3].map((n) => `GET /echo?n=${n} 200 done`),
  ],
  trailers: ['POST /trailers 200 done'],
  // What the server sends unasked is no call.
  push: ['GET /push 200 done'],
  sse: ['GET /lockstep 200 done'],
  upgrade: ['CONNECT /tunnel 200 done'],
  given: ['GET /echo?given 200 done'],
  bypass: [],
  failures: [
    'GET /refused ECONNREFUSED failed',
    'GET /internal ERR_HTTP2_STREAM_ERROR failed',
    'GET /cancel NGHTTP2_CANCEL failed',
    'GET /part 200 failed',
    'GET /gone NGHTTP2_CANCEL failed',
    'GET /lost NGHTTP2_CANCEL failed',
    'GET /goaway ERR_HTTP2_SESSION_ERROR failed',
  ],
  givenup: [
    ...['destroy', 'close', 'internal', 'error'].map((how) => hang(how, 'aborted')),
    hang('late', 'ETIMEDOUT failed'),
    hang('signal', 'aborted'),
    hang('session', 'aborted'),
  ],
};

const compareCase = (least, ...args) => compareFor(least, 'http2.mjs', { args });

for (const [name, briefs] of Object.entries(CASES)) {
  test(`http2.mjs ${name}: nobody can tell, and it is recorded`, async () => {
    const { records } = await compareCase(briefs.length, name);
    assert.deepEqual(records.map(brief), briefs);
  });
}

test('http2.mjs calls: bodies and heads are recorded as they went', async () => {
  const { har, records } = await compareCase(CASES.calls.length, 'calls');
  const posts = har.filter(({ request }) => request.method === 'POST');
  for (const { request, response } of posts) {
    const sent = bodyOf(request.postData);
    const [, name, length, digest] = bodyOf(response.content).toString().split(' ');
    assert.equal(new URL(request.url).search, `?${name}`);
    // Of the long one only the beginning is kept; and HAR knows no bytes that are not UTF-8.
    if (name === 'big') assert.equal(sent.length, 256 * 1024);
    else if (name !== 'latin1') assert.equal(sha256(sent), digest);
    const record = records.find(({ url }) => url.endsWith(`?${name}`));
    assert.equal(record.sent, Number(length));
    const many = response.headers.filter((header) => header.name === 'x-many');
    assert.equal(many.map(({ value }) => value).join(', '), 'a, b');
    assert.ok(!request.headers.some((header) => header.name.startsWith(':')));
  }
  assert.equal(records.find(({ url }) => url.endsWith('/big')).received, 1_050_000);
});

// Version 5 warns of what it does over HTTP/2, and 6.11.0 shows no bodies.
for (const name of VERSIONS.filter((one) => !['undici5', 'undici611'].includes(one))) {
  test(`${name} over HTTP/2: each call is told once, with its body`, async () => {
    const { records } = await compareCase(3, 'undici', name);
    assert.deepEqual(records.map(brief), [
      'GET /echo?undici 200 done',
      ...Array(2).fill('POST /echo?undici 200 done'),
    ]);
    assert.deepEqual(
      records.map(({ sent }) => sent),
      [0, 9, 9],
    );
  });
}
