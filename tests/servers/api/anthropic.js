// anthropic: answers as Anthropic's API does; an account stands for what becomes of its calls.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { endWith, sendEvents, sendJson } = require('./reply.js');

function failure(status, type, message, headers = {}, more = {}) {
  return { status, error: { type, message, ...more }, headers };
}

const overloaded = () =>
  failure(529, 'overloaded_error', 'Overloaded', {
    'retry-after-ms': '20',
    'x-should-retry': 'true',
  });

const CASES = {
  busy: () =>
    failure(429, 'rate_limit_error', 'The organisation passed its requests per minute.', {
      'retry-after': '7',
      'x-should-retry': 'true',
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-09-21T14:13:27Z',
    }),
  spent: () =>
    failure(
      429,
      'rate_limit_error',
      'The organisation passed its monthly spend limit.',
      { 'x-should-retry': 'false' },
      { details: { error_code: 'enforced_spend_limit_reached' } },
    ),
  wrong: () => failure(401, 'authentication_error', 'invalid x-api-key'),
  long: () => failure(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000'),
  once: () => (asked++ === 0 ? overloaded() : undefined),
};

let requests = 0;
let asked = 0; // by the account whose first call meets an overloaded service

function takesAnthropic({ url }) {
  return url.startsWith('/v1/messages');
}

function answerAnthropic(request, response, text) {
  requests += 1;
  const id = `req_an${String(requests).padStart(2, '0')}`;
  const headers = { 'request-id': id, 'anthropic-organization-id': 'org-fx' };
  // Newer SDKs send it as a bearer's token.
  const key = request.headers['x-api-key'] || request.headers.authorization;
  const [, name] = /sk-ant-test-(\w+)/.exec(key || '') || [];
  const made = CASES[name] && CASES[name]();
  if (made) {
    const body = { type: 'error', error: made.error, request_id: id };
    return sendJson(response, made.status, body, { ...headers, ...made.headers });
  }
  const { model, stream } = JSON.parse(text);
  if (stream) return streamMessage(response, model, name === 'breaks', headers);
  return sendJson(response, 200, message(model, 'Hello there.', 'end_turn'), headers);
}

function message(model, text, stop_reason) {
  return {
    id: 'msg_Fx01',
    type: 'message',
    role: 'assistant',
    model,
    content: text === undefined ? [] : [{ type: 'text', text }],
    stop_reason,
    stop_sequence: null,
    usage: { input_tokens: 12, output_tokens: text === undefined ? 1 : 5 },
  };
}

function streamMessage(response, model, breaks, headers) {
  const event = (type, more) => ({ event: type, data: { type, ...more } });
  const delta = (text) =>
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
  const start = [
    event('message_start', { message: message(model, undefined, null) }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping'),
    delta('Hello'),
  ];
  const end = [
    delta(' there.'),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 5 },
    }),
  ];
  const error = { type: 'overloaded_error', message: 'Overloaded' };
  const rest = breaks ? [event('error', { error })] : end;
  // After an error the connection stays open for a while, as if there were more to come.
  const stop = event('message_stop');
  const done = () => (breaks ? setTimeout(() => response.end(), 500) : endWith(response, stop));
  sendEvents(response, [...start, ...rest], { pauseMs: 5, headers, done });
}

function forgetAnthropic() {
  requests = 0;
  asked = 0;
}

module.exports = { answer: answerAnthropic, forget: forgetAnthropic, takes: takesAnthropic };
