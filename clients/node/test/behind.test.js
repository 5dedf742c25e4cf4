// behind: a request is one call, by whatever it is called.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { brief, compare } = require('./support/scenario.js');

const names = ['proxy', 'proxynoagent', 'proxytls', 'membrane', 'twice', 'inherited'];

for (const name of names) {
  test(`${name}: one record, with what was sent`, async () => {
    const { records } = await compare('behind.mjs', { args: [name] });
    assert.deepEqual(records.map(brief), ['POST /wire/echo 200 done']);
    assert.equal(records[0].sent, 7);
  });
}

test('given up by way of a Proxy: it was the application', async () => {
  const { records } = await compare('behind.mjs', { args: ['given'] });
  assert.deepEqual(records.map(brief), ['POST /wire/hang aborted']);
});
