// packs: bad Packs, broken ones and several at once change nothing for the program.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { compareFor } = require('./support/calls.js');
const { BUILD, folder } = require('./support/scenario.js');

const HOSTS = '"127.0.0.1", localhost';
const CACHE = path.join(folder, 'cache');
const pack = (name) => path.join(BUILD, 'packs', name);
const hostile = (name) => path.join(BUILD, 'hostile', name);

/** A folder that says it is a Pack and holds no code. */
function corrupt() {
  const copy = path.join(folder, 'corrupt');
  fs.cpSync(pack('core'), copy, { recursive: true });
  const manifest = JSON.parse(fs.readFileSync(path.join(copy, 'manifest.json')));
  fs.writeFileSync(path.join(copy, 'manifest.json'), JSON.stringify({ ...manifest, name: 'corrupt' }));
  fs.writeFileSync(path.join(copy, 'pack.wasm'), 'no code at all');
  return copy;
}

/** Compiles `folders` and returns what tells a program of them. */
function environmentFor(name, folders) {
  const config = path.join(folder, `${name}.yaml`);
  const line = (from) => `  - {from: ${from}, name: ${path.basename(from)}, hosts: [${HOSTS}]}\n`;
  const limits = 'limits: {time_ms: 10}\n';
  fs.writeFileSync(config, `version: 1\nshipped: false\n${limits}packs:\n${folders.map(line).join('')}`);
  const variables = { TASKLESS_CONFIG: config, TASKLESS_CACHE: CACHE };
  try {
    const env = { ...process.env, ...variables };
    execFileSync(path.join(BUILD, 'bin/taskless'), ['compile'], { env, stdio: 'pipe' });
  } catch (error) {
    if (name !== 'bad') throw error; // its exit code says that one is bad
  }
  return () => variables;
}

// Without the log; and whether fetch finds a connection free right after an answer is chance.
const tidy = ({ stdout, code, signal, journal }) => [stdout, code, signal, journal.requests];

test('Packs that loop, and one without code, leave calls and other Packs as they are', async () => {
  const folders = [hostile('loop_pre'), corrupt(), hostile('loop_post'), pack('core')];
  const clientEnv = environmentFor('bad', folders);
  for (const program of ['fetch.mjs', 'http.mjs']) {
    const options = { args: ['unhurried'], clientEnv, tidy };
    const { outside, records } = await compareFor(20, program, options);
    assert.equal(records.length, 20);
    assert.ok(records.every(({ captures }) => captures['core/status'] === 200));
    const results = records.flatMap(({ packs }) => packs.map(({ result }) => result));
    assert.ok(results.includes('time'), JSON.stringify(results));
    // A line when it is left out, one when it is rested: not one for each call.
    const lines = outside.stderr.split('\n').filter(Boolean);
    assert.ok(lines.length <= 6, outside.stderr);
    assert.equal(lines.filter((line) => line.includes('corrupt')).length, 1, outside.stderr);
  }
});

test('two Packs that read a stream both read all of it, in the order they stand in', async () => {
  const folders = [hostile('chunks'), pack('openai'), pack('core')];
  const clientEnv = environmentFor('streams', folders);
  for (const program of ['fetch.mjs', 'http.mjs']) {
    const options = { args: ['sse'], clientEnv, tidy };
    const { outside, records } = await compareFor(6, program, options);
    assert.equal(outside.stderr, '');
    const stream = records.find(({ url }) => url.endsWith('/lockstep'));
    // Five events and the end.
    assert.equal(stream.captures['chunks/calls'], 6);
    const names = stream.packs.map(({ name }) => name);
    assert.deepEqual(names, ['chunks', 'openai', 'core']);
  }
});

test('Packs keep their order, whatever is under way at once', async () => {
  const folders = ['core', 'openai', 'stripe'].map(pack);
  const clientEnv = environmentFor('order', folders.reverse());
  const options = { args: ['parallel'], clientEnv, tidy: ({ stdout }) => ({ stdout }) };
  const { records } = await compareFor(20, 'fetch.mjs', options);
  const orders = new Set(records.map(({ packs }) => packs.map(({ name }) => name).join()));
  assert.deepEqual([...orders], ['stripe,openai,core']);
});

test('Packs in a folder .taskless are found by the folder it is in, absolute or not', async () => {
  const home = path.join(folder, 'home');
  fs.cpSync(pack('core'), path.join(home, '.taskless/core'), { recursive: true });
  environmentFor('one', [pack('core')]);
  for (const directory of [home, path.relative(path.join(__dirname, 'programs'), home)]) {
    const clientEnv = () => ({
      TASKLESS_CONFIG: undefined,
      TASKLESS_CACHE: CACHE,
      TASKLESS_DIRECTORY: directory,
    });
    const { records } = await compareFor(1, 'fetch.mjs', { args: ['get'], clientEnv });
    assert.equal(records[0].captures['core/status'], 200, directory);
  }
});
