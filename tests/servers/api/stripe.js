// stripe: answers as Stripe's API does; which way a call goes wrong is told as in its test mode.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { sendJson } = require('./reply.js');

const DOCS = 'https://stripe.com/docs/error-codes';

function cardError(decline, message, more = {}) {
  return {
    status: 402,
    error: {
      type: 'card_error',
      code: 'card_declined',
      decline_code: decline,
      message,
      param: 'payment_method',
      doc_url: `${DOCS}/card-declined`,
      charge: 'ch_Fx01',
      payment_intent: {
        id: 'pi_Fx01',
        object: 'payment_intent',
        status: 'requires_payment_method',
      },
      ...more,
    },
  };
}

function invalid(status, code, message, param) {
  const doc_url = code ? `${DOCS}/${code.replaceAll('_', '-')}` : undefined;
  return { status, error: { type: 'invalid_request_error', code, message, param, doc_url } };
}

const CASES = {
  card_declined: () => cardError('generic_decline', 'The bank said no to this card.'),
  insufficient_funds: () =>
    cardError('insufficient_funds', 'The card has too little money for this payment.'),
  expired_card: () =>
    cardError('expired_card', 'The card is past its last month.', {
      code: 'expired_card',
      doc_url: `${DOCS}/expired-card`,
    }),
  parameter_missing: () =>
    invalid(400, 'parameter_missing', 'This call needs an amount.', 'amount'),
  parameter_invalid_integer: () =>
    invalid(400, 'parameter_invalid_integer', 'An amount is at least 1.', 'amount'),
  resource_missing: () =>
    invalid(404, 'resource_missing', 'There is no customer of that name here.', 'customer'),
  authentication: () => invalid(401, undefined, 'The API key is not one of ours: sk_test_****XX'),
  permission: () => invalid(403, undefined, 'This key may not look at that account.'),
  conflict: () => invalid(409, undefined, 'Another call with the same key is under way.'),
  rate_limited: () => ({
    ...invalid(429, 'rate_limit', 'Too many calls in too short a time.'),
    headers: { 'stripe-rate-limited-reason': 'global-rate', 'stripe-should-retry': 'true' },
  }),
  lock_timeout: () => ({
    ...invalid(429, 'lock_timeout', 'Another call holds this object; nothing was changed.'),
    headers: { 'stripe-should-retry': 'true' },
  }),
  idempotency: () => ({
    status: 400,
    error: {
      type: 'idempotency_error',
      message: 'This idempotency key was used before, with other parameters.',
      doc_url: 'https://docs.stripe.com/api/idempotent_requests',
    },
  }),
  api_error: () => ({
    status: 500,
    error: { type: 'api_error', message: 'Something went wrong on our side.' },
    headers: { 'stripe-should-retry': 'false' },
  }),
};

// Test cards and keys stand for what becomes of a call, so that a program needs no other sign.
const BY_CARD = {
  pm_card_visa_chargeDeclined: 'card_declined',
  pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_visa_chargeDeclinedExpiredCard: 'expired_card',
};
const BY_KEY = {
  sk_test_busy: 'rate_limited',
  sk_test_locked: 'lock_timeout',
  sk_test_wrong: 'authentication',
};

let requests = 0;
const seenKeys = new Map(); // idempotency key -> the body it first came with

function caseOf(request, body) {
  const named = request.headers['x-case'];
  if (named) return named;
  const key = /^Bearer (\S+)/.exec(request.headers.authorization || '');
  if (key && BY_KEY[key[1]]) return BY_KEY[key[1]];
  const card = Object.keys(BY_CARD).find((name) => new RegExp(`${name}(&|$)`).test(body));
  if (card) return BY_CARD[card];
  if (/(^|&)amount=-/.test(body)) return 'parameter_invalid_integer';
  if (/\/customers\/cus_unknown/.test(request.url)) return 'resource_missing';
  return reusedKey(request, body) ? 'idempotency' : 'ok';
}

function reusedKey({ headers }, body) {
  const key = headers['idempotency-key'];
  if (!key) return false;
  if (!seenKeys.has(key)) seenKeys.set(key, body);
  return seenKeys.get(key) !== body;
}

/** Whatever nobody else takes. */
function takesStripe() {
  return true;
}

function answerStripe(request, response, body) {
  requests += 1;
  const id = `req_Fx${String(requests).padStart(2, '0')}`;
  const headers = {
    'request-id': id,
    'stripe-version': request.headers['stripe-version'] || '2025-09-30.clover',
  };
  const key = request.headers['idempotency-key'];
  if (key) headers['idempotency-key'] = key;
  if (request.url.startsWith('/oauth/')) return answerOAuth(response, headers);

  const make = CASES[caseOf(request, body)];
  if (!make) return sendJson(response, 200, successOf(request), headers);
  const made = make();
  const error = {
    ...made.error,
    request_log_url: `https://dashboard.stripe.com/test/logs/${id}?t=1790000000`,
  };
  return sendJson(response, made.status, { error }, { ...headers, ...made.headers });
}

function successOf({ method, url }) {
  const object = url.replace(/^\/v1\/(\w+?)s?([/?].*)?$/, '$1');
  return { id: `${object.slice(0, 2)}_Fx${requests}`, object, livemode: false, made_by: method };
}

/** Where the error is a word and not an object. */
function answerOAuth(response, headers) {
  const body = { error: 'invalid_grant', error_description: 'This code was used before.' };
  return sendJson(response, 400, body, headers);
}

function forgetStripe() {
  requests = 0;
  seenKeys.clear();
}

module.exports = { answer: answerStripe, forget: forgetStripe, takes: takesStripe };
