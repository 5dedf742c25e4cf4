// libraries: each library in the versions that are in use, from the oldest to the newest. Run by
// scripts/node-libraries.sh; TASKLESS_LIBRARIES_SHARE leaves it at the oldest of each.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { dependencies } = require('./versions/package.json');
const { compareFor } = require('./support/calls.js');
const { VERSIONS, brief } = require('./support/scenario.js');

const four = [
  'GET /wire/echo?a=1 200 done',
  'POST /wire/echo 200 done',
  'GET /wire/status/429 429 done',
  'GET /x ECONNREFUSED failed',
];
const EXPECTED = {
  axios: four,
  got: four,
  'node-fetch': four,
  superagent: four,
  stripe: [
    'POST /v1/customers 200 done',
    'GET /v1/customers/cus_unknown 404 done',
    'GET /v1/balance ECONNREFUSED failed',
  ],
  openai: ['POST /v1/chat/completions 200 done', 'POST /v1/chat/completions ECONNREFUSED failed'],
  'aws-sts': ['POST / 200 done', 'POST / ECONNREFUSED failed'],
  'grpc-js': ['POST /taskless.Test/Say 200 done', 'CONNECT / ECONNREFUSED failed'],
};

const libraryOf = (name) => name.replace(/-[\d.]+$/, '');
const [major] = VERSIONS.node.split('.').map(Number);

/** Of each library the first, or all of them. */
function chosen() {
  const names = Object.keys(dependencies);
  if (!process.env.TASKLESS_LIBRARIES_SHARE) return names;
  const oldest = new Map();
  const age = (name) => name.match(/[\d.]+$/)[0].split('.').map(Number);
  for (const name of names) {
    const known = oldest.get(libraryOf(name));
    const [a, b] = [age(name), known ? age(known) : [Infinity]];
    if (a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])) oldest.set(libraryOf(name), name);
  }
  return [...oldest.values()];
}

for (const name of chosen()) {
  // The newest of Amazon's needs a newer one.
  const skip = name === 'aws-sts-3.1177' && major < 20;
  test(`${name}: nobody can tell, and its calls are recorded`, { skip }, async () => {
    const expected = EXPECTED[libraryOf(name)];
    const tidy = ({ journal, ...rest }) => ({ ...rest, requests: journal.requests.length });
    const options = { args: [name], env: { TASKLESS_LIBRARIES: process.env.TASKLESS_LIBRARIES }, tidy };
    const { records } = await compareFor(expected.length, 'libraries.mjs', options);
    // A connection that is tried again is told each time.
    const briefs = records.map(brief).filter((one, i, all) => one !== all[i - 1]);
    assert.deepEqual(briefs, expected);
  });
}
