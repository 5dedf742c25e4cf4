// taskless: all that a Pack in AssemblyScript is written with: its input, what it answers, the words
// all Packs share, and what the host gives.
// SPDX-License-Identifier: Apache-2.0
//
// What a service sends is never what its manual says, so nothing of an input fails: a member that is
// not there, is null, is of another type or was cut off is *absent*. Looking into it finds nothing,
// and capturing it does nothing.

// ---- The host: Extism's interface ---------------------------------------------------------------

// @ts-ignore: decorator
@external("extism:host/env", "alloc")
declare function hostAlloc(size: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "free")
declare function hostFree(block: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "length")
declare function hostLength(block: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "load_u8")
declare function hostLoad8(at: u64): u32;
// @ts-ignore: decorator
@external("extism:host/env", "store_u8")
declare function hostStore8(at: u64, byte: u32): void;
// @ts-ignore: decorator
@external("extism:host/env", "store_u64")
declare function hostStore64(at: u64, bytes: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "input_length")
declare function hostInputLength(): u64;
// @ts-ignore: decorator
@external("extism:host/env", "input_load_u8")
declare function hostInputLoad8(index: u64): u32;
// @ts-ignore: decorator
@external("extism:host/env", "input_load_u64")
declare function hostInputLoad64(index: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "output_set")
declare function hostOutputSet(block: u64, length: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "error_set")
declare function hostErrorSet(block: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "config_get")
declare function hostConfigGet(key: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "var_get")
declare function hostVarGet(key: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "var_set")
declare function hostVarSet(key: u64, value: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "http_request")
declare function hostHttpRequest(request: u64, body: u64): u64;
// @ts-ignore: decorator
@external("extism:host/env", "http_status_code")
declare function hostHttpStatus(): i32;
// @ts-ignore: decorator
@external("extism:host/env", "log_debug")
declare function hostLogDebug(text: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "log_info")
declare function hostLogInfo(text: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "log_warn")
declare function hostLogWarn(text: u64): void;
// @ts-ignore: decorator
@external("extism:host/env", "log_error")
declare function hostLogError(text: u64): void;

function give(text: string): u64 {
  const bytes = String.UTF8.encode(text);
  const length = bytes.byteLength;
  const block = hostAlloc(length);
  for (let i = 0; i < length; i++) hostStore8(block + i, load<u8>(changetype<usize>(bytes) + i));
  return block;
}

function take(block: u64): string | null {
  if (!block) return null;
  const bytes = new ArrayBuffer(<i32>hostLength(block));
  for (let i = 0; i < bytes.byteLength; i++) store<u8>(changetype<usize>(bytes) + i, hostLoad8(block + i));
  hostFree(block);
  return String.UTF8.decode(bytes);
}

/** Lines for the log, seen by who writes the Pack: 20 for a call. */
export namespace log {
  export function debug(text: string): void {
    hostLogDebug(give(text));
  }
  export function info(text: string): void {
    hostLogInfo(give(text));
  }
  export function warn(text: string): void {
    hostLogWarn(give(text));
  }
  export function error(text: string): void {
    hostLogError(give(text));
  }
}

/** The fields of the manifest by name, as Extism knows them. */
export namespace Config {
  export function get(name: string): string | null {
    return take(hostConfigGet(give(name)));
  }
}

/** What outlives a call, where the manifest asks for `vars` and the configuration grants them. */
export namespace Var {
  export function get(name: string): string | null {
    return take(hostVarGet(give(name)));
  }
  export function set(name: string, value: string): void {
    hostVarSet(give(name), give(value));
  }
  export function remove(name: string): void {
    hostVarSet(give(name), 0);
  }
}

/** Calls of the Pack's own, to hosts that the manifest names and the configuration grants. */
export namespace Http {
  /** `request` is JSON: {"url": "...", "method": "GET", "headers": {}}. The answer's body, or null. */
  export function request(request: string, body: string | null = null): string | null {
    return take(hostHttpRequest(give(request), body ? give(body) : 0));
  }
  /** Of the last answer. */
  export function status(): i32 {
    return hostHttpStatus();
  }
}

/** What `throw`, an index outside an array and the like end with: the hook's error, then a trap. */
export function fault(message: string | null, file: string | null, line: u32, column: u32): void {
  hostErrorSet(give(message ? message : "it failed"));
  unreachable();
}

