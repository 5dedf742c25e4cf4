// load: the ways into a program, and what happens where there is none.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { CLIENT, VERSIONS, brief, compare, folder, run } = require('./support/scenario.js');

const ECHO = 'GET /wire/echo 200 done';
const status = (code) => `GET /wire/status/${code} ${code} done`;

for (const entry of ['--require', '--import', 'NODE_OPTIONS']) {
  test(`by ${entry}: calls are observed`, async () => {
    const { records } = await compare('fetch.mjs', { args: ['https'], entry });
    assert.deepEqual(records.map(brief), [ECHO]);
  });
}

test('a record says which runtime reported it', async () => {
  const { records } = await run('fetch.mjs', { args: ['get'], on: true });
  assert.equal(records[0].client, `node/${VERSIONS.node}`);
});

for (const variable of [
  { TASKLESS_DISABLED: '1' },
  { TASKLESS_OUTPUT: '', TASKLESS_DISABLED: '1' },
]) {
  test(`with ${JSON.stringify(variable)} it does nothing and says nothing`, async () => {
    const { records } = await compare('http.mjs', { args: ['get'], clientEnv: () => variable });
    assert.deepEqual(records, []);
  });
}

/** A copy of the client without `missing`, or with something else in its place. */
function brokenClient(name, content) {
  const copy = path.join(folder, name, 'taskless/node');
  fs.cpSync(CLIENT, copy, { recursive: true });
  const file = path.join(copy, 'taskless.node');
  if (content === undefined) fs.rmSync(file);
  else fs.writeFileSync(file, content);
  return path.join(copy, 'register.js');
}

for (const [name, content] of [
  ['missing', undefined],
  ['damaged', 'no library at all'],
]) {
  test(`with its native file ${name} it does nothing, and has no log to say so`, async () => {
    const flags = ['--require', brokenClient(name, content)];
    const options = { args: ['many'], nodeArgs: flags, entry: '', on: true };
    const { outside, records } = await run('threads.mjs', options);
    assert.equal(outside.code, 0);
    assert.equal(outside.stderr, '');
    assert.deepEqual(records, []);
  });
}

test('with a configuration that cannot be read it does nothing and says so once', async () => {
  const file = path.join(folder, 'bad.yaml');
  fs.writeFileSync(file, 'version: 1\nno-such-key: true\n');
  const clientEnv = () => ({ TASKLESS_CONFIG: file });
  const { outside, records } = await run('fetch.mjs', { args: ['get'], on: true, clientEnv });
  assert.equal(outside.code, 0);
  assert.equal(outside.stderr.trim().split('\n').length, 1, outside.stderr);
  assert.match(outside.stderr, /no-such-key/);
  assert.deepEqual(records, []);
});

const BY_HAND = {
  load: [ECHO],
  again: [status(200), status(201), status(202)],
  http2: ['GET /1 200 done', 'GET /2 200 done'],
  underway: ['GET /wire/slow/300 aborted'],
  worker: [ECHO],
};

for (const [name, expected] of Object.entries(BY_HAND)) {
  test(`by hand, ${name}: observed from load to shutdown`, async () => {
    const { outside, records } = await run('byhand.mjs', { args: [name], on: true, entry: '' });
    assert.equal(outside.code, 0, outside.stderr);
    assert.deepEqual(records.map(brief), expected);
  });
}

test('by hand, add: what is wrong with a Pack is thrown, and calls go on', async () => {
  const { outside, records } = await run('byhand.mjs', { args: ['add'], on: true, entry: '' });
  const [unloaded, ...said] = outside.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(unloaded, false);
  assert.match(said[0], /^taskless: manifest: .*schema/);
  assert.match(said[1], /^taskless: manifest: .*JSON/);
  assert.equal(said[2], 'taskless: wasm: not bytes');
  assert.deepEqual(records.map(brief), [ECHO]);
});

test('by hand, options: they hold where no variable says otherwise', async () => {
  const file = path.join(folder, 'by-hand.ndjson');
  const clientEnv = () => ({ TASKLESS_OUTPUT: undefined, RECORDS: file });
  const options = { args: ['options'], on: true, entry: '', clientEnv };
  await run('byhand.mjs', options);
  assert.equal(fs.readFileSync(file, 'utf8').trim().split('\n').length, 1);
});

test('a program that loads it although it was loaded tells each call once', async () => {
  const { records } = await run('byhand.mjs', { args: ['twice'], on: true });
  assert.deepEqual(records.map(brief), [ECHO]);
});
