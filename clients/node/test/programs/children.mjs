// children: processes that a program starts, which are observed as it is.
// SPDX-License-Identifier: Apache-2.0
import { execFile, fork } from 'node:child_process';
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';

import { HTTP, say } from './say.mjs';

const self = fileURLToPath(import.meta.url);
const call = async (path) => (await fetch(`${HTTP}${path}`)).text();

const cases = {
  child: () => call('/wire/status/402'),
  fork: async () => {
    const child = fork(self, ['child']);
    say(await new Promise((resolve) => child.on('exit', resolve)));
    await call('/wire/echo');
  },
  exec: async () => {
    const code = await new Promise((resolve) => {
      execFile(process.execPath, [self, 'child'], (error) => resolve(error ? error.code : 0));
    });
    say(code);
    await call('/wire/echo');
  },
  cluster: async () => {
    if (!cluster.isPrimary) {
      await call('/wire/status/402');
      process.exit(2);
    }
    const ends = [1, 2, 3].map(() => {
      const worker = cluster.fork();
      return new Promise((resolve) => worker.on('exit', resolve));
    });
    say(await Promise.all(ends));
    await call('/wire/echo');
  },
};

await cases[process.argv[2]]();
