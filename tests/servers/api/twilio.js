// twilio: answers as Twilio's API does; telephone numbers stand for what becomes of a message.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { sendJson } = require('./reply.js');

function failure(status, code, message) {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return { status, body: { code, message, more_info, status } };
}

// The last digits of the number it goes to; Twilio's own test numbers are alike.
const BY_NUMBER = {
  '0001': () => failure(400, 21211, "The 'To' number is not a valid phone number."),
  '0004': () => failure(400, 21610, 'The recipient has opted out of messages.'),
  '0009': () => (asked++ === 0 ? failure(429, 20429, 'Too Many Requests') : undefined),
};

let requests = 0;
let asked = 0; // for the number whose first message meets a busy service

function takesTwilio({ url }) {
  return url.startsWith('/2010-04-01/');
}

function answerTwilio(request, response, text) {
  requests += 1;
  const headers = {
    'twilio-request-id': `RQ${String(requests).padStart(32, '0')}`,
    'twilio-request-duration': '0.012',
    'twilio-concurrent-requests': '1',
  };
  const { status, body } = outcome(request, text);
  sendJson(response, status, body, headers);
}

function outcome({ method, url, headers }, text) {
  const [, password] = decode(headers.authorization).split(':');
  if (password === 'wrong') return failure(401, 20003, 'Authenticate');
  if (method === 'GET') {
    // Accepted, and lost later: the call that asks is well.
    const lost = { status: 'undelivered', error_code: 30003, error_message: 'Unreachable handset.' };
    return { status: 200, body: { ...message(), sid: /(\w+)\.json/.exec(url)[1], ...lost } };
  }
  const to = new URLSearchParams(text).get('To') || '';
  const make = BY_NUMBER[to.slice(-4)];
  return (make && make()) || { status: 201, body: { ...message(), to } };
}

function decode(authorization = '') {
  return Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
}

function message() {
  return {
    sid: `SM${'0'.repeat(31)}1`,
    account_sid: `AC${'0'.repeat(31)}1`,
    status: 'queued',
    body: 'Hello there.',
    num_segments: '1',
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    date_created: 'Mon, 21 Sep 2026 14:13:20 +0000',
  };
}

function forgetTwilio() {
  requests = 0;
  asked = 0;
}

module.exports = { answer: answerTwilio, forget: forgetTwilio, takes: takesTwilio };
