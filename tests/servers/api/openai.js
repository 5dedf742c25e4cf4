// openai: answers as OpenAI's API does, with its three kinds of 429 and its streams that break.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { endWith, sendEvents, sendJson } = require('./reply.js');

function failure(status, type, code, message, param = null, headers = {}) {
  return { status, body: { error: { message, type, param, code } }, headers };
}

const CASES = {
  rate_limited_requests: () =>
    failure(
      429,
      'requests',
      'rate_limit_exceeded',
      "Call would pass the organisation's requests-per-minute limit. Try again in 20ms.",
      null,
      {
        'retry-after-ms': '20',
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '20ms',
      },
    ),
  rate_limited_tokens: () =>
    failure(
      429,
      'tokens',
      'rate_limit_exceeded',
      "Request would pass the organisation's tokens-per-minute limit. Try again in 6s.",
      null,
      {
        'retry-after': '6',
        'x-ratelimit-limit-tokens': '30000',
        'x-ratelimit-remaining-tokens': '12',
        'x-ratelimit-reset-tokens': '6s',
      },
    ),
  insufficient_quota: () =>
    failure(
      429,
      'insufficient_quota',
      'insufficient_quota',
      'The organisation has used up what it paid for.',
      null,
      { 'x-should-retry': 'false' },
    ),
  invalid_api_key: () =>
    failure(401, 'invalid_request_error', 'invalid_api_key', 'The key sk-test-****bad is unknown.'),
  model_not_found: () =>
    failure(404, 'invalid_request_error', 'model_not_found', 'There is no such model.'),
  context_length_exceeded: () =>
    failure(
      400,
      'invalid_request_error',
      'context_length_exceeded',
      'The messages are longer than this model reads.',
      'messages',
    ),
  server_error: () => failure(500, 'server_error', null, 'The server had an error.'),
  overloaded: () => failure(503, 'server_error', null, 'The engine is overloaded.'),
  chat_length: (model) => ({ status: 200, body: chat(model, 'length', 'A story that') }),
  response_failed: (model) => ({
    status: 200,
    body: {
      id: 'resp_Fx01',
      object: 'response',
      model,
      status: 'failed',
      error: { code: 'server_error', message: 'The model stopped before it was done.' },
    },
  }),
};

// As with Stripe, an account stands for what becomes of its calls.
const BY_KEY = {
  'sk-test-busy': 'rate_limited_requests',
  'sk-test-long': 'rate_limited_tokens',
  'sk-test-spent': 'insufficient_quota',
  'sk-test-wrong': 'invalid_api_key',
};

function chat(model, finish_reason, content) {
  return {
    id: 'chatcmpl-Fx01',
    object: 'chat.completion',
    created: 1790000000,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason }],
    usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
  };
}

let requests = 0;

function takesOpenAi({ url, headers }) {
  return (
    /^\/v1\/(chat|responses|models|embeddings|files)\b/.test(url) && !headers['stripe-version']
  );
}

function answerOpenAi(request, response, text) {
  requests += 1;
  const headers = {
    'x-request-id': `req_oa${String(requests).padStart(2, '0')}`,
    'openai-organization': 'org-fx',
    'openai-processing-ms': '12',
    'openai-version': '2020-10-01',
  };
  const body = parse(text);
  const key = /^Bearer (\S+)/.exec(request.headers.authorization || '');
  const name = request.headers['x-case'] || (key && BY_KEY[key[1]]) || 'ok';
  const make = CASES[name];
  if (make) {
    const made = make(body.model || 'gpt-fx');
    return sendJson(response, made.status, made.body, { ...headers, ...made.headers });
  }
  if (body.stream) return streamChat(response, body, name === 'stream_error', headers);
  return sendJson(response, 200, chat(body.model || 'gpt-fx', 'stop', 'Hello there.'), headers);
}

function parse(text) {
  try {
    return JSON.parse(text) || {};
  } catch {
    return {};
  }
}

function streamChat(response, { model = 'gpt-fx' }, breaks, headers) {
  const piece = (delta, finish_reason = null) => ({
    id: 'chatcmpl-Fx02',
    object: 'chat.completion.chunk',
    created: 1790000000,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const start = [piece({ role: 'assistant', content: '' }), piece({ content: 'Hello' })];
  const error = { message: 'The model stopped.', type: 'server_error', param: null, code: null };
  const rest = breaks
    ? [{ event: 'error', data: { error } }]
    : [piece({ content: ' there.' }), piece({}, 'stop')];
  // After an error the connection stays open for a while, as if there were more to come. The last
  // event and the end come at once: some SDKs hang up between the two.
  const done = () => (breaks ? setTimeout(() => response.end(), 500) : endWith(response, '[DONE]'));
  sendEvents(response, [...start, ...rest], { pauseMs: 5, headers, done });
}

function forgetOpenAi() {
  requests = 0;
}

module.exports = { answer: answerOpenAi, forget: forgetOpenAi, takes: takesOpenAi };
