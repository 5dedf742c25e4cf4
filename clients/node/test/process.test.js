// process: exit codes, signals, uncaught errors and what is written at the end.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { brief, compare, run } = require('./support/scenario.js');

const BOTH = ['GET /wire/echo 200 done', 'GET /wire/status/402 402 done'];

/** Kills the program when it says that it is ready. */
const kill = (signal) => (child) => {
  let text = '';
  child.stdout.on('data', (part) => {
    text += part;
    if (!text.includes('ready')) return;
    text = '';
    // A moment for records on their way: with a signal there is no end to wait at.
    setTimeout(() => child.kill(signal), 150);
  });
};

/** For requests on two connections at once: which of them the server reads first is chance. */
const inAnyOrder = ({ journal, ...rest }) => {
  const requests = journal.requests.map((request) => JSON.stringify(request)).sort();
  return { ...rest, journal: { ...journal, requests } };
};

const CASES = {
  exitnatural: { code: 0, records: BOTH },
  exitnow: { code: 3, records: BOTH },
  exitcode: { code: 5, records: BOTH },
  exitlistener: { code: 0, records: BOTH },
  inflight: {
    code: 0,
    records: ['GET /wire/hang aborted', 'GET /wire/hang aborted'],
    tidy: inAnyOrder,
  },
  uncaught: { code: 1, records: BOTH },
  rejected: { code: 1, records: BOTH },
  refused: { code: 1, records: ['GET /x ECONNREFUSED failed'] },
  failedfetch: { code: 1, records: ['GET / ENOTFOUND failed'] },
  listeners: { code: 0, records: BOTH },
  environment: { code: 0, records: BOTH },
};

for (const [name, expected] of Object.entries(CASES)) {
  test(`${name}: ends as it does by itself, and nothing is lost`, async () => {
    const { outside, records } = await compare('process.mjs', {
      args: [name],
      tidy: expected.tidy,
    });
    assert.equal(outside.code, expected.code, outside.stderr);
    assert.deepEqual(records.map(brief), expected.records);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL']) {
  test(`a program without a handler dies of ${signal}, its records written`, async () => {
    const { outside, records } = await compare('process.mjs', {
      args: ['signal'],
      during: kill(signal),
    });
    assert.deepEqual([outside.code, outside.signal], [null, signal]);
    assert.deepEqual(records.map(brief), BOTH);
  });
}

test("a program's own handler of SIGTERM runs, and its exit code stands", async () => {
  const { outside } = await compare('process.mjs', {
    args: ['ownhandler'],
    during: kill('SIGTERM'),
  });
  assert.deepEqual([outside.code, outside.signal], [7, null]);
});

test('process.abort() ends it as ever', async () => {
  // The trace on standard error has addresses in it.
  const { outside } = await compare('process.mjs', {
    args: ['abort'],
    tidy: ({ code, signal, stdout }) => ({ code, signal, stdout }),
  });
  assert.equal(outside.signal, 'SIGABRT');
});

test('an exit right after fifty answers loses none of them', async () => {
  const { records } = await compare('process.mjs', {
    args: ['burstexit'],
    tidy: ({ journal, ...rest }) => ({ ...rest, seen: journal.requests.length }),
  });
  assert.equal(records.length, 50);
});

test('a stack trace from within a listener gains one line at most', async () => {
  const withoutOurs = (text) =>
    text
      .split('\n')
      .filter((line) => !line.includes('(node:taskless/'))
      .slice(0, 12);
  const { outside } = await compare('process.mjs', {
    args: ['inlistener'],
    // Node shows ten lines: one more at the top is one less at the bottom.
    tidy: ({ code, stderr }) => ({ code, stderr: withoutOurs(stderr) }),
  });
  assert.equal(outside.stderr.split('(node:taskless/').length - 1, 1);
});

test('records go to standard error by default, never to standard output', async () => {
  const options = { args: ['exitnatural'], clientEnv: () => ({ TASKLESS_OUTPUT: '' }) };
  const plain = await run('process.mjs', options);
  const observed = await run('process.mjs', { ...options, on: true });
  assert.equal(observed.outside.stdout, plain.outside.stdout);
  assert.equal(observed.outside.stderr.trim().split('\n').length, 2);
});
