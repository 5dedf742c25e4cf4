// memory: ten thousand calls leave nothing behind.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { run } = require('./support/scenario.js');

const MB = 1 << 20;

test('ten thousand calls leave the memory as it was, and are all recorded', async () => {
  const options = { args: [], nodeArgs: ['--expose-gc'] };
  const plain = JSON.parse((await run('memory.mjs', options)).outside.stdout);
  const { outside, records } = await run('memory.mjs', {
    ...options,
    on: true,
    clientEnv: ({ records: file }) => ({ TASKLESS_OUTPUT: `file:${file}` }),
  });
  const observed = JSON.parse(outside.stdout);
  // One in a hundred is given up so early that it may not have become a call.
  assert.ok(records.length > 12_850 && records.length <= 13_000, `${records.length} records`);
  // A hundred bytes a call would be 1 MB.
  assert.ok(
    observed.heap - Math.max(plain.heap, 0) < MB,
    `heap: ${observed.heap}, plain ${plain.heap}`,
  );
  assert.ok(
    observed.rss - Math.max(plain.rss, 0) < 24 * MB,
    `rss: ${observed.rss}, plain ${plain.rss}`,
  );
});
