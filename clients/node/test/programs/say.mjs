// say: prints what a program got, so that two runs can be compared.
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

export const { HTTP, HTTPS } = process.env;

export function say(...values) {
  console.log(values.map((value) => JSON.stringify(value)).join(' '));
}

export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Everything a program could look at in an error, down to what caused it. */
export function errorOf(error) {
  if (typeof error !== 'object' || error === null) return { thrown: error };
  return {
    class: error.constructor.name,
    name: error.name,
    code: error.code,
    // OpenSSL's messages begin with a number of the thread.
    message: String(error.message).replace(/^[0-9A-F]{16}:/, ''),
    syscall: error.syscall,
    keys: Object.keys(error).sort(),
    cause: error.cause === undefined ? undefined : errorOf(error.cause),
  };
}

/** Runs the case named on the command line and says what it threw. */
export async function runCase(cases) {
  const name = process.argv[2];
  try {
    await cases[name]();
  } catch (error) {
    say('threw', errorOf(error));
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
