// threads: worker threads that call, end, are terminated, or leave calls under way.
// SPDX-License-Identifier: Apache-2.0
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { HTTP, pause, say } from './say.mjs';

const self = new URL(import.meta.url);

function start(task, options = {}) {
  return new Worker(self, { workerData: task, ...options });
}

const ended = (worker) => new Promise((resolve) => worker.on('exit', resolve));

const call = async (path) => (await fetch(`${HTTP}${path}`)).text();

const tasks = {
  call: () => call('/wire/status/402'),
  exit: async () => {
    await call('/wire/status/402');
    process.exit(4);
  },
  throw: async () => {
    await call('/wire/status/402');
    throw new Error('in a worker');
  },
  hang: async () => {
    parentPort.postMessage('calling');
    await call('/wire/hang');
  },
};

const cases = {
  natural: async () => {
    say(await ended(start('call')));
    await call('/wire/echo');
  },
  exit: async () => {
    say(await ended(start('exit')));
    await call('/wire/echo');
  },
  throw: async () => {
    const worker = start('throw');
    worker.on('error', (error) => say(error.message));
    say(await ended(worker));
    await call('/wire/echo');
  },
  terminate: async () => {
    const worker = start('hang');
    await new Promise((resolve) => worker.on('message', resolve));
    await pause(600);
    say(await worker.terminate());
    await call('/wire/echo');
  },
  exitmain: async () => {
    const worker = start('hang');
    await new Promise((resolve) => worker.on('message', resolve));
    await pause(600);
    process.exit(6);
  },
  many: async () => {
    for (let round = 0; round < 6; round++) {
      await Promise.all(Array.from({ length: 4 }, () => ended(start('call'))));
    }
    await call('/wire/echo');
  },
  eval: async () => {
    const text = `fetch('${HTTP}/wire/status/402').then((response) => response.text())`;
    say(await ended(new Worker(text, { eval: true })));
  },
  // One that got neither variables nor flags: observed by nobody, and none the worse for it.
  bare: async () => {
    say(await ended(start('call', { env: { HTTP }, execArgv: [] })));
    await call('/wire/echo');
  },
};

if (isMainThread) await cases[process.argv[2]]();
else await tasks[workerData]();
