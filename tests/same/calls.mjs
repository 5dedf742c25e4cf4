// calls: makes the calls of a list, one after the other, as any program would.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [way, file] = process.argv.slice(2);
const agent = new https.Agent({ keepAlive: true });

async function byFetch({ method, url, headers, body, giveUpAfter }) {
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
  let received = 0;
  for await (const part of response.body || []) {
    received += part.length;
    if (giveUpAfter && received >= giveUpAfter) controller.abort();
  }
}

function byHttps({ method, url, headers, body, giveUpAfter }) {
  return new Promise((resolve) => {
    const request = https.request(url, { method, headers: Object.fromEntries(headers), agent });
    request.on('response', (response) => {
      let received = 0;
      response.on('error', () => {});
      response.on('data', (part) => {
        received += part.length;
        if (giveUpAfter && received >= giveUpAfter) request.destroy();
      });
    });
    request.on('error', () => {});
    request.on('close', resolve);
    request.end(body);
  });
}

const ways = { fetch: [byFetch], https: [byHttps], both: [byFetch, byHttps] }[way];
const calls = JSON.parse(readFileSync(file, 'utf8'));
for (const [i, call] of calls.entries()) {
  const body = call.body ? Buffer.from(call.body, 'base64') : undefined;
  try {
    await ways[i % ways.length]({ ...call, body });
  } catch {
    // Some are meant to fail; what became of each stands in its record.
  }
}
agent.destroy();
