// http: observes node:http and node:https clients, at the prototypes all their users share.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { errorMonitor } = require('node:events');
const http = require('node:http');

const { ABORTED, Call, DONE, asSent } = require('./call.js');
const { listen } = require('./channels.js');
const { endWithError } = require('./ending.js');
const { failed } = require('./guard.js');
const { patch, watch } = require('./patch.js');
const { getCall, setCall } = require('./stamp.js');

const PUBLISHES_ERRORS = publishesErrors(process.versions.node.split('.').map(Number));

/** Starts to observe; returns a function that stops. */
function observeHttp() {
  const request = http.ClientRequest.prototype;
  const undo = [
    patch(http.Agent.prototype, 'addRequest', wrapAddRequest),
    patch(request, 'write', wrapWrite),
    patch(request, 'end', wrapWrite),
    patch(request, 'flushHeaders', wrapFlush),
    patch(request, 'destroy', wrapDestroy),
    patch(http.IncomingMessage.prototype, 'push', wrapPush),
    watch(request, 'emit', onEmit),
    listen('http.client.response.finish', onResponse),
    listen('http.client.request.error', onPublishedError),
  ];
  return () => undo.forEach((step) => step());
}

/** Where each error is published, nobody has to listen for it: 20.17 and 22.7. */
function publishesErrors([major, minor]) {
  return major > 22 || (major === 22 && minor >= 7) || (major === 20 && minor >= 17);
}

// By the constructor: the only place where it is said to which port the request goes.
function wrapAddRequest(next) {
  return function addRequest(request, options) {
    try {
      const call = new Call();
      if (options && options.port) call.port = Number(options.port);
      tie(request, call);
    } catch (error) {
      failed('node:http agent', error);
    }
    return Reflect.apply(next(), this, arguments);
  };
}

/**
 * A request may be called by way of a Proxy, or of an object that inherits from it (mocks, membranes):
 * these have its parts, but are not itself. The part that they share until it is sent bears the call
 * as well; from then on the connection knows the request.
 */
function tie(request, call) {
  setCall(request, call);
  if (Array.isArray(request.outputData)) setCall(request.outputData, call);
}

function callOf(request) {
  const own = getCall(request);
  if (own !== undefined) return own;
  const { socket, outputData } = request;
  const itself = socket ? socket._httpMessage : undefined;
  const call = itself ? getCall(itself) : undefined;
  return call === undefined && Array.isArray(outputData) ? getCall(outputData) : call;
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
    const call = beginCall(request);
    if (call.begun && chunk && typeof chunk !== 'function') call.sent(asSent(chunk, encoding));
  } catch (error) {
    failed('node:http request', error);
  }
}

/** The call of a request, which begins with this where it has not yet. */
function beginCall(request) {
  let call = callOf(request);
  if (call === undefined) tie(request, (call = new Call()));
  if (!call.pending) return call;
  call.host = request.host || 'localhost';
  const head = request._header || headOf(request);
  // What goes through a tunnel is seen by itself; opening one is the way, not a call.
  if (request.method === 'CONNECT') call.end(DONE);
  else call.begin(call.origin(request.protocol), head, call.port === undefined);
  // errorMonitor does not count as handling an error.
  if (call.begun && !PUBLISHES_ERRORS) request.on(errorMonitor, onError);
  return call;
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
      const call = this.destroyed ? undefined : callOf(this);
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
    const call = beginCall(request);
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

/** Before every listener of the request's own. */
function onPublishedError({ request, error }) {
  try {
    const call = callOf(request);
    const unsent = call === undefined || call.pending;
    // It may have failed before anything of it was written.
    if (unsent && !request.destroyed) endByError(beginCall(request), error);
    else if (!unsent && call.begun) endByError(call, error);
  } catch (problem) {
    failed('node:http error', problem);
  }
}

function onError(error) {
  onPublishedError({ request: this, error });
}

function endByError(call, error) {
  if (call.endedByApp && isHangUp(error)) call.end(ABORTED);
  else endWithError(call, error);
}

function isHangUp(error) {
  return error.code === 'ECONNRESET' && error.syscall === undefined;
}

/** Its last event is told when it is closed; most calls have ended by then. */
function onEmit(request) {
  if (!request._closed && PUBLISHES_ERRORS) return;
  try {
    const call = callOf(request);
    if (call === undefined) return;
    if (!request._closed) endUnsent(request, call);
    else if (call.begun) endAtClose(call, request.res);
  } catch (error) {
    failed('node:http close', error);
  }
}

// Of a request whose connection failed before anything was written, as where a program waits for it
// first: nothing listens for its error yet, and a listener of ours could be counted.
function endUnsent(request, call) {
  const error = call.pending && !request.destroyed && request.socket && request.socket.errored;
  if (error) onPublishedError({ request, error });
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
