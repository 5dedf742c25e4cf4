// threads: worker threads and child processes come and go while everything is recorded.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { brief, compare } = require('./support/scenario.js');

const CALL = 'GET /wire/status/402 402 done';
const MAIN = 'GET /wire/echo 200 done';
const HANG = 'GET /wire/hang aborted';

const THREADS = {
  natural: { records: [CALL, MAIN] },
  exit: { records: [CALL, MAIN] },
  throw: { records: [CALL, MAIN] },
  terminate: { records: [HANG, MAIN] },
  exitmain: { code: 6, records: [HANG] },
  many: { records: [...Array(24).fill(CALL), MAIN] },
  eval: { records: [CALL] },
};

for (const [name, { code = 0, records }] of Object.entries(THREADS)) {
  test(`worker threads, ${name}: the program goes on, and all is recorded`, async () => {
    const seen = await compare('threads.mjs', { args: [name] });
    assert.equal(seen.outside.code, code);
    assert.deepEqual(seen.records.map(brief), records);
    assert.equal(new Set(seen.records.map(({ pid }) => pid)).size, 1);
  });
}

test('worker threads, bare: one without flags does no harm', async () => {
  const { records } = await compare('threads.mjs', { args: ['bare'] });
  assert.equal(brief(records.at(-1)), MAIN);
});

for (const [name, count] of [
  ['fork', 1],
  ['exec', 1],
  ['cluster', 3],
]) {
  test(`child processes, ${name}: each is observed for itself`, async () => {
    const { records } = await compare('children.mjs', { args: [name], entry: 'NODE_OPTIONS' });
    assert.deepEqual(records.map(brief), [...Array(count).fill(CALL), MAIN]);
    assert.equal(new Set(records.map(({ pid }) => pid)).size, count + 1);
  });
}
