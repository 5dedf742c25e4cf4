// connects: a program whose connections show no call is told so, once, at its end.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { brief, compare, folder, run } = require('./support/scenario.js');

const SAID = {
  one: /^taskless: 1 connection was made and no HTTP call was seen in it: [^\n]+\n$/,
  several: /^taskless: 2 connections were made and no HTTP call was seen in them: [^\n]+\n$/,
  exit: /^taskless: 1 connection was made [^\n]+\n$/,
};

for (const [name, line] of Object.entries(SAID)) {
  test(`${name}: one line says that no call was seen`, async () => {
    const { outside, records } = await run('connects.mjs', { args: [name], on: true });
    assert.equal(outside.code, name === 'exit' ? 3 : 0);
    assert.match(outside.stderr, line);
    assert.deepEqual(records, []);
  });
}

for (const name of ['local', 'called', 'none']) {
  test(`${name}: there is nothing to say`, async () => {
    const { records } = await compare('connects.mjs', { args: [name] });
    assert.deepEqual(records.map(brief), name === 'called' ? ['GET /wire/echo 200 done'] : []);
  });
}

test('where the log is for errors alone it is not said', async () => {
  const file = path.join(folder, 'errors.yaml');
  fs.writeFileSync(file, 'version: 1\nshipped: false\npacks: []\nlog: {level: error}\n');
  const clientEnv = () => ({ TASKLESS_CONFIG: file });
  await compare('connects.mjs', { args: ['one'], clientEnv });
});
