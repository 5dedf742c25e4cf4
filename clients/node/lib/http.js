// http: observes node:http and node:https clients, at the prototypes all their users share.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { errorMonitor } = require('node:events');
const http = require('node:http');

const { ABORTED, Call, DONE, asSent } = require('./call.js');
const { listen } = require('./channels.js');
const { endWithError } = require('./ending.js');
const { failed } = require('./guard.js');
const { patch } = require('./patch.js');
const { getCall, setCall } = require('./stamp.js');

/** Starts to observe; returns a function that stops. */
function observeHttp() {
  const request = http.ClientRequest.prototype;
  const undo = [
    patch(request, 'write', wrapWrite),
    patch(request, 'end', wrapWrite),
    patch(request, 'flushHeaders', wrapFlush),
    patch(request, 'destroy', wrapDestroy),
    patch(http.IncomingMessage.prototype, 'push', wrapPush),
    listen('http.client.response.finish', onResponse),
    listen('http.client.request.error', onEarlyError),
  ];
  return () => undo.forEach((step) => step());
}

// The head exists only after Node's own write: headers may be set until then.
function wrapWrite(next) {
  return function write(chunk, encoding) {
    const late = this.writableEnded || this.destroyed;
    const result = Reflect.apply(next(), this, arguments);
    if (!late) afterWrite(this, chunk, encoding);
    return result;
  };
}

function wrapFlush(next) {
  return function flushHeaders() {
    const result = Reflect.apply(next(), this, arguments);
    afterWrite(this);
    return result;
  };
}

function afterWrite(request, chunk, encoding) {
  try {
    const call = getCall(request) || beginCall(request);
    if (call.begun && chunk && typeof chunk !== 'function') call.sent(asSent(chunk, encoding));
  } catch (error) {
    failed('node:http request', error);
  }
}

function beginCall(request) {
  const call = new Call();
  setCall(request, call);
  // What goes through a tunnel is seen by itself; opening one is the way, not a call.
  if (request.method === 'CONNECT') call.end(DONE);
  else call.begin(originOf(request), request._header || headOf(request), true);
  if (call.begun) {
    // Neither changes how the request behaves: errorMonitor does not count as handling an error.
    request.on(errorMonitor, onError);
    request.on('close', onClose);
  }
  return call;
}

function originOf(request) {
  const host = request.host || 'localhost';
  return `${request.protocol}//${host.includes(':') ? `[${host}]` : host}`;
}

/** For a request that failed before its head was sent. */
function headOf(request) {
  let head = `${request.method} ${request.path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(request.getHeaders())) {
    for (const one of Array.isArray(value) ? value : [value]) head += `${name}: ${one}\r\n`;
  }
  return head;
}

// An error made by Node because the application gave up looks like a reset by the other side.
function wrapDestroy(next) {
  return function destroy() {
    try {
      const call = this.destroyed ? undefined : getCall(this);
      if (call !== undefined) call.endedByApp = true;
    } catch (error) {
      failed('node:http destroy', error);
    }
    return Reflect.apply(next(), this, arguments);
  };
}

// Headers are here, before any listener and before the first byte of the body.
function onResponse({ request, response }) {
  try {
    const call = getCall(request) || beginCall(request);
    if (!call.begun) return;
    setCall(response, call);
    call.response(response.statusCode, response.rawHeaders);
  } catch (error) {
    failed('node:http response', error);
  }
}

// The parser pushes each part of the body as it comes off the wire, whether anyone reads or not.
function wrapPush(next) {
  return function push(chunk) {
    try {
      const call = getCall(this);
      if (call !== undefined) onPush(call, chunk);
    } catch (error) {
      failed('node:http body', error);
    }
    return Reflect.apply(next(), this, arguments);
  };
}

function onPush(call, chunk) {
  if (chunk === null) call.end(DONE);
  else call.received(chunk);
}

/** Node 18 has no channel for errors, so each call listens; newer ones tell both. */
function onError(error) {
  try {
    const call = getCall(this);
    if (call !== undefined && call.begun) endByError(call, error);
  } catch (problem) {
    failed('node:http error', problem);
  }
}

function endByError(call, error) {
  if (call.endedByApp && isHangUp(error)) call.end(ABORTED);
  else endWithError(call, error);
}

function isHangUp(error) {
  return error.code === 'ECONNRESET' && error.syscall === undefined;
}

/** A request may fail before anything of it was written. */
function onEarlyError({ request, error }) {
  try {
    if (getCall(request) !== undefined || request.destroyed) return;
    endByError(beginCall(request), error);
  } catch (problem) {
    failed('node:http error', problem);
  }
}

/** The last event of every request; most calls have ended by now. */
function onClose() {
  try {
    const call = getCall(this);
    if (call !== undefined && call.begun) endAtClose(call, this.res);
  } catch (error) {
    failed('node:http close', error);
  }
}

function endAtClose(call, response) {
  if (response && response.upgrade) {
    // The socket is the application's now; what passes there is no longer HTTP.
    call.response(response.statusCode, response.rawHeaders);
    call.end(DONE);
  } else if (response && response.complete) {
    call.end(DONE);
  } else if (response && response.errored && !call.endedByApp) {
    endWithError(call, response.errored);
  } else {
    call.end(ABORTED);
  }
}

module.exports = { observeHttp };
