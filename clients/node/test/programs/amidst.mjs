// amidst: code of the program makes calls while the client observes one: a listener on the same channels, or
// what the program has put in the place of functions of Node that the client uses. One case a run.
// SPDX-License-Identifier: Apache-2.0
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import http from 'node:http';

import { HTTP, say } from './say.mjs';

const CHANNELS = [
  'http.client.request.created',
  'http.client.request.start',
  'http.client.response.finish',
  'undici:client:connected',
  'undici:client:sendHeaders',
  'undici:request:bodyChunkReceived',
  'undici:request:bodyChunkSent',
  'undici:request:bodySent',
  'undici:request:create',
  'undici:request:headers',
  'undici:request:trailers',
];

const { apply } = Reflect;

const inner = [];
let busy = 0;
let wanted = false;

async function byHttp(who) {
  await new Promise((resolve, reject) => {
    const request = http.request(`${HTTP}/wire/echo?${who}`, { method: 'POST' }, (response) =>
      response.resume().on('end', resolve),
    );
    request.on('error', reject).end('body');
  });
}

async function byFetch(who) {
  await (await fetch(`${HTTP}/wire/echo?${who}`, { method: 'POST', body: 'body' })).text();
}

/** A call of its own, unless it is a part of one of these. */
function amidst() {
  if (!wanted || busy > 0 || inner.length >= 40) return;
  busy++;
  const number = inner.length;
  inner.push((number % 2 ? byHttp : byFetch)(`inner${number}`).finally(() => busy--));
}

async function outer() {
  wanted = true;
  await byHttp('outer0');
  await byFetch('outer1');
  await byHttp('outer2');
  await byFetch('outer3');
  wanted = false;
  await Promise.all(inner);
  writeFileSync(process.env.COUNTED, String(inner.length));
  say('goes on');
}

const isOurs = (line) => line !== undefined && line.includes('node:taskless/');

/** Calls where it is the client that asks. */
function replace(object, name) {
  const original = object[name];
  object[name] = function replaced() {
    if (wanted && isOurs(new Error().stack.split('\n')[2])) amidst();
    return apply(original, this, arguments);
  };
}

const cases = {
  channels: async () => {
    for (const name of CHANNELS) subscribe(name, amidst);
    await outer();
  },
  functions: async () => {
    replace(Array, 'isArray');
    replace(Buffer, 'isBuffer');
    replace(Buffer, 'byteLength');
    replace(Object, 'entries');
    replace(Object, 'getPrototypeOf');
    replace(Reflect, 'apply');
    await outer();
  },
};

await cases[process.argv[2]]();
