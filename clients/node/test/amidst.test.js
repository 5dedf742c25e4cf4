// amidst: what runs in the midst of a hook and calls by itself loses no call and ends no program.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { brief, folder, run } = require('./support/scenario.js');

// Of what a call goes through in the client some is for every version of Node.
const LEAST = 2;

for (const name of ['channels', 'functions']) {
  test(`${name}: calls in the midst of a hook are calls as any`, async () => {
    const counted = path.join(folder, name);
    const { outside, records } = await run('amidst.mjs', {
      args: [name],
      on: true,
      env: { COUNTED: counted },
    });
    assert.deepEqual([outside.stderr, outside.stdout, outside.code], ['', '"goes on"\n', 0]);
    const inner = Number(fs.readFileSync(counted, 'utf8'));
    assert.ok(inner >= LEAST, `${inner}`);
    const whose = [
      ...Array.from({ length: 4 }, (_, n) => `outer${n}`),
      ...Array.from({ length: inner }, (_, n) => `inner${n}`),
    ];
    const expected = whose.map((who) => `POST /wire/echo?${who} 200 done`).sort();
    assert.deepEqual(records.map(brief).sort(), expected);
    assert.deepEqual(new Set(records.map(({ sent }) => sent)), new Set([4]));
    assert.equal(outside.journal.requests.length, whose.length);
  });
}
