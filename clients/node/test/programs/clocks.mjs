// clocks: a program's tests put clocks and timers of their own in the place of Node's, while a call is under
// way. SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import { mock } from 'node:test';

import { HTTP, say } from './say.mjs';

/** Calls by node:http and by fetch; `set` is called between request and response. */
async function calls(set) {
  await new Promise((resolve) => {
    const request = http.get(`${HTTP}/wire/chunked`, (response) => {
      say(response.statusCode);
      response.resume().on('end', resolve);
    });
    request.on('finish', set);
  });
  const response = await fetch(`${HTTP}/wire/echo`);
  say(response.status, (await response.text()).length > 0);
}

// One that never comes.
const timer = { ref: () => timer, unref: () => timer, refresh: () => timer, hasRef: () => false };

const cases = {
  /** As jest and sinon do. */
  replaced: async () => {
    await calls(() => {
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor() {
          super(10);
        }
        static now = () => 10;
      };
      globalThis.setTimeout = globalThis.setInterval = globalThis.setImmediate = () => timer;
      Object.defineProperty(performance, 'now', { value: () => 1e12 });
      process.hrtime = () => [1e9, 0];
      process.hrtime.bigint = () => 10n ** 18n;
    });
    process.exit(); // timers of Node's own wait by that clock
  },
  /** By Node's own, where it has them. */
  mocked: async () => {
    await calls(() => {
      try {
        mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'], now: 10 });
      } catch {
        // Older ones know no date, or no timers.
        mock.timers?.enable(['setTimeout', 'setInterval', 'setImmediate']);
      }
    });
    mock.timers?.tick(10_000);
    mock.timers?.reset();
    process.exit(); // in old ones timers that were set meanwhile never come
  },
};

await cases[process.argv[2]]();
