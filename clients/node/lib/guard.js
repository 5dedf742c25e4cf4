// guard: what goes wrong in here is said once on standard error and never reaches the application.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { writeSync } = require('node:fs');

const said = new Set();

/**
 * Writes one line, the first time it is asked to. Not through console or process.stderr: these are
 * the application's, which may have replaced them or not made them yet.
 */
function sayOnce(line) {
  if (said.has(line)) return;
  said.add(line);
  try {
    writeSync(2, `taskless: ${line}\n`);
  } catch {
    // Standard error is closed or full: there is nobody to tell.
  }
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
