// guard: what goes wrong in here is said once and never reaches the application.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { bridge } = require('./call.js');

const said = new Set();

/**
 * Says one line, the first time it is asked to, through the library's log: never blocking, never into
 * what the program has opened in standard error's place. Where the native file could not be loaded
 * there is no log and nothing is said: `taskless run` and `taskless doctor` look for that beforehand.
 */
function sayOnce(line) {
  if (said.has(line) || bridge.addon === null) return;
  said.add(line);
  bridge.addon.warn(line);
}

/** For the catch of every hook: the call goes on unobserved. */
function failed(where, error) {
  try {
    sayOnce(`${where}: ${(error && error.message) || error}; this call is not observed further`);
  } catch {
    sayOnce(`${where}: failed`);
  }
}

module.exports = { failed, sayOnce };
