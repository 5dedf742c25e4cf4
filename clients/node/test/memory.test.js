// memory: ten thousand calls leave nothing behind.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { run } = require('./support/scenario.js');

const MB = 1 << 20;

/** By how much the memory grew in that half of the calls in which it grew less. */
async function grownBy(on) {
  const { outside, records } = await run('memory.mjs', {
    nodeArgs: ['--expose-gc'],
    on,
    clientEnv: ({ records: file }) => ({ TASKLESS_OUTPUT: `file:${file}` }),
  });
  const halves = outside.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const least = (name) => Math.min(...halves.map((half) => half[name]));
  return { heap: least('heap'), rss: least('rss'), records: records.length };
}

/** Where they grow by more than a plain run. */
function excess(plain, { heap, rss }) {
  const over = [];
  // A hundred bytes a call would be 0.5 MB.
  if (heap - Math.max(plain.heap, 0) > MB / 2) over.push(`heap by ${heap}, plain ${plain.heap}`);
  if (rss - Math.max(plain.rss, 0) > 12 * MB) over.push(`rss by ${rss}, plain ${plain.rss}`);
  return over;
}

test('ten thousand calls leave the memory as it was, and are all recorded', async () => {
  const plain = await grownBy(false);
  // Tables of Node's own grow by 1 MB now and then, in plain runs as well: a leak is there in each
  // half, and each time.
  for (let tries = 1; ; tries++) {
    const observed = await grownBy(true);
    // One in a hundred is given up so early that it may not have become a call.
    const { records } = observed;
    assert.ok(records > 12_850 && records <= 13_000, `${records} records`);
    const over = excess(plain, observed);
    if (over.length === 0) break;
    assert.ok(tries < 3, over.join(', '));
  }
});
