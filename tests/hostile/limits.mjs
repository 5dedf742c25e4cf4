// limits: a Node.js program that calls, starts others like itself, and takes memory as it goes.
// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, workerData } from 'node:worker_threads';

const self = fileURLToPath(import.meta.url);
const [mode, origin] = isMainThread ? process.argv.slice(2) : ['child', workerData];

const byHttp = (path) =>
  new Promise((resolve, reject) => {
    const read = (response) => response.resume().on('end', () => resolve(response.statusCode));
    http.get(origin + path, read).on('error', reject);
  });

const byFetch = async (path) => {
  const response = await fetch(origin + path);
  await response.text();
  return response.status;
};

async function call(second = byFetch) {
  for (let i = 0; i < 5; i++) console.log(await byHttp('/200'), await second('/402'));
}

const ended = (child) => new Promise((resolve) => child.on('exit', resolve));

const modes = {
  call: () => call(),
  child: async () => {
    await byFetch('/402');
    process.exitCode = 3;
  },
  /**
   * Takes memory after the first calls have taken theirs. Not by fetch, whose own WebAssembly wants
   * 10 GB of addresses.
   */
  grow: async () => {
    await call(byHttp);
    const held = Array.from({ length: 10 }, () => Buffer.alloc(20 << 20, 'a'));
    await call(byHttp);
    console.log('held', held.length);
  },
  fork: async () => {
    await call();
    console.log(await Promise.all([1, 2].map(() => ended(fork(self, ['child', origin])))));
  },
  cluster: async () => {
    if (!cluster.isPrimary) return modes.child();
    await call();
    cluster.setupPrimary({ exec: self, args: ['child', origin] });
    console.log(await Promise.all([1, 2].map(() => ended(cluster.fork()))));
    return undefined;
  },
  thread: async () => {
    await call();
    console.log(await ended(new Worker(self, { workerData: origin })));
  },
};

await modes[mode]();
// Connections that are kept would keep a cluster's workers, too.
process.exit(process.exitCode || 5);
