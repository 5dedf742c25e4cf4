// slack: answers as Slack's Web API does, with 200 for nearly everything that goes wrong.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { sendJson } = require('./reply.js');

const CASES = {
  wrong: () => ({ ok: false, error: 'invalid_auth' }),
  scope: () => ({
    ok: false,
    error: 'missing_scope',
    needed: 'chat:write',
    provided: 'channels:read,users:read',
    response_metadata: { messages: ['[ERROR] missing scope'] },
  }),
};

let requests = 0;
let asked = 0; // by the token whose first call is one too many

function takesSlack({ url }) {
  return url.startsWith('/api/');
}

function answerSlack(request, response, text) {
  requests += 1;
  const headers = {
    'x-slack-req-id': `fx${String(requests).padStart(4, '0')}`,
    'x-oauth-scopes': 'channels:read,users:read',
    'x-accepted-oauth-scopes': 'chat:write',
  };
  const [, name] = /xoxb-(\w+)/.exec(request.headers.authorization || text) || [];
  if (name === 'busy' && asked++ === 0) {
    response.writeHead(429, { ...headers, 'retry-after': '1' });
    return response.end();
  }
  const body = CASES[name] ? CASES[name]() : answerOf(request.url);
  return sendJson(response, 200, body, headers);
}

function answerOf(url) {
  if (url.endsWith('/auth.test')) return { ok: true, team: 'Fx', user: 'ann', bot_id: 'B01' };
  const message = { type: 'message', text: 'Hello there.', user: 'U01', ts: '1790000000.000100' };
  return { ok: true, channel: 'C01', ts: message.ts, message };
}

function forgetSlack() {
  requests = 0;
  asked = 0;
}

module.exports = { answer: answerSlack, forget: forgetSlack, takes: takesSlack };
