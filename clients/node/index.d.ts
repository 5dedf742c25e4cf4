// index: the types of what `require('taskless')` returns.
// SPDX-License-Identifier: Apache-2.0

/** What is left out is taken from TASKLESS_*, then taskless.yaml, then the default. */
export interface Options {
    /** The folder in which Packs and taskless.yaml are looked for. */
    directory?: string;
    /** A taskless.yaml or .json. */
    config?: string;
    /** Where records go, as in TASKLESS_OUTPUT: `stderr`, `file:calls.ndjson`, ... */
    outputs?: string;
}

/**
 * Starts to observe the calls of this thread. The options of whoever loads first in a process hold
 * for all of its threads. Returns false, with one line on standard error, when calls cannot be
 * observed; never throws.
 */
export function load(options?: Options): boolean;

/**
 * Adds one Pack from memory, for calls that begin afterwards. Returns false when the client is not
 * loaded; throws when the Pack is refused, naming what is wrong with it.
 */
export function add(
    manifest: object | string | Uint8Array,
    wasm: Uint8Array | ArrayBuffer,
    configuration?: object | string | Uint8Array,
): boolean;

/**
 * Stops observing. Waits until what has ended is written, `timeoutMs` (200) at most; returns
 * whether all of it is. Calls under way count as aborted for the record and go on undisturbed.
 */
export function shutdown(options?: { timeoutMs?: number }): boolean;
