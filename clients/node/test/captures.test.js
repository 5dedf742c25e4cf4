// captures: what the Packs say of calls made with the vendors' own SDKs.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { before, test } = require('node:test');

const { packageOf } = require('./support/packages.js');
const { BUILD, compare, folder, run } = require('./support/scenario.js');

const CONFIG = path.join(folder, 'taskless.yaml');
const CACHE = path.join(folder, 'cache');
const clientEnv = () => ({ TASKLESS_CONFIG: CONFIG, TASKLESS_CACHE: CACHE });

before(() => {
  const packs = ['core', 'stripe', 'openai'].map((name) => {
    const from = path.join(BUILD, 'packs', name);
    return `  - {name: ${name}, from: ${from}, hosts: ["127.0.0.1"]}\n`;
  });
  fs.writeFileSync(CONFIG, `version: 1\nshipped: false\npacks:\n${packs.join('')}`);
  const env = { ...process.env, ...clientEnv() };
  execFileSync(path.join(BUILD, 'bin/taskless'), ['compile'], { env, stdio: 'pipe' });
});

/** Calls with the SDK of this name, with Packs. */
const runSdk = (name) => run('sdk.mjs', { args: [name, packageOf(name)], on: true, clientEnv });

/** Some of a record's captures, without the Pack's name. */
function pick(record, pack, names) {
  return Object.fromEntries(names.map((name) => [name, record.captures[`${pack}/${name}`]]));
}

test('stripe: each failed call has its reason, and each answer its request id', async () => {
  const { records } = await runSdk('stripe');
  const names = ['error.type', 'error.code', 'error.decline_code', 'retry.advice', 'request_id'];
  const said = records.map((record) => Object.values(pick(record, 'stripe', names)));
  const none = undefined;
  assert.deepEqual(said, [
    [none, none, none, none, 'req_Fx01'],
    [none, none, none, none, 'req_Fx02'],
    ['card_error', 'card_declined', 'generic_decline', 'pay', 'req_Fx03'],
    ['invalid_request_error', 'parameter_invalid_integer', none, 'fix', 'req_Fx04'],
    ['invalid_request_error', 'resource_missing', none, 'fix', 'req_Fx05'],
    [none, none, none, none, 'req_Fx06'],
    ['idempotency_error', none, none, 'fix', 'req_Fx07'],
    ['invalid_request_error', 'rate_limit', none, 'yes', 'req_Fx08'],
    ['invalid_request_error', 'rate_limit', none, 'yes', 'req_Fx09'],
    [none, 'ECONNREFUSED', none, 'yes', none],
  ]);
});

test('openai: the three 429s are told apart, streams are read to their end', async () => {
  const { records } = await runSdk('openai');
  const names = ['class', 'error.code', 'retry.advice', 'retry.after_ms', 'finish'];
  const said = records.map((record) => Object.values(pick(record, 'openai', names)));
  const none = undefined;
  assert.deepEqual(said.slice(0, 7), [
    [none, none, none, none, 'stop'],
    ['rate', 'rate_limit_exceeded', 'after', 20, none],
    ['rate', 'rate_limit_exceeded', 'after', 20, none],
    ['rate', 'rate_limit_exceeded', 'after', 6000, none],
    ['quota', 'insufficient_quota', 'pay', none, none],
    ['auth', 'invalid_api_key', 'reauth', none, none],
    [none, none, none, none, 'stop'],
  ]);
});

test('core: what no Pack knows has its status, its time and the error of the call', async () => {
  const { records } = await run('http.mjs', { args: ['reset'], on: true, clientEnv });
  const names = ['method', 'path', 'status', 'error'];
  assert.deepEqual(pick(records[0], 'core', names), {
    method: 'GET',
    path: '/wire/reset',
    status: undefined,
    error: 'read ECONNRESET',
  });
});

test('with Packs running a program still behaves as without', async () => {
  const { records } = await compare('fetch.mjs', { args: ['parallel'], clientEnv });
  assert.equal(records.length, 20);
  assert.ok(records.every(({ captures }) => captures['core/domain'] === '127.0.0.1'));
});

test('no Pack is ever shown the key of a call', async () => {
  const { records, har } = await runSdk('stripe');
  assert.doesNotMatch(JSON.stringify([records, har]), /sk_test_(1|busy)\b/);
});

test('what the configuration leaves out leaves no record and changes nothing', async () => {
  const rules = { ignored: '{ignore: ["127.0.0.1", localhost]}', 'sampled out': '{sample: {success: 0, failure: 0}}' };
  for (const [name, observe] of Object.entries(rules)) {
    const file = path.join(folder, 'observe.yaml');
    fs.writeFileSync(file, `version: 1\nshipped: false\npacks: []\nobserve: ${observe}\n`);
    const env = () => ({ TASKLESS_CONFIG: file });
    const { records } = await compare('fetch.mjs', { args: ['parallel'], clientEnv: env });
    assert.deepEqual(records, [], name);
  }
});
