// ways: calls that leave HTTP, go through a proxy, are faked, or are large; plain and observed.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { bodyOf } = require('./support/bodies.js');
const { compareFor } = require('./support/calls.js');
const { VERSIONS, brief } = require('./support/scenario.js');

const echo = (query = '') => `GET /wire/echo${query} 200 done`;
const PAID = 'GET /wire/status/402 402 done';
const LENGTH = 160 * 1024 * 1024;
const UPLOAD = ['POST /wire/echo 200 done'];

const HAS_PROXY_VARIABLE = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');
const HAS_BLOBS_OF_FILES = Number(VERSIONS.node.split('.')[0]) >= 20;

/** Case of the program -> what its records say in short. */
const CASES = {
  // The head of the answer ends the call: frames are no HTTP.
  ws: ['GET /ws 101 done'],
  ...('WebSocket' in globalThis ? { websocket: ['GET /own 101 done'] } : {}),
  notsocket: ['GET /refused 402 aborted'],
  // A tunnel is the way of a call, and no call.
  proxyagent: [echo('?1'), PAID],
  refusedproxy: ['GET /wire/echo 407 done'],
  ...(HAS_PROXY_VARIABLE ? { envproxy: [echo(), echo(), PAID] } : {}),
  replaced: [echo('?replaced'), PAID],
  vm: [echo(), echo()],
  evalworker: [echo()],
  certificate: ['GET /shown 200 done', 'GET /hidden 200 done'],
  trailers: ['POST /wire/chunked 200 done'],
};

const inAnyOrder = (records) => records.map(brief).sort();

for (const [name, briefs] of Object.entries(CASES)) {
  test(`ways.mjs ${name}: nobody can tell, and it is recorded`, async () => {
    const { records } = await compareFor(briefs.length, 'ways.mjs', { args: [name] });
    assert.deepEqual(inAnyOrder(records), [...briefs].sort());
  });
}

// What a library fakes may be told or not; what is really called is.
for (const [name, briefs] of Object.entries({ nock: [echo('?after')], msw: [PAID, echo('?after')] })) {
  test(`ways.mjs ${name}: what it fakes stays faked, what is called is recorded`, async () => {
    const { records } = await compareFor(briefs.length, 'ways.mjs', { args: [name] });
    for (const one of briefs) assert.ok(inAnyOrder(records).includes(one), one);
  });
}

for (const name of ['file', 'stream', 'iterator', ...(HAS_BLOBS_OF_FILES ? ['form'] : [])]) {
  test(`ways.mjs ${name}: an upload of 160 MB is counted to its end, and held by nobody`, async () => {
    const grown = [];
    const during = (child) => child.on('message', (message) => grown.push(message.grown));
    const options = { args: [name], tidy: withoutBoundary, during };
    const { har, records } = await compareFor(1, 'ways.mjs', options);
    // With older versions of Node fetch reads ahead of what it can send.
    const [plain, observed] = grown.slice(-2);
    assert.ok(observed - plain < LENGTH / 2, `${observed} bytes, plain ${plain}`);
    assert.deepEqual(records.map(brief), UPLOAD);
    assert.ok(records[0].sent >= LENGTH, `${records[0].sent} bytes`);
    assert.deepEqual(har[0]._taskless.truncated, ['request']);
    assert.equal(bodyOf(har[0].request.postData).length, 256 * 1024);
  });
}

/** The line between the parts of a form is made up anew each time. */
function withoutBoundary({ journal, ...rest }) {
  const requests = journal.requests.map(({ sha256, rawHeaders, ...request }) => request);
  return { ...rest, sockets: journal.sockets, requests };
}
