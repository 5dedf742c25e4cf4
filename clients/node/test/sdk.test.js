// sdk: Stripe's, OpenAI's and two well-known libraries, plain and observed.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { brief, compare } = require('./support/scenario.js');

const chat = 'POST /v1/chat/completions';

const CALLS = {
  stripe: [
    'POST /v1/customers 200 done',
    'POST /v1/payment_intents 200 done',
    'POST /v1/payment_intents 402 done',
    'POST /v1/payment_intents 400 done',
    'GET /v1/customers/cus_unknown 404 done',
    'POST /v1/payment_intents 200 done',
    'POST /v1/payment_intents 400 done',
    'GET /v1/balance 429 done',
    'GET /v1/balance 429 done',
    'GET /v1/balance ECONNREFUSED failed',
  ],
  openai: [
    `${chat} 200 done`,
    `${chat} 429 done`,
    `${chat} 429 done`,
    `${chat} 429 done`,
    `${chat} 429 done`,
    `${chat} 401 done`,
    `${chat} 200 done`,
    // The SDK stops reading at the event that says what went wrong.
    `${chat} 200 aborted`,
    `${chat} ECONNREFUSED failed`,
  ],
  axios: [
    'GET /wire/echo?a=1 200 done',
    'POST /wire/echo 200 done',
    'GET /wire/status/429 429 done',
    'GET /wire/redirect/chunked 302 done',
    'GET /wire/chunked 200 done',
    'GET /wire/gzip 200 done',
    'GET /wire/hang ECONNABORTED failed',
    'GET /wire/reset ECONNRESET failed',
    'GET /x ECONNREFUSED failed',
    'GET /wire/hang aborted',
    'GET /wire/sse/3 200 done',
  ],
  got: [
    'GET /wire/echo?a=1 200 done',
    'POST /wire/echo 200 done',
    'GET /wire/status/503 503 done',
    'GET /wire/redirect/chunked 302 done',
    'GET /wire/chunked 200 done',
    'GET /wire/gzip 200 done',
    'GET /wire/hang ETIMEDOUT failed',
    'GET /wire/reset ECONNRESET failed',
    'GET /x ECONNREFUSED failed',
    'GET /wire/status/500 500 done',
    'GET /wire/status/500 500 done',
    'GET /wire/chunked 200 done',
  ],
};

/** Stripe's SDK makes up an idempotency key for each call. */
function tidy(outside) {
  const key = /stripe-node-retry-[0-9a-f-]{36}/g;
  return JSON.parse(JSON.stringify(outside).replace(key, 'KEY'));
}

for (const [library, calls] of Object.entries(CALLS)) {
  test(`${library}: the same answers, errors and requests, and every try recorded`, async () => {
    const { records } = await compare('sdk.mjs', { args: [library], tidy });
    assert.deepEqual(records.map(brief), calls);
  });
}
