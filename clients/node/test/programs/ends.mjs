// ends: a call, and right behind it an end that runs no handler; one case a run.
// SPDX-License-Identifier: Apache-2.0
import { HTTP } from './say.mjs';

const read = async () => {
  await (await fetch(`${HTTP}/wire/echo`)).text();
};

const cases = {
  reallyexit: () => process.reallyExit(4),
  abort: () => process.abort(),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  term: () => process.kill(process.pid),
  group: () => process.kill(-process.pid, 'SIGKILL'),
  execve: () => process.execve('/bin/sh', ['sh', '-c', 'exit 6'], {}),
  uncaught: () => {
    setImmediate(() => {
      throw new Error('at the end');
    });
  },
  // Neither is an end: they fail, or do nothing, as they would.
  others: () => {
    process.kill(process.pid, 0);
    for (const bad of [['x'], [1, 'SIGNONE'], []]) {
      try {
        process.kill(...bad);
      } catch ({ code, message }) {
        console.log(code, message);
      }
    }
  },
};

await read();
cases[process.argv[2]]();
