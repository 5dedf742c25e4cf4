// connections: what a program's connections say where no call can be seen in them.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const net = require('node:net');

const { Call, FAILED, bridge } = require('./call.js');
const { failed } = require('./guard.js');
const { patch } = require('./patch.js');
const { getCall, setCall } = require('./stamp.js');

// grpc-js connects before it has a request: where nobody listens there will be none.
const CONNECTS_AHEAD = /[\\/][^\\/]*grpc-js[^\\/]*[\\/]build[\\/]src[\\/]/;

const TRACE = ['prepareStackTrace', 'stackTraceLimit'];

/** Starts to observe; returns a function that stops. */
function observeConnections() {
  const undo = [
    patch(net.Socket.prototype, 'connect', wrapConnect),
    patch(net.Socket.prototype, '_destroy', wrapDestroy),
  ];
  return () => undo.forEach((step) => step());
}

function wrapConnect(next) {
  return function connect() {
    try {
      onConnect(this, addressOf(arguments));
    } catch (error) {
      failed('node:net', error);
    }
    return Reflect.apply(next(), this, arguments);
  };
}

/** `connect`'s arguments as options; Node hands them on as a list that it has made of them. */
function addressOf([first, host]) {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options === 'object' && options !== null) return options;
  return Number.isInteger(Number(options)) ? { port: options, host } : { path: options };
}

function onConnect(socket, { path, host, port }) {
  // A local socket leads to no service.
  if (path || bridge.native === null) return;
  bridge.native.connected();
  if (!isAhead()) return;
  const call = new Call();
  call.host = typeof host === 'string' ? host : 'localhost';
  call.port = port;
  setCall(socket, call);
}

// Only where HTTP/2 is in use at all is it worth asking who connects. Neither the program's own way of
// writing a trace nor its limit plays a part in it; both are as they were afterwards.
function isAhead() {
  if (!(process.moduleLoadList || []).includes('NativeModule http2')) return false;
  const before = TRACE.map((name) => [name, Object.getOwnPropertyDescriptor(Error, name)]);
  const holder = {};
  try {
    Object.defineProperty(Error, 'stackTraceLimit', { value: 16, configurable: true });
    Object.defineProperty(Error, 'prepareStackTrace', { value: namesOfFiles, configurable: true });
    Error.captureStackTrace(holder, onConnect);
    return holder.stack.some((file) => CONNECTS_AHEAD.test(file));
  } catch {
    return false; // somebody froze them
  } finally {
    for (const [name, property] of before) restore(name, property);
  }
}

const namesOfFiles = (_, sites) => sites.map((site) => site.getFileName() || '');

function restore(name, property) {
  if (property === undefined) delete Error[name];
  else if (property.configurable) Object.defineProperty(Error, name, property);
}

function wrapDestroy(next) {
  return function _destroy(error) {
    try {
      const call = getCall(this);
      if (call !== undefined && error && error.syscall === 'connect') onUnconnected(call, error);
    } catch (problem) {
      failed('node:net', problem);
    }
    return Reflect.apply(next(), this, arguments);
  };
}

/** As the other clients tell of a connection for which there is no request yet. */
function onUnconnected(call, { code, message }) {
  call.begin(call.origin(call.port === 443 ? 'https:' : 'http:'), 'CONNECT / HTTP/2\r\n', false);
  call.end(FAILED, code, message);
}

module.exports = { observeConnections };
