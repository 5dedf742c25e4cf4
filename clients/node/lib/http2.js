// http2: observes node:http2 clients, at the classes of their sessions and streams.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { ABORTED, Call, DONE, FAILED, asSent } = require('./call.js');
const { listen } = require('./channels.js');
const { endWithError } = require('./ending.js');
const { failed } = require('./guard.js');
const { whenUsed } = require('./http2classes.js');
const { patch } = require('./patch.js');
const { getCall, setCall } = require('./stamp.js');

// What a stream can be closed with, by number: RFC 9113, section 7.
const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** A stream may bring its end before the event that brings its head. */
class StreamCall extends Call {
  constructor(upgrade) {
    super();
    this.upgrade = upgrade; // what follows the head is no longer HTTP
    this.answered = false;
    this.complete = false;
  }
}

/** Starts to observe; returns a function that stops. */
function observeHttp2() {
  const undo = [];
  const known = new Set();
  const learn = (prototype, methods) => {
    if (known.has(prototype)) return;
    known.add(prototype);
    for (const [name, make] of Object.entries(methods)) undo.push(patch(prototype, name, make));
  };
  const onStream = (stream, headers) => {
    try {
      learn(Object.getPrototypeOf(stream), STREAM);
      if (getCall(stream) === undefined) beginCall(stream, headers);
    } catch (error) {
      failed('node:http2 request', error);
    }
  };
  // Newer versions publish each stream; where they do not, the class of sessions tells of them.
  undo.push(
    listen('http2.client.stream.created', ({ stream, headers }) => onStream(stream, headers)),
    whenUsed((session) => learn(session, { request: wrapRequest(onStream) })),
  );
  return () => undo.forEach((step) => step());
}

const wrapRequest = (onStream) => (next) =>
  function request() {
    const stream = Reflect.apply(next(), this, arguments);
    onStream(stream, stream.sentHeaders);
    return stream;
  };

function beginCall(stream, headers) {
  // What a server pushes was not asked for; what undici sends is told by its own channels.
  if (stream.id % 2 === 0 || isUndici(stream.session)) return;
  const fields = Array.isArray(headers) ? fieldsOfList(headers) : headers;
  // What goes through a tunnel is seen by itself. With a protocol it is an upgrade.
  const upgrade = fields[':protocol'] !== undefined;
  if (fields[':method'] === 'CONNECT' && !upgrade) return;
  const call = new StreamCall(upgrade);
  setCall(stream, call);
  call.begin(originOf(fields), headOf(fields), false);
}

/** undici ties each of its sessions to the client that made it. */
function isUndici(session) {
  if (session === undefined) return false;
  return Object.getOwnPropertySymbols(session).some((key) => {
    const value = session[key];
    return value !== null && typeof value === 'object' && typeof value.dispatch === 'function';
  });
}

function fieldsOfList(list) {
  const fields = {};
  for (let i = 0; i < list.length; i += 2) {
    const name = String(list[i]).toLowerCase();
    fields[name] = name in fields ? [].concat(fields[name], list[i + 1]) : list[i + 1];
  }
  return fields;
}

function originOf(fields) {
  const host = fields[':authority'] || fields.host || 'localhost';
  return `${fields[':scheme'] || 'https'}://${host}`;
}

function headOf(fields) {
  return `${fields[':method']} ${fields[':path'] || '/'} HTTP/2\r\n${linesOf(fields)}`;
}

function linesOf(fields) {
  let lines = '';
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith(':')) continue;
    for (const one of Array.isArray(value) ? value : [value]) lines += `${name}: ${one}\r\n`;
  }
  return lines;
}

function listOf(fields) {
  const list = [];
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith(':')) continue;
    for (const one of Array.isArray(value) ? value : [value]) list.push(name, one);
  }
  return list;
}

/** A method that tells its stream's call before it does what it ever did. */
const telling = (name, tell) => (next) =>
  ({
    [name](...args) {
      try {
        const call = getCall(this);
        if (call !== undefined && call.begun) tell(call, this, ...args);
      } catch (error) {
        failed(`node:http2 ${name}`, error);
      }
      return Reflect.apply(next(), this, args);
    },
  })[name];

const STREAM = {
  _write: telling('_write', (call, stream, chunk, encoding) => onWrite(call, chunk, encoding)),
  _writev: telling('_writev', (call, stream, parts) => {
    for (const { chunk, encoding } of parts) onWrite(call, chunk, encoding);
  }),
  push: telling('push', onPush),
  emit: telling('emit', onEvent),
  close: telling('close', onGivenUp),
  destroy: telling('destroy', onGivenUp),
};

function onWrite(call, chunk, encoding) {
  if (!call.upgrade) call.sent(asSent(chunk, encoding));
}

function onPush(call, stream, part) {
  if (part !== null) return call.received(part);
  // A stream that is destroyed pushes an end as well.
  if (stream.destroyed) return undefined;
  call.complete = true;
  return call.answered ? call.end(DONE) : undefined;
}

function onEvent(call, stream, event, value) {
  if (event === 'response') onResponse(call, value);
  else if (event === 'headers') call.response(value[':status'], listOf(value));
  else if (event === 'error') onError(call, value);
  else if (event === 'close') onClose(call, stream);
}

function onResponse(call, headers) {
  call.answered = true;
  call.response(headers[':status'], listOf(headers));
  if (call.complete || call.upgrade) call.end(DONE);
}

/** Node itself closes the streams of a connection that is gone, and destroys what is closed. */
function onGivenUp(call, stream) {
  const { session } = stream;
  const socket = session === undefined || session.destroyed ? undefined : session.socket;
  const lost = socket !== undefined && socket.destroyed;
  if (!stream.closed && !stream.destroyed && !lost) call.endedByApp = true;
}

function onError(call, error) {
  // Why a connection was not made is told by what caused the end of its streams.
  const { cause } = error || {};
  const byConnection = error && error.code === 'ERR_HTTP2_STREAM_CANCEL' && cause && cause.code;
  if (byConnection) endWithError(call, cause);
  else if (call.endedByApp && isMadeByNode(error)) call.end(ABORTED);
  else endWithError(call, error);
}

function isMadeByNode(error) {
  return error.code === 'ERR_HTTP2_STREAM_ERROR' || error.code === 'ERR_HTTP2_STREAM_CANCEL';
}

function onClose(call, stream) {
  if (call.answered && call.complete) call.end(DONE);
  else if (call.endedByApp) call.end(ABORTED);
  else call.end(FAILED, nameOf(stream.rstCode), 'stream closed before its answer was complete');
}

const nameOf = (code) => (code in CODES ? `NGHTTP2_${CODES[code]}` : 'ERR_HTTP2_STREAM_ERROR');

module.exports = { observeHttp2 };
