// count: no listener, property or module of ours is among those that a program can count.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { VERSIONS, brief, compare } = require('./support/scenario.js');

const [major, minor] = VERSIONS.node.split('.').map(Number);
// Where Node publishes no errors of requests, a listener has to hear of them.
const PUBLISHES_ERRORS = major > 20 || (major === 20 && minor >= 17);

const CASES = {
  ...(PUBLISHES_ERRORS && {
    request: ['POST /wire/chunked 200 done'],
    failed: ['GET /x ECONNREFUSED failed'],
  }),
  prototypes: ['GET /wire/echo 200 done'],
  replaced: ['GET /wire/echo 200 done'],
  process: ['GET /wire/echo 200 done'],
  modules: ['GET /wire/echo 200 done'],
};

for (const [name, records] of Object.entries(CASES)) {
  for (const entry of ['--require', '--import']) {
    test(`${name}, by ${entry}: the program counts what it would without us`, async () => {
      const seen = await compare('count.mjs', { args: [name], entry });
      assert.deepEqual(seen.records.map(brief), records);
    });
  }
}