// ---- Reading JSON -------------------------------------------------------------------------------

// The text need not be good JSON; it may be cut off anywhere. It ends with zeros, so that a reader
// stops there.
const NOTHING = memory.data(8);
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;
const OPENS: u8 = 0x7b; // '{', and '[' with the bit 0x20
const CLOSES: u8 = 0x7d;
const BRACKET: u8 = 0x5b;

function skipSpace(at: usize): usize {
  while (<u8>(load<u8>(at) - 1) < 0x20) at++;
  return at;
}

/** From inside a string to its closing quote, or to the zero where there is none. */
function skipString(at: usize): usize {
  let byte = load<u8>(at);
  while (byte && byte != QUOTE) {
    at += byte == BACKSLASH && load<u8>(at, 1) ? 2 : 1;
    byte = load<u8>(at);
  }
  return at;
}

/** Past a value; onto the zero when it was cut off. */
function skip(at: usize): usize {
  let depth = 0;
  for (; load<u8>(at); at++) {
    const brace = load<u8>(at) | 0x20;
    if (brace == OPENS) depth++;
    if (brace == CLOSES && --depth < 0) return at; // behind a number or a word
    if (load<u8>(at) == QUOTE) {
      at = skipString(at + 1);
      if (!load<u8>(at)) break;
    }
    if (depth > 0) continue;
    const next = load<u8>(at, 1);
    if (brace == CLOSES || load<u8>(at) == QUOTE || next == COMMA || next <= 0x20) return at + 1;
  }
  return at;
}

/** Past the value at `at`, a `mark` and the space around it; onto nothing when that is not there. */
function behind(at: usize, mark: u8): usize {
  at = skipSpace(skip(at));
  return load<u8>(at) == mark ? skipSpace(at + 1) : NOTHING;
}

/** True when the string at `at` is this text, which is plain ASCII. */
function isText(at: usize, text: string): bool {
  if (load<u8>(at) != QUOTE) return false;
  for (let i = 0; i < text.length; i++) if (load<u8>(at + 1 + i) != text.charCodeAt(i)) return false;
  return load<u8>(at + 1 + text.length) == QUOTE;
}

/**
 * A value of the input: a place in its text, or absent. Nothing is parsed before it is asked for.
 * It lives until the hook ends.
 */
@unmanaged
@final
export class Json {
  private get at(): usize {
    return changetype<usize>(this);
  }

  /** The member of that name, of an object or of a list of [name, value] pairs, as headers are. */
  get(name: string): Json {
    const isObject = load<u8>(this.at) == OPENS;
    let at = (load<u8>(this.at) | 0x20) == OPENS ? skipSpace(this.at + 1) : NOTHING;
    while (load<u8>(at) && (load<u8>(at) | 0x20) != CLOSES) {
      const key = isObject ? at : load<u8>(at) == BRACKET ? skipSpace(at + 1) : NOTHING;
      const value = load<u8>(key) == QUOTE ? behind(key, isObject ? COLON : COMMA) : NOTHING;
      if (isText(key, name)) return changetype<Json>(value);
      at = behind(isObject ? value : at, COMMA);
    }
    return changetype<Json>(NOTHING);
  }

  /** The item of an array, counted from 0. */
  item(index: i32): Json {
    let at = load<u8>(this.at) == BRACKET ? skipSpace(this.at + 1) : NOTHING;
    while (index-- > 0) at = behind(at, COMMA);
    return changetype<Json>((load<u8>(at) | 0x20) == CLOSES ? NOTHING : at);
  }

  /** Neither absent, nor null, nor an empty string. */
  get isSet(): bool {
    const first = load<u8>(this.at);
    return first != 0 && first != 0x6e && !(first == QUOTE && load<u8>(this.at, 1) == QUOTE);
  }

  get isString(): bool {
    return load<u8>(this.at) == QUOTE;
  }

  get isTrue(): bool {
    return load<u8>(this.at) == 0x74;
  }

  get isFalse(): bool {
    return load<u8>(this.at) == 0x66;
  }

  /** This value, or the other where this one is not set. */
  or(other: Json): Json {
    return this.isSet ? this : other;
  }

