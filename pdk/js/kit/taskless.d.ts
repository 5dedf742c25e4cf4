// taskless: what a Pack is shown, what it answers, and what the host gives it.
// SPDX-License-Identifier: Apache-2.0

/** JSON as it came from outside: look into it with `?.`, since a service sends what it likes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** Pairs, lower case and sorted by name, values of one name in the order in which they came. */
export interface Headers extends ReadonlyArray<readonly [name: string, value: string]> {
  /** The first value of that name, in any case. */
  get(name: string): string | undefined;
  all(name: string): string[];
}

export interface Request<Body = Json> {
  readonly url: string;
  readonly domain: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  /** JSON where it was JSON; else, or when it was cut off, a string. Absent where it was not granted. */
  readonly body?: Body;
}

export interface Response<Body = Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly body?: Body;
}

/** Why no whole response came. */
export interface Failure {
  readonly kind: "dns" | "connect" | "tls" | "reset" | "timeout" | "aborted" | "protocol" | "other";
  readonly code?: string;
  readonly message?: string;
}

interface Input<Context, Configuration> {
  readonly requestId: string;
  readonly request: Request;
  /** What this Pack's hook before returned. */
  readonly context?: Context;
  /** Variables that were asked for and granted. */
  readonly environment: Readonly<Record<string, string>>;
  /** The fields of the manifest, with what was configured or their defaults. */
  readonly configuration: Configuration;
  /** Milliseconds since the epoch. `Date.now()` stands at the time of the event. */
  readonly time: { readonly start: number; readonly end?: number };
  readonly truncated?: readonly string[];
  /** 2 for the first retry. */
  readonly attempt?: number;
}

export type PreInput<Context = Json, Configuration = Json> = Input<Context, Configuration>;

export interface PostInput<Context = Json, Configuration = Json> extends Input<Context, Configuration> {
  /** Absent where none came: then there is an `error`. */
  readonly response?: Response;
  readonly error?: Failure;
}

export interface ChunkInput<Context = Json, Configuration = Json> extends Input<Context, Configuration> {
  readonly response: Response;
  /** An event of a stream, a line of NDJSON, else up to 16 KiB: in base64, and as text. */
  readonly chunk: string;
  readonly text: string;
  /** True for the last one, which is empty. */
  readonly done: boolean;
}

/** What kind of failure it was. */
export type Class =
  | "auth" | "permission" | "invalid" | "not_found" | "conflict" | "idempotency" | "rate"
  | "quota" | "declined" | "overloaded" | "timeout" | "server" | "partial" | "network";

/** What to do now. */
export type Advice = "yes" | "no" | "after" | "reauth" | "pay" | "fix";

/** null, undefined, "" and what is neither text, number nor boolean are left out. */
export type Value = string | number | boolean | null | undefined;

/** The same words in every Pack, so that a dashboard is written once; others as they are on the wire. */
export interface Captures {
  ok?: boolean;
  class?: Class;
  "error.type"?: Value;
  "error.code"?: Value;
  "error.message"?: Value;
  "error.param"?: Value;
  "error.doc_url"?: Value;
  "error.log_url"?: Value;
  "error.count"?: number;
  "error.decline_code"?: Value;
  "retry.advice"?: Advice;
  "retry.after_ms"?: number;
  request_id?: Value;
  idempotency_key?: Value;
  "rate.limit"?: Value;
  "rate.remaining"?: Value;
  "rate.reset_ms"?: Value;
  "rate.scope"?: Value;
  "usage.input"?: Value;
  "usage.output"?: Value;
  "usage.cached"?: Value;
  model?: Value;
  finish?: Value;
  [name: string]: Value;
}

export interface Output<Context = Json> {
  capture?: Captures;
  /** For the next hook of the same call. */
  context?: Context;
}

type Answer<Context> = Output<Context> | undefined | void;

/** What a Pack exports: `export const post: Post = ({ response }) => ...`. They may be async. */
export type Pre<Context = Json, Configuration = Json> = (input: PreInput<Context, Configuration>) => Answer<Context> | Promise<Answer<Context>>;
export type Post<Context = Json, Configuration = Json> = (input: PostInput<Context, Configuration>) => Answer<Context> | Promise<Answer<Context>>;
export type Chunk<Context = Json, Configuration = Json> = (input: ChunkInput<Context, Configuration>) => Answer<Context> | Promise<Answer<Context>>;

/** A judgement of one call; without a class it did not fail. */
export interface Verdict {
  class?: Class;
  advice?: Advice;
  /** With the advice `after`. */
  afterMs?: number;
}

/** What a status means where the service does not say more; undefined below 400. */
export function classOfStatus(status: number): Class | undefined;

/** The class with what is mostly to be done about it, or with other advice. */
export function verdictOf(kind: Class | undefined, advice?: Advice): Verdict;

/** Takes in what the service says about trying again: "true" or "false", which knows more than a
 *  status does, and how long to wait. */
export function heed(verdict: Verdict, shouldRetry: Json, afterMs?: number): void;

/** `ok` and `class`: the first captures. */
export function captureClass(verdict: Verdict): Captures;

/** `retry.advice` and `retry.after_ms`: behind `error.*`. */
export function captureRetry(verdict: Verdict): Captures;

/** A whole number, or a text that is one, as headers have them. */
export function count(value: Json): number | undefined;

declare global {
  interface Logger {
    (...values: unknown[]): void;
  }
  /** Lines for the log, seen by who writes the Pack: 20 for a call. */
  const log: { debug: Logger; info: Logger; warn: Logger; error: Logger };
  const console: { trace: Logger; debug: Logger; log: Logger; info: Logger; warn: Logger; error: Logger };

  /** The fields of the manifest by name, as Extism knows them: `input.configuration` has their types. */
  const Config: { get(name: string): string | null };

  /** What outlives a call, where the manifest asks for `vars` and the configuration grants them. */
  const Var: { get(name: string): string | null; set(name: string, value: string): void; remove(name: string): void };

  /** Calls of the Pack's own, to hosts that the manifest names and the configuration grants. */
  const Http: {
    request(request: string | { url: string; method?: string; headers?: Record<string, string> }, body?: string): {
      status: number;
      headers: Record<string, string>;
      body: string | null;
      json(): Json;
    };
  };
}
