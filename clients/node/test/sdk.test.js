// sdk: the vendors' own SDKs and well-known libraries, plain and observed.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');

const { LIBRARIES, packageOf } = require('./support/packages.js');
const { brief, compare } = require('./support/scenario.js');

const chat = 'POST /v1/chat/completions';
const ask = 'POST /v1/messages';
const messages = `/2010-04-01/Accounts/AC${'0'.repeat(31)}1/Messages`;
const repository = 'GET /repos/ann/public';
const post = 'POST /api/chat.postMessage';

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
  anthropic: [
    `${ask} 200 done`,
    `${ask} 429 done`,
    `${ask} 429 done`,
    `${ask} 401 done`,
    `${ask} 400 done`,
    `${ask} 529 done`,
    `${ask} 200 done`,
    `${ask} 200 done`,
    `${ask} 200 done`,
    // As OpenAI's, it stops reading at the event that says what went wrong.
    `${ask} 200 aborted`,
    `${ask} ECONNREFUSED failed`,
  ],
  twilio: [
    `POST ${messages}.json 201 done`,
    `POST ${messages}.json 400 done`,
    `POST ${messages}.json 400 done`,
    `POST ${messages}.json 429 done`,
    `POST ${messages}.json 201 done`,
    `POST ${messages}.json 401 done`,
    `GET ${messages}/SM01.json 200 done`,
    `POST ${messages}.json ECONNREFUSED failed`,
  ],
  octokit: [
    `${repository} 200 done`,
    'POST /repos/ann/public/labels 201 done',
    'POST /repos/ann/public/labels 422 done',
    'GET /repos/ann/private 404 done',
    `${repository} 401 done`,
    `${repository} 403 done`,
    `${repository} 403 done`,
    'POST /graphql 200 done',
    `${repository} 403 done`,
    `${repository} 200 done`,
    `${repository} ECONNREFUSED failed`,
  ],
  slack: [
    'POST /api/auth.test 200 done',
    `${post} 200 done`,
    `${post} 200 done`,
    `${post} 200 done`,
    `${post} 429 done`,
    `${post} 200 done`,
    `${post} ECONNREFUSED failed`,
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
    'GET /wire/once 503 done',
    'GET /wire/once 200 done',
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
  undici: [
    'GET /wire/echo?a=1 200 done',
    'POST /wire/echo 200 done',
    'GET /wire/status/429 429 done',
    'GET /wire/status/402 402 done',
    'GET /wire/status/404 404 done',
    'GET /wire/sse/3 200 done',
    'GET /wire/echo?n=1 200 done',
    'GET /wire/echo?n=2 200 done',
    'GET /wire/reset ECONNRESET failed',
    'GET /wire/hang UND_ERR_HEADERS_TIMEOUT failed',
    'GET /wire/hang TimeoutError failed',
    'GET /x ECONNREFUSED failed',
    // Some versions end the answer that is not wanted with an error.
    /^GET \/wire\/once 503 (done|failed|aborted)$/,
    'GET /wire/once 200 done',
  ],
  superagent: [
    'GET /wire/echo?a=1 200 done',
    'POST /wire/echo 200 done',
    'GET /wire/status/429 429 done',
    'GET /wire/redirect/chunked 302 done',
    'GET /wire/chunked 200 done',
    'GET /wire/gzip 200 done',
    'GET /wire/hang aborted',
    'GET /wire/reset ECONNRESET failed',
    'GET /x ECONNREFUSED failed',
    'GET /wire/once 503 done',
    'GET /wire/once 200 done',
    'GET /wire/sse/3 200 done',
  ],
  ky: [
    'GET /wire/echo?a=1 200 done',
    'POST /wire/echo 200 done',
    'GET /wire/status/429 429 done',
    'GET /wire/redirect/chunked 302 done',
    'GET /wire/chunked 200 done',
    'GET /wire/gzip 200 done',
    'GET /wire/hang aborted',
    'GET /wire/reset ECONNRESET failed',
    'GET /x ECONNREFUSED failed',
    'GET /wire/once 503 done',
    'GET /wire/once 200 done',
    'GET /wire/sse/3 200 done',
  ],
};

/** Which records are a further try, and of which: "2 of 7" is the second of the eighth's call. */
const TRIES = {
  stripe: ['2 of 7'],
  openai: ['2 of 1'],
  anthropic: ['2 of 5'],
  twilio: ['2 of 3'],
  slack: ['2 of 4'],
  axios: ['2 of 6', '2 of 11'],
  got: ['2 of 9'],
  // The second call of /wire/hang follows one that timed out: nobody can tell it from a retry.
  undici: ['2 of 9', '2 of 12'],
  superagent: ['2 of 9'],
  ky: ['2 of 9'],
};

function tries(records) {
  const of = (first) => records.findIndex(({ id }) => id === first);
  return records
    .filter(({ attempt }) => attempt)
    .map(({ attempt, first }) => `${attempt} of ${of(first)}`);
}

/** Stripe's SDK makes up an idempotency key for each call. */
function tidy(outside) {
  const key = /stripe-node-retry-[0-9a-f-]{36}/g;
  return JSON.parse(JSON.stringify(outside).replace(key, 'KEY'));
}

// Several at a time: most of them wait, for a time-out or for the next try.
describe('sdk', { concurrency: 4 }, () => {
  for (const library of LIBRARIES) {
    it(`${library}: the same answers, errors and requests, and every try recorded`, async () => {
      const { records } = await compare('sdk.mjs', { args: [library, packageOf(library)], tidy });
      const said = records.map(brief);
      assert.deepEqual(said, CALLS[library].map((call, i) => settled(call, said[i])));
      assert.deepEqual(tries(records), TRIES[library] || []);
    });
  }
});

/** Where versions of a library differ, a pattern stands for both. */
function settled(call, said) {
  return call instanceof RegExp && call.test(said) ? said : call;
}
