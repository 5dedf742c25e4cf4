// calls: makes so many calls, fifty at a time, and says what memory it takes on the way.
// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';

import { Written } from '../../clients/node/test/programs/written.mjs';
import { callOf } from './chance.mjs';

const [origin, total, records] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const LANES = 50;
const PARTS = 10;
// What may wait for its record: taskless holds 4,096 calls, and only counts what is over. On a busy
// machine fifty lanes would come to that.
const UNWRITTEN = 1000;

const agent = new http.Agent({ keepAlive: true, maxSockets: LANES });
const filler = Buffer.alloc(3000, 'a');

function byHttp(number, { method, sent }) {
  const headers = { 'x-number': number };
  return new Promise((resolve, reject) => {
    const request = http.request(`${origin}/soak/${number}`, { agent, method, headers });
    request.on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(sent > 0 ? filler.subarray(0, sent) : undefined);
  });
}

async function byFetch(number, { method, sent }) {
  const headers = { 'x-number': String(number) };
  const body = sent > 0 ? filler.subarray(0, sent) : undefined;
  const response = await fetch(`${origin}/soak/${number}`, { method, headers, body });
  await response.arrayBuffer();
  return response.status;
}

const wrong = { count: 0, first: undefined };

async function call(number) {
  const expected = callOf(number);
  const status = await (expected.byFetch ? byFetch : byHttp)(number, expected).catch(() => 'reset');
  if (status === (expected.reset ? 'reset' : expected.status)) return;
  wrong.count += 1;
  wrong.first ||= { number, status };
}

const written = new Written(records);

async function callAll(from, to) {
  let next = from;
  let gate = Promise.resolve();
  const lane = async () => {
    while (next < to) {
      const number = next++;
      if (number % 100 === 0) gate = written.catchUp(number, UNWRITTEN);
      await gate;
      await call(number);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function settledMemory(made) {
  await written.catchUp(made, 0);
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

const started = performance.now();
for (let made = 0; made < total; made += total / PARTS) {
  await callAll(made, made + total / PARTS);
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage();
  const memory = await settledMemory(made + total / PARTS);
  console.log(JSON.stringify({ ...memory, seconds, cpu, wrong }));
}
process.exit(0);
