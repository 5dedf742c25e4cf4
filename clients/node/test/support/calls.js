// calls: a test for each case of a program that makes calls.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { brief, compare } = require('./scenario.js');

// What several programs do, as brief() puts it.
const echo = (method = 'GET') => `${method} /wire/echo 200 done`;
const sizes = [1, 65_536, 1_000_000, 16_000_000].flatMap((size) => [
  'POST /wire/echo 200 done',
  `GET /wire/size/${size} 200 done`,
]);
const twenty = Array.from({ length: 20 }, (_, n) => `GET /wire/echo?n=${n} 200 done`);

// Whether fetch finds a connection free again right after an answer is chance, observed or not.
const withoutSockets = ({ journal, ...rest }) => ({ ...rest, requests: journal.requests });
const tidy = { sizes: withoutSockets, sse: withoutSockets };

// At exit a program waits 200 ms at most for what is not written yet: on a busy machine a record may
// be lost, so that a missing one counts only when it is missing each time.
const TRIES = 3;

/** What compare() returns, with `least` records or more where they are not lost each time. */
async function compareFor(least, program, options) {
  for (let tries = 1; ; tries++) {
    const seen = await compare(program, options);
    if (seen.records.length >= least || tries === TRIES) return seen;
  }
}

/** `cases`: name -> what the records say in the order of their ends, or how many there are. */
function testCalls(program, cases) {
  for (const [name, expected] of Object.entries(cases)) {
    test(`${program} ${name}: nobody can tell, and it is recorded`, async () => {
      const counted = typeof expected === 'number';
      const least = counted ? expected : expected.length;
      const seen = await compareFor(least, program, { args: [name], tidy: tidy[name] });
      const briefs = seen.records.map(brief);
      if (counted) assert.equal(briefs.length, expected);
      else assert.deepEqual(briefs, expected);
    });
  }
}

module.exports = { compareFor, echo, sizes, testCalls, twenty };
