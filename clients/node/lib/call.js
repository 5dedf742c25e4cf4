// call: one call to another service under way, and what the C library is told about it.
// SPDX-License-Identifier: Apache-2.0
'use strict';

// As in observer.h.
const WANT_REQUEST_BODY = 1;
const WANT_RESPONSE_BODY = 2 | 4; // as a whole, or as it comes
const WANTS_BITS = 3;
const DONE = 0;
const ABORTED = 1;
const FAILED = 2;

const NOT_BEGUN = -1;
const OVER = -2; // ended, or never to be observed

const USUAL_PORTS = { 'http:': 80, 'https:': 443 };

// Header blocks that come as many small buffers are put together here: one crossing instead of
// one for each buffer.
const arena = Buffer.allocUnsafeSlow(64 * 1024);

/** The native side: `native` is null while nothing is observed, `addon` where it is not loaded. */
const bridge = { native: null, addon: null };

let said = false;

/** The native side is to know whether any call was seen at all: the end of the program asks it. */
function sayAny() {
  if (said || bridge.native === null) return;
  said = true;
  bridge.native.called();
}

// Taken now: an application's tests may put a clock of their own in its place.
const now = performance.now.bind(performance);

/** Its methods may be called in any order and number: what does not fit does nothing. */
class Call {
  constructor() {
    this.slot = NOT_BEGUN;
    this.wants = 0;
    this.createdAt = 0; // by now(), where there may be a wait before the head is sent
    this.host = ''; // where it goes, as far as that is known before its head
    this.port = undefined;
    if (!said) sayAny();
    this.endedByApp = false;
  }

  get begun() {
    return this.slot >= 0;
  }

  get pending() {
    return this.slot === NOT_BEGUN;
  }

  /** Where it goes, as a URL without a path. */
  origin(protocol) {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    const usual = this.port === undefined || this.port === USUAL_PORTS[protocol];
    return usual ? `${protocol}//${host}` : `${protocol}//${host}:${this.port}`;
  }

  /**
   * `head`: request line and header lines, as sent. `named`: the name in its host line stands in the
   * URL where `origin` has but an address.
   */
  begin(origin, head, named) {
    if (this.slot !== NOT_BEGUN || bridge.native === null) return;
    const age = this.createdAt === 0 ? 0 : now() - this.createdAt;
    const answer = bridge.native.begin(origin, head, age, named);
    this.slot = answer < 0 ? OVER : answer >> WANTS_BITS;
    this.wants = answer < 0 ? 0 : answer & ((1 << WANTS_BITS) - 1);
  }

  /** A part of the request's body. Where nobody wants the bytes, how many they are is told. */
  sent(part) {
    if (this.slot < 0) return;
    const wanted = (this.wants & WANT_REQUEST_BODY) !== 0;
    bridge.native.sent(this.slot, wanted ? part : sizeOf(part));
  }

  /** `headers`: name, value, name, value..., as strings or as buffers. */
  response(status, headers) {
    if (this.slot < 0) return;
    const length = packBuffers(headers);
    if (length >= 0) bridge.native.responsePacked(this.slot, status, length);
    else bridge.native.response(this.slot, status, joinLines(headers));
  }

  /** The same of the response's. */
  received(part) {
    if (this.slot < 0) return;
    const wanted = (this.wants & WANT_RESPONSE_BODY) !== 0;
    bridge.native.received(this.slot, wanted ? part : sizeOf(part));
  }

  end(how, code, message) {
    if (this.slot >= 0) bridge.native.end(this.slot, how, code, message);
    this.slot = OVER;
    this.wants = 0;
  }
}

/** A string goes to C as it is where UTF-8 is what Node sends of it. */
function asSent(chunk, encoding) {
  if (typeof chunk !== 'string' || typeof encoding !== 'string') return chunk;
  return /^utf-?8$/i.test(encoding) ? chunk : Buffer.from(chunk, encoding);
}

function sizeOf(part) {
  return typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength;
}

/** Header lines at the start of the arena; their length, or -1 when they are not for it. */
function packBuffers(headers) {
  let end = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    const value = headers[i + 1];
    if (!Buffer.isBuffer(name) || !Buffer.isBuffer(value)) return headers.length === 0 ? 0 : -1;
    if (end + name.length + value.length + 4 > arena.length) return -1;
    end = copyTo(name, end);
    arena[end++] = 0x3a; // ": "
    arena[end++] = 0x20;
    end = copyTo(value, end);
    arena[end++] = 0x0d;
    arena[end++] = 0x0a;
  }
  return end;
}

// Names and values are short: byte by byte they are copied before set() has begun.
function copyTo(bytes, end) {
  for (let i = 0; i < bytes.length; i++) arena[end + i] = bytes[i];
  return end + bytes.length;
}

function joinLines(headers) {
  let lines = '';
  for (let i = 0; i < headers.length; i += 2) {
    lines += `${asText(headers[i])}: ${asText(headers[i + 1])}\r\n`;
  }
  return lines;
}

function asText(value) {
  return Buffer.isBuffer(value) ? value.latin1Slice() : value;
}

module.exports = { ABORTED, Call, DONE, FAILED, arena, asSent, bridge, now };
