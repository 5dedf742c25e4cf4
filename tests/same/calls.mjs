// calls: makes the calls that standard input lists, one after the other, as any program would.
// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { text } from 'node:stream/consumers';

const agent = new https.Agent({ keepAlive: true });

async function byFetch({ method, url, headers, body, follow, give_up_after: enough, timeout_ms: limit, give_up_ms: wait }) {
  const controller = new AbortController();
  const signal = limit ? AbortSignal.timeout(limit) : controller.signal;
  if (wait) setTimeout(() => controller.abort(), wait);
  const redirect = follow ? 'follow' : 'manual';
  // Of bytes Node.js 20 has none left for the second call.
  const sent = follow && body ? body.toString() : body;
  const response = await fetch(url, { method, headers, body: sent, signal, redirect });
  let received = 0;
  for await (const part of response.body || []) {
    received += part.length;
    if (enough && received >= enough) controller.abort();
  }
}

/** Headers of one name together: node:https takes an object. */
function together(headers) {
  const values = {};
  for (const [name, value] of headers) values[name] = name in values ? [values[name], value].flat() : value;
  return values;
}

function byHttps(call) {
  if (call.http === '2') return byHttp2(call);
  const { method, url, headers, body, give_up_after: enough, timeout_ms: limit, give_up_ms: wait } = call;
  return new Promise((resolve) => {
    const signal = limit ? AbortSignal.timeout(limit) : undefined;
    const options = { method, headers: together(headers), signal };
    // `taskless conformance` has no TLS.
    const request = url.startsWith('https:') ? https.request(url, { ...options, agent }) : http.request(url, options);
    if (wait) setTimeout(() => request.destroy(), wait);
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

function byHttp2({ method, url, headers, body }) {
  return new Promise((resolve) => {
    const { origin, pathname, search } = new URL(url);
    const session = http2.connect(origin);
    const request = session.request({ ':method': method, ':path': pathname + search, ...together(headers) });
    session.on('error', () => {});
    request.on('error', () => {});
    request.on('close', () => session.close(resolve));
    request.resume();
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
