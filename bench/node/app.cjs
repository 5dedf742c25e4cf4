// app: a program that calls a service, and then says what that cost it: one line of JSON. CommonJS,
// because OpenTelemetry sees no node:https that is imported.
// SPDX-License-Identifier: Apache-2.0
'use strict';
const { readFileSync } = require('node:fs');
const { Agent, request } = require('node:https');

const [way, port, atOnce, count] = process.argv.slice(2);
const url = `https://localhost:${port}/v1/payment_intents`;
const body = 'amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true';
const headers = {
  authorization: 'Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  'content-type': 'application/x-www-form-urlencoded',
};
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });

async function byFetch() {
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.text();
}

function byHttps() {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers, agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    call.on('error', reject);
    call.end(body);
  });
}

const callOnce = way === 'fetch' ? byFetch : byHttps;

async function call(times) {
  const taken = [];
  let left = times;
  const one = async () => {
    while (left-- > 0) {
      const start = performance.now();
      await callOnce();
      taken.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, one));
  return taken.sort((a, b) => a - b);
}

// What this thread alone has used, in microseconds: Packs run on another one.
function threadCpu() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e3;
}

async function main() {
  await callOnce();
  console.log('{}'); // the first answer: whoever started us has been waiting for it
  await call(Math.ceil(Number(count) / 4));
  const thread = threadCpu();
  const before = process.cpuUsage();
  const taken = await call(Number(count));
  const used = process.cpuUsage(before);
  console.log(
    JSON.stringify({
      thread: (threadCpu() - thread) / taken.length,
      process: (used.user + used.system) / taken.length,
      p50: taken[taken.length >> 1],
    }),
  );
  process.exit();
}

main();
