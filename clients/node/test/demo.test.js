// demo: what `make demo` shows, call by call.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { test } = require('node:test');

const { BUILD, ROOT } = require('./support/scenario.js');

const shown = spawnSync(path.join(ROOT, 'examples/node-demo/demo.sh'), {
  env: { ...process.env, TASKLESS_BUILD: BUILD },
  encoding: 'utf8',
  timeout: 120_000,
});

/** Calls as they come, each with what its lines must say. */
const CALLS = [
  [/200 .*POST .*\/v1\/customers/],
  [/200 .*POST .*\/v1\/payment_intents/],
  [
    /402 .*POST .*\/v1\/payment_intents/,
    /card_declined/,
    /https:\/\/stripe\.com\/docs\/error-codes\/card-declined/,
    /https:\/\/dashboard\.stripe\.com\/test\/logs\/req_/,
  ],
  [/400 .*POST .*\/v1\/payment_intents/, /parameter_invalid_integer/],
  [/200 .*POST .*\/v1\/payment_intents/],
  [/400 .*POST .*\/v1\/payment_intents/, /idempotency_error/],
  [/429 .*GET .*\/v1\/balance/, /rate_limit/],
  [/200 .*POST .*\/v1\/chat\/completions/],
  [/429 .*POST .*\/v1\/chat\/completions/, /requests \/ rate_limit_exceeded/, /20 ms/],
  [/429 .*POST .*\/v1\/chat\/completions/, /tokens \/ rate_limit_exceeded/, /6 s/],
  [/429 .*POST .*\/v1\/chat\/completions/, /insufficient_quota/, /do not retry/],
  [/GET .*\/stock\/cups/, /ECONNREFUSED/],
];

test('the demo runs, and its program says what it says without taskless', () => {
  assert.equal(shown.status, 0, shown.stderr);
  assert.match(shown.stdout, /3 of 11 went well/);
});

test('each call of the demo is one line, and each failure says why', () => {
  const blocks = shown.stderr.split(/^(?=\d\d:\d\d:\d\d )/m).slice(-CALLS.length);
  assert.equal(blocks.length, CALLS.length, shown.stderr);
  CALLS.forEach((patterns, i) => {
    for (const pattern of patterns) assert.match(blocks[i], pattern);
  });
});
