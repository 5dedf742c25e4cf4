// clocks: a program's clocks are the program's; records have the real time.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { compareFor } = require('./support/calls.js');
const { brief } = require('./support/scenario.js');

const EXPECTED = ['GET /wire/chunked 200 done', 'GET /wire/echo 200 done'];

// Whether a server still sees how a program hangs up that ends at once is chance.
const tidy = ({ journal, ...rest }) => ({
  ...rest,
  requests: journal.requests.map(({ hungUp, ...request }) => request),
});

for (const name of ['replaced', 'mocked']) {
  test(`${name}: the call is unharmed and its record has the real time`, async () => {
    const before = Date.now() - 1000;
    const { outside, records } = await compareFor(2, 'clocks.mjs', { args: [name], tidy });
    assert.equal(outside.code, 0, outside.stderr);
    assert.deepEqual(records.map(brief), EXPECTED);
    for (const { time, duration_ms: took } of records) {
      assert.ok(Date.parse(time) >= before && Date.parse(time) <= Date.now(), time);
      // By the clocks that were set it would be decades, or less than nothing.
      assert.ok(took >= 0 && took < 600_000, `${took}`);
    }
  });
}
