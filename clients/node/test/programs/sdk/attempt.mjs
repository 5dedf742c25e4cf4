// attempt: makes a call with a library and says what a program would look at.
// SPDX-License-Identifier: Apache-2.0
import { say } from '../say.mjs';

/** Where nobody listens. */
export const NOBODY = 'http://127.0.0.1:47';

/** What a program would look at in an error of the library. */
function fields(error, names) {
  const all = { class: error.constructor.name, message: error.message };
  for (const name of names) all[name] = error[name];
  if (error.cause) all.cause = [error.cause.name, error.cause.code, error.cause.message];
  return all;
}

export async function attempt(call, names) {
  try {
    say('answer', await call());
  } catch (error) {
    say('error', fields(error, names));
  }
}