  /** True when it is this string. */
  is(text: string): bool {
    return isText(this.at, text);
  }

  /** True when it is a string that begins so. */
  startsWith(text: string): bool {
    for (let i = 0; i < text.length; i++) if (load<u8>(this.at + 1 + i) != text.charCodeAt(i)) return false;
    return this.isString;
  }

  /** A whole number, or a string that is one, as headers have them; `otherwise` when it is neither. */
  count(otherwise: i64): i64 {
    const from = this.at + (this.isString ? 1 : 0);
    let at = from;
    let count: i64 = 0;
    for (; <u8>(load<u8>(at) - 0x30) < 10; at++) count = count * 10 + (load<u8>(at) - 0x30);
    const ends = this.isString ? load<u8>(at) == QUOTE : at == skip(from);
    return ends && at > from && at - from < 16 ? count : otherwise;
  }

  /** Its text: of a string what is between the quotes, escapes as they are. */
  toString(): string {
    const end = skip(this.at);
    return this.isString ? String.UTF8.decodeUnsafe(this.at + 1, end - this.at - 2) : String.UTF8.decodeUnsafe(this.at, end - this.at);
  }

  /** How many bytes it has as it stands. */
  get size(): usize {
    return skip(this.at) - this.at;
  }
}

export const absent = changetype<Json>(NOTHING);

// Both are kept from one hook to the next, so that a long stream takes no more memory than a piece.
let inputAt: usize = 0;
let inputRoom: usize = 0;
let outputAt: usize = 0;
let outputRoom: usize = 0;
let outputLength: usize = 0;

/**
 * The hook's input. There is: requestId; request{url domain path method headers body}; response{status
 * headers body}; error{kind code message} where no whole response came; chunk, done; context; environment;
 * configuration; time{start end}; truncated; attempt.
 */
export function input(): Json {
  const length = <usize>hostInputLength();
  if (length + 16 > inputRoom) {
    inputRoom = 2 * length + 16;
    inputAt = heap.alloc(inputRoom);
  }
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) store<u64>(inputAt + i, hostInputLoad64(i));
  for (; i < length; i++) store<u8>(inputAt + i, hostInputLoad8(i));
  store<u64>(inputAt + length, 0);
  return changetype<Json>(inputAt);
}

// ---- What a hook answers ------------------------------------------------------------------------

const STRING_MAX: usize = 16384; // a longer string is no answer to anything

function reserve(more: usize): void {
  if (outputLength + more <= outputRoom) return;
  const from = outputAt;
  outputRoom = 2 * (outputLength + more) + 4096;
  outputAt = heap.alloc(outputRoom);
  memory.copy(outputAt, from, outputLength);
}

function put(text: string): void {
  const length = text.length;
  reserve(length);
  for (let i = 0; i < length; i++) store<u8>(outputAt + outputLength + i, <u8>text.charCodeAt(i));
  outputLength += length;
}

function putBytes(at: usize, length: usize): void {
  reserve(length);
  memory.copy(outputAt + outputLength, at, length);
  outputLength += length;
}

/** Captures, and what is kept for this Pack's next hook of the same call. */
@final
export class Output {
  private keeping: bool = false;

  constructor() {
    outputLength = 0;
    put('{"capture":{');
  }

  private name(name: string): void {
    put(load<u8>(outputAt + outputLength - 1) == OPENS ? '"' : ',"');
    put(name);
    put('":');
  }

  /** A string, number or boolean as it stands; anything else is left out. Names are plain ASCII. */
  capture(name: string, value: Json): void {
    const first = load<u8>(changetype<usize>(value));
    const isValue = first == QUOTE || first == 0x2d || <u8>(first - 0x30) < 10 || first == 0x74 || first == 0x66;
    const size = value.size;
    const isWhole = load<u8>(changetype<usize>(value) + size) != 0;
    if (!isValue || !value.isSet || !isWhole || size > STRING_MAX) return;
    this.name(name);
    putBytes(changetype<usize>(value), size);
  }

  /** One of a Pack's own words: ASCII, nothing in it that JSON escapes. */
  word(name: string, word: string): void {
    this.name(name);
    put('"');
    put(word);
    put('"');
  }

  flag(name: string, value: bool): void {
    this.name(name);
    put(value ? "true" : "false");
  }

