// github: answers as GitHub's REST and GraphQL APIs do; a token stands for what becomes of its calls.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { sendJson } = require('./reply.js');

const DOCS = 'https://docs.github.com/rest';

function failure(status, message, page, more = {}, headers = {}) {
  const body = { message, ...more, documentation_url: `${DOCS}/${page}`, status: String(status) };
  return { status, body, headers };
}

const tooFast = () =>
  failure(403, 'You have exceeded a secondary rate limit.', 'rate-limit', undefined, {
    'retry-after': '60',
  });

const CASES = {
  ghp_wrong: () => failure(401, 'Bad credentials', ''),
  ghp_spent: () =>
    failure(403, 'API rate limit exceeded for user ID 1.', 'rate-limit', undefined, {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-used': '5000',
    }),
  ghp_fast: tooFast,
  ghp_once: () => (asked++ === 0 ? tooFast() : undefined),
};

let requests = 0;
let asked = 0; // by the token whose first call comes too soon after others

function takesGithub({ url }) {
  return /^\/(repos|user|graphql)\b/.test(url);
}

function answerGithub(request, response, text) {
  requests += 1;
  const headers = {
    'x-github-request-id': `FX00:0001:${String(requests).padStart(6, '0')}`,
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4990',
    'x-ratelimit-used': '10',
    'x-ratelimit-reset': '1790000000',
    'x-ratelimit-resource': 'core',
  };
  const token = (request.headers.authorization || '').split(' ').pop();
  const made = (CASES[token] && CASES[token]()) || outcome(request, text);
  sendJson(response, made.status, made.body, { ...headers, ...made.headers });
}

function outcome({ method, url }, text) {
  if (url === '/graphql') {
    const errors = [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }];
    return { status: 200, body: { errors } };
  }
  // A private repository is not there for who may not see it.
  if (url.endsWith('/private')) return failure(404, 'Not Found', 'repos/repos#get-a-repository');
  if (method === 'POST' && url.endsWith('/labels')) {
    const { name } = JSON.parse(text);
    if (name !== 'bug') return { status: 201, body: { id: 1, name } };
    const errors = [{ resource: 'Label', code: 'already_exists', field: 'name' }];
    return failure(422, 'Validation Failed', 'issues/labels#create-a-label', { errors });
  }
  return { status: 200, body: { id: 1, full_name: url.slice('/repos/'.length), private: false } };
}

function forgetGithub() {
  requests = 0;
  asked = 0;
}

module.exports = { answer: answerGithub, forget: forgetGithub, takes: takesGithub };
