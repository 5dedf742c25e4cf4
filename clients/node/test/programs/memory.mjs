// memory: ten thousand calls, and what they leave behind. Run with --expose-gc.
// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';

import { HTTP, say } from './say.mjs';
import { Written } from './written.mjs';

// Where it is observed, one output is a file.
const [, records] = /^file:(.*)$/.exec(process.env.TASKLESS_OUTPUT || '') || [];
const written = records && new Written(records);
let made = 0;

const agent = new http.Agent({ keepAlive: true, maxSockets: 10 });

const byHttp = () =>
  new Promise((resolve, reject) => {
    const request = http.request(`${HTTP}/v1/payment_intents`, { method: 'POST', agent });
    request.on('response', (response) => response.resume().on('end', resolve));
    request.on('error', reject);
    request.end('amount=2000&payment_method=pm_card_visa_chargeDeclined');
  });

const byFetch = async () => {
  const response = await fetch(`${HTTP}/v1/payment_intents`, { method: 'POST', body: 'amount=1' });
  await response.text();
};

/** Some that fail, and some that are given up. */
const byAbort = (n) =>
  fetch(`${HTTP}/wire/${n % 2 ? 'cut' : 'slow/500'}`, { signal: AbortSignal.timeout(5) })
    .then((response) => response.text())
    .catch(() => {});

async function run(count) {
  let next = 0;
  const lane = async () => {
    while ((next += 1) <= count) {
      made += 1;
      // Some are given up so early that they have no record.
      if (written && made % 500 === 0) await written.catchUp(made, 1000);
      if (next % 100 === 0) await byAbort(next);
      else await (next % 2 ? byHttp() : byFetch());
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
}

async function settledHeap() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage();
}

await run(3000);
let before = await settledHeap();
for (let half = 0; half < 2; half++) {
  await run(5000);
  const after = await settledHeap();
  say({ heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss });
  before = after;
}
process.exit(0);
