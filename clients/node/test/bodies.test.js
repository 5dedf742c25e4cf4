// bodies: what was recorded of bodies and heads is what program and server exchanged.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { bodyOf, sha256 } = require('./support/bodies.js');
const { run } = require('./support/scenario.js');

/** Cases of both programs whose request has a body, and how long it is. */
const SENT = {
  'fetch.mjs': { post: 6, form: 5, stream: 18, upload: 18 },
  'http.mjs': { post: 6, hstream: 5, hchunked: 6, hexpect: 5, getbody: 4, upload: 11, reused: 17 },
};

for (const [program, cases] of Object.entries(SENT)) {
  for (const [name, length] of Object.entries(cases)) {
    test(`${program} ${name}: the body sent is recorded as it went out`, async () => {
      const { har, records, outside } = await run(program, { args: [name], on: true });
      const body = bodyOf(har[0].request.postData);
      assert.equal(body.length, length);
      assert.equal(sha256(body), outside.journal.requests[0].sha256);
      assert.equal(records[0].sent, length);
    });
  }
}

const FILLER = 'all work and no play '.repeat(100);
const EVENTS = [0, 1, 2, 3, 4].map((n) => `data: {"n":${n}}\n\n`).join('');
const RECEIVED = { gzip: FILLER, chunked: 'one,two,three', redirect: 'elsewhere' };

for (const program of ['fetch.mjs', 'http.mjs']) {
  for (const [name, text] of Object.entries(RECEIVED)) {
    test(`${program} ${name}: the body received is recorded, decoded`, async () => {
      const { har } = await run(program, { args: [name], on: true });
      assert.equal(bodyOf(har[0].response.content).toString(), text);
    });
  }

  test(`${program} sse: a stream is recorded to its end`, async () => {
    const { har } = await run(program, { args: ['sse'], on: true });
    const stream = har.find(({ request }) => request.url.endsWith('/lockstep'));
    assert.equal(bodyOf(stream.response.content).toString(), EVENTS);
  });

  test(`${program} sizes: long bodies are cut and counted, not kept`, async () => {
    const { har, records } = await run(program, { args: ['sizes'], on: true });
    const [up, down] = har.slice(-2);
    assert.deepEqual(up._taskless.truncated, ['request']);
    assert.equal(bodyOf(up.request.postData).length, 256 * 1024);
    assert.deepEqual(down._taskless.truncated, ['response']);
    assert.equal(bodyOf(down.response.content).length, 256 * 1024);
    assert.deepEqual(
      records.slice(-2).map(({ sent, received }) => Math.max(sent, received)),
      [16_000_000, 16_000_000],
    );
  });
}

test('http.mjs latin1: a string in another encoding counts as the bytes it becomes', async () => {
  const { records } = await run('http.mjs', { args: ['latin1'], on: true });
  assert.equal(records[0].sent, 5);
});

test('http.mjs heads: header lines of one name stay apart, in their order', async () => {
  const { har } = await run('http.mjs', { args: ['heads'], on: true });
  const many = har[0].request.headers.filter(({ name }) => name === 'x-many');
  assert.deepEqual(
    many.map(({ value }) => value),
    ['a', 'b'],
  );
});

const URLS = {
  get: 'http://127.0.0.1:PORT/wire/echo?a=1',
  https: 'https://localhost:PORT/wire/echo',
  lookup: 'http://looked-up.invalid:PORT/wire/echo',
  absolute: 'http://behind.example:8080/wire/echo?a=1',
  asterisk: 'http://127.0.0.1:PORT/',
  nohost: 'http://127.0.0.1:PORT/wire/echo',
  vhost: 'http://127.0.0.1:PORT/wire/echo',
};

for (const [name, url] of Object.entries(URLS)) {
  test(`http.mjs ${name}: the URL is the one that was called`, async () => {
    const { records } = await run('http.mjs', { args: [name], on: true });
    assert.equal(records[0].url, url);
  });
}

test('http.mjs longhead: a head of any length is recorded', async () => {
  const { har } = await run('http.mjs', { args: ['longhead'], on: true });
  const long = har[0].request.headers.find(({ name }) => name === 'x-long');
  assert.equal(long.value.length, 40_000);
});

test('fetch.mjs redirect: each step is a call of its own', async () => {
  const { records } = await run('fetch.mjs', { args: ['redirect'], on: true });
  assert.notEqual(records[0].id, records[1].id);
});
