// reply: sends JSON and event streams, whole or in parts with pauses.
// SPDX-License-Identifier: Apache-2.0
'use strict';

function sendJson(response, status, body, headers = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/** Sends `parts` one after the other, `pauseMs` apart, then calls `done`. */
function sendParts(response, parts, pauseMs, done = () => response.end()) {
  const [part, ...rest] = parts;
  if (part === undefined) return done();
  response.write(part);
  const timer = setTimeout(() => sendParts(response, rest, pauseMs, done), pauseMs);
  response.once('close', () => clearTimeout(timer));
  return undefined;
}

function sendEvents(response, events, { pauseMs, headers, done }) {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  sendParts(response, events.map(asEvent), pauseMs, done);
}

function endWith(response, event) {
  response.end(asEvent(event));
}

function asEvent(event) {
  if (typeof event === 'string') return `data: ${event}\n\n`;
  const name = event.event ? `event: ${event.event}\n` : '';
  return `${name}data: ${JSON.stringify(event.data || event)}\n\n`;
}

module.exports = { endWith, sendEvents, sendJson, sendParts };
