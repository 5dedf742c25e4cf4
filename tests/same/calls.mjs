// calls: makes the calls that standard input lists, one after the other, as any program would.
// SPDX-License-Identifier: Apache-2.0
import https from 'node:https';
import { text } from 'node:stream/consumers';

const agent = new https.Agent({ keepAlive: true });

async function byFetch({ method, url, headers, body, give_up_after: enough }) {
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
  let received = 0;
  for await (const part of response.body || []) {
    received += part.length;
    if (enough && received >= enough) controller.abort();
  }
}

function byHttps({ method, url, headers, body, give_up_after: enough }) {
  return new Promise((resolve) => {
    const request = https.request(url, { method, headers: Object.fromEntries(headers), agent });
    request.on('response', (response) => {
      let received = 0;
      response.on('error', () => {});
      response.on('data', (part) => {
        received += part.length;
        if (enough && received >= enough) request.destroy();
      });
    });
    request.on('error', () => {});
    request.on('close', resolve);
    request.end(body);
  });
}

const ways = { fetch: [byFetch], https: [byHttps], both: [byFetch, byHttps] }[process.argv[2]];
const lines = (await text(process.stdin)).split('\n').filter((line) => line);
for (const [i, line] of lines.entries()) {
  const call = JSON.parse(line);
  const body = call.body ? Buffer.from(call.body, 'base64') : undefined;
  try {
    await ways[i % ways.length]({ ...call, body });
  } catch {
    // Some are meant to fail; what became of each stands in its record.
  }
}
agent.destroy();
