// foreign: arguments that nobody knows today go through each function of ours as they are.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { compare } = require('./support/scenario.js');

// That ours could make nothing of such objects is said; the program is given what it would be.
const tidy = (outside) => ({ ...outside, stderr: outside.stderr.replace(/^taskless: .*\n/gm, '') });

test('what a method is given and what it answers is the same', async () => {
  const { outside } = await compare('foreign.mjs', { entry: '', tidy });
  assert.equal(outside.code, 0, outside.stderr);
  const lines = outside.stdout.trim().split('\n');
  assert.ok(lines.length >= 12, outside.stdout);
  for (const line of lines) assert.match(line, /^"\w+" true true 0$/);
});
