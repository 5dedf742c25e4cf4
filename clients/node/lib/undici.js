// undici: observes fetch, and every other user of undici, by the channels it publishes on.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { ABORTED, Call, DONE, now } = require('./call.js');
const { listen } = require('./channels.js');
const { endWithError } = require('./ending.js');
const { failed } = require('./guard.js');
const { patch } = require('./patch.js');
const { getCall, setCall } = require('./stamp.js');

/** Starts to observe; returns a function that stops. */
function observeUndici() {
  const bodies = new Bodies();
  const undo = [
    on('undici:request:create', (message) => onCreate(message.request, bodies)),
    on('undici:client:sendHeaders', onSendHeaders),
    on('undici:request:bodyChunkSent', (message) => bodies.onSentChannel(message)),
    on('undici:request:headers', onHeaders),
    on('undici:request:bodyChunkReceived', (message) => bodies.onReceivedChannel(message)),
    on('undici:request:trailers', ({ request }) => withCall(request, (call) => call.end(DONE))),
    on('undici:request:error', onError),
    () => bodies.undo(),
  ];
  return () => undo.forEach((step) => step());
}

function on(channel, handle) {
  return listen(channel, (message) => {
    try {
      handle(message);
    } catch (error) {
      failed(channel, error);
    }
  });
}

function withCall(request, use) {
  const call = getCall(request);
  if (call !== undefined) use(call);
}

function onCreate(request, bodies) {
  // What goes through a tunnel is seen by itself; opening one is the way, not a call.
  if (request.method === 'CONNECT') return;
  bodies.learn(Object.getPrototypeOf(request));
  const call = new Call();
  // Between here and the head there may be a wait for a name, a connection or a free place.
  call.createdAt = now();
  setCall(request, call);
}

function onSendHeaders({ request, headers }) {
  let call = getCall(request);
  if (call === undefined) return;
  if (call.begun) {
    // The connection was closed under it and the same request goes out once more.
    call.end(ABORTED);
    call = new Call();
    setCall(request, call);
  }
  // HTTP/2 has no request line: what is published then is headers and pseudo-headers.
  if (headers.startsWith(`${request.method} `)) call.begin(originOf(request), headers + lengthOf(request), true);
  else call.begin(originOf(request), headOfStream(request, headers), true);
}

const WITH_PAYLOAD = new Set(['PUT', 'POST', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

/** The line that undici writes behind those that it publishes, unless the body goes in chunks. */
function lengthOf({ method, body, contentLength }) {
  let length = body ? body.byteLength ?? body.size ?? contentLength : contentLength;
  if (!body && WITH_PAYLOAD.has(method)) length = 0;
  if (!Number.isInteger(length) || (length === 0 && !WITH_PAYLOAD.has(method))) return '';
  return `content-length: ${length}\r\n`;
}

/** Begins a call whose head nobody published: not sent yet, or sent by HTTP/2 in old versions. */
function beginFromParts(call, request) {
  if (call.pending) call.begin(originOf(request), headOf(request), true);
}

/** Headers of HTTP/2 as lines: what is a request line elsewhere begins with a colon here. */
function headOfStream({ method, path }, lines) {
  const [, host] = /^:authority: (.*)$/m.exec(lines) || [];
  const head = `${method} ${path} HTTP/2\r\n${lines.replace(/^:.*\r\n/gm, '')}`;
  return host === undefined ? head : `${head}host: ${host}\r\n`;
}

function originOf({ origin }) {
  return typeof origin === 'string' ? origin : origin.origin;
}

function onHeaders({ request, response }) {
  withCall(request, (call) => {
    beginFromParts(call, request);
    call.response(response.statusCode, asList(response.headers));
  });
}

/** Headers are a list of name, value, name, value..., and over HTTP/2 in new versions an object. */
function asList(headers) {
  return Array.isArray(headers) ? headers : Object.entries(headers || {}).flat();
}

function onError({ request, error }) {
  withCall(request, (call) => {
    beginFromParts(call, request);
    endWithError(call, error);
  });
}

function headOf(request) {
  const { method, path, host, headers } = request;
  let head = `${method} ${path} HTTP/1.1\r\n`;
  if (typeof host === 'string') head += `host: ${host}\r\n`;
  // Old versions hold lines, newer ones a list of name, value, name, value...
  if (typeof headers === 'string') return head + headers + lengthOf(request);
  for (let i = 0; Array.isArray(headers) && i < headers.length; i += 2) {
    const values = Array.isArray(headers[i + 1]) ? headers[i + 1] : [headers[i + 1]];
    for (const value of values) head += `${headers[i]}: ${value}\r\n`;
  }
  return head + lengthOf(request);
}

/**
 * Parts of bodies. Newer versions publish them; the others (before Node 24) hand each part to a
 * method of the published request's class, and ours stands in front of it. Which of the two a class
 * does is learnt by its first part: when the channel speaks inside our method, ours goes away.
 */
class Bodies {
  constructor() {
    this.classes = new Map(); // prototype -> how to undo each of its methods
    this.told = null; // the part whose method is on the stack
  }

  learn(prototype) {
    // undici 6.11.0 publishes a plain object in front of its request: bodies do not pass there.
    if (this.classes.has(prototype) || !Object.hasOwn(prototype, 'onBodySent')) return;
    this.classes.set(prototype, {
      sent: patch(prototype, 'onBodySent', (next) => this.wrapPart(next, tellSent)),
      received: patch(prototype, 'onData', (next) => this.wrapPart(next, tellReceived)),
      upgrade: patch(prototype, 'onUpgrade', wrapUpgrade),
      requestUpgrade: patch(prototype, 'onRequestUpgrade', wrapUpgrade), // undici 8
    });
  }

  wrapPart(next, tell) {
    const bodies = this;
    return function onPart(part) {
      // Whoever hears of this part may send one of another call before it is said again.
      const outer = bodies.told;
      bodies.tell(this, part, tell);
      try {
        return Reflect.apply(next(), this, arguments);
      } finally {
        bodies.told = outer;
      }
    };
  }

  tell(request, part, tell) {
    try {
      tell(request, part);
      this.told = part;
    } catch (error) {
      failed('undici body', error);
    }
  }

  onSentChannel({ request, chunk }) {
    if (this.told === chunk) this.undoFor(request, 'sent');
    else tellSent(request, chunk);
  }

  onReceivedChannel({ request, chunk }) {
    if (this.told === chunk) this.undoFor(request, 'received');
    else tellReceived(request, chunk);
  }

  undoFor(request, method) {
    const undo = this.classes.get(Object.getPrototypeOf(request));
    if (undo) undo[method]();
  }

  undo() {
    for (const methods of this.classes.values()) Object.values(methods).forEach((undo) => undo());
    this.classes.clear();
  }
}

function tellSent(request, part) {
  const call = getCall(request);
  if (call === undefined || !part) return;
  beginFromParts(call, request);
  call.sent(part);
}

function tellReceived(request, part) {
  const call = getCall(request);
  if (call !== undefined && part) call.received(part);
}

// A WebSocket's handshake has no channel; what passes afterwards is no longer HTTP.
function wrapUpgrade(next) {
  return function onUpgrade(status, headers) {
    try {
      const call = getCall(this);
      if (call !== undefined && call.begun) {
        call.response(status, asList(headers));
        call.end(DONE);
      }
    } catch (error) {
      failed('undici upgrade', error);
    }
    return Reflect.apply(next(), this, arguments);
  };
}

module.exports = { observeUndici };
