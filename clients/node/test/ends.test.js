// ends: what ends a process without any handler loses none of its records.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { NODE, brief, compare } = require('./support/scenario.js');
const { execFileSync } = require('node:child_process');

const canExec = execFileSync(NODE, ['-p', 'typeof process.execve']).toString().trim() === 'function';

const CASES = {
  reallyexit: [4, null],
  abort: [null, 'SIGABRT'],
  kill: [null, 'SIGKILL'],
  term: [null, 'SIGTERM'],
  uncaught: [1, null],
  others: [0, null],
  ...(canExec && { execve: [6, null] }),
};

for (const [name, how] of Object.entries(CASES)) {
  test(`${name}: ends as it does by itself, and the call before it is written`, async () => {
    // The trace of abort() has addresses in it.
    const tidy = ({ code, signal, stdout }) => ({ code, signal, stdout });
    const { outside, records } = await compare('ends.mjs', { args: [name], tidy });
    assert.deepEqual([outside.code, outside.signal], how);
    assert.deepEqual(records.map(brief), ['GET /wire/echo 200 done']);
  });
}