  count(name: string, value: i64): void {
    this.name(name);
    if (value < 0) put("-"), (value = -value);
    const digits = memory.data(24);
    let at: usize = digits + 24;
    do {
      store<u8>(--at, <u8>(0x30 + value % 10));
      value /= 10;
    } while (value);
    putBytes(at, digits + 24 - at);
  }

  /** `ok` and `class`: the first captures. */
  verdict(verdict: Verdict): void {
    this.flag("ok", verdict.kind == Class.NONE);
    if (verdict.kind != Class.NONE) this.word("class", CLASSES[verdict.kind]);
  }

  /** `retry.advice` and `retry.after_ms`: behind `error.*`. */
  retry(verdict: Verdict): void {
    if (verdict.advice != Advice.NONE) this.word("retry.advice", ADVICES[verdict.advice]);
    if (verdict.advice == Advice.AFTER) this.count("retry.after_ms", verdict.afterMs);
  }

  /** Keeps a value as it stands: the next hook finds it in its input under `context`. Behind all captures. */
  keep(name: string, value: Json): void {
    if (!this.keeping) put('},"context":{');
    this.keeping = true;
    if (!value.isSet) return;
    this.name(name);
    putBytes(changetype<usize>(value), value.size);
  }

  /** Ends a hook: `return output.done();` */
  done(): i32 {
    put("}}");
    const length = outputLength;
    reserve(8);
    const block = hostAlloc(length + 8);
    for (let i: usize = 0; i < length; i += 8) hostStore64(block + i, load<u64>(outputAt + i));
    hostOutputSet(block, length);
    return 0;
  }
}

// ---- Words all Packs share ----------------------------------------------------------------------

/** What kind of failure it was. */
export enum Class { NONE, AUTH, PERMISSION, INVALID, NOT_FOUND, CONFLICT, IDEMPOTENCY, RATE, QUOTA, DECLINED, OVERLOADED, TIMEOUT, SERVER, PARTIAL, NETWORK }

/** What to do now. */
export enum Advice { NONE, YES, NO, AFTER, REAUTH, PAY, FIX }

const CLASSES: StaticArray<string> = ["", "auth", "permission", "invalid", "not_found", "conflict", "idempotency", "rate", "quota", "declined", "overloaded", "timeout", "server", "partial", "network"];
const ADVICES: StaticArray<string> = ["", "yes", "no", "after", "reauth", "pay", "fix"];
// What is mostly to be done about a class.
const USUAL: StaticArray<u8> = [0, 4, 6, 6, 6, 1, 6, 1, 5, 5, 1, 1, 1, 1, 1];

/** What a status means where the service does not say more; NONE below 400. */
export function classOfStatus(status: i64): Class {
  if (status < 400) return Class.NONE;
  switch (<i32>status) {
    case 401: return Class.AUTH;
    case 402: return Class.QUOTA;
    case 403: return Class.PERMISSION;
    case 404:
    case 410: return Class.NOT_FOUND;
    case 408:
    case 504: return Class.TIMEOUT;
    case 409: return Class.CONFLICT;
    case 424: return Class.SERVER;
    case 429: return Class.RATE;
    case 503:
    case 529: return Class.OVERLOADED;
  }
  return status < 500 ? Class.INVALID : Class.SERVER;
}

/** A judgement of one call; with the class NONE it did not fail. */
@final
export class Verdict {
  advice: Advice;
  afterMs: i64 = 0;

  /** Without advice it is what is mostly to be done about this class. */
  constructor(public kind: Class = Class.NONE, advice: Advice = Advice.NONE) {
    this.advice = advice != Advice.NONE ? advice : <Advice>USUAL[kind];
  }

  /** Takes in what the service says about trying again: "true" or "false", which knows more than a status
   *  does, and how long to wait; below 0 it does not say. */
  heed(shouldRetry: Json, afterMs: i64): void {
    if (this.kind == Class.NONE) return;
    // Money does not come back by asking again.
    if (shouldRetry.is("true") && this.kind != Class.QUOTA) this.advice = Advice.YES;
    if (this.advice != Advice.YES) return;
    if (shouldRetry.is("false")) this.advice = Advice.NO;
    else if (afterMs >= 0) this.advice = Advice.AFTER;
    this.afterMs = afterMs;
  }
}
