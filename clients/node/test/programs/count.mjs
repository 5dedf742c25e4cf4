// count: all that a program can count of Node's own objects, one case a run.
// SPDX-License-Identifier: Apache-2.0
import { channel, hasSubscribers } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import module, { createRequire } from 'node:module';
import net from 'node:net';
import stream from 'node:stream';
import { inspect } from 'node:util';

import { HTTP, say } from './say.mjs';

const require = createRequire(import.meta.url);

/** Names, symbols, and what each of them is like. */
function properties(object) {
  return Reflect.ownKeys(object).map((key) => {
    const { get, set, value, ...how } = Object.getOwnPropertyDescriptor(object, key);
    const kind = typeof value === 'function' ? [value.name, value.length] : typeof value;
    return [String(key), JSON.stringify(how), typeof get, typeof set, kind];
  });
}

/** What `for in` finds, which what stands nearer hides. */
function enumerated(object) {
  const names = [];
  for (const name in object) names.push(name);
  return names.sort();
}

function events(emitter) {
  const names = emitter.eventNames();
  return names.map((name) => [
    String(name),
    emitter.listenerCount(name),
    emitter.rawListeners(name).length,
    getEventListeners(emitter, name).length,
  ]);
}

const cases = {
  request: () =>
    new Promise((resolve) => {
      const request = http.request(`${HTTP}/wire/chunked`, { method: 'POST' });
      say('made', events(request), properties(request));
      request.on('response', (response) => {
        say('answered', events(request), events(response), events(request.socket));
        say(Object.keys(request), Object.keys(response));
        response.resume().on('end', () => setImmediate(resolve));
      });
      request.write('part');
      say('written', events(request), Object.keys(request), enumerated(request).length);
      request.end();
      request.on('close', () => say('closed', events(request)));
    }),
  failed: () =>
    new Promise((resolve) => {
      const request = http.get('http://127.0.0.1:47/x');
      request.on('error', ({ code }) => {
        say(code, events(request));
        resolve();
      });
    }),
  prototypes: async () => {
    const session = http2.connect('http://127.0.0.1:47').on('error', () => {});
    await (await fetch(`${HTTP}/wire/echo`)).text();
    for (const { prototype } of [
      http.ClientRequest,
      http.OutgoingMessage,
      http.IncomingMessage,
      http.Agent,
      net.Socket,
      stream.Readable,
      stream.Writable,
    ]) {
      say(prototype.constructor.name, properties(prototype), enumerated(prototype));
      say(inspect(prototype).split('\n')[0]);
    }
    say(properties(Object.getPrototypeOf(session)));
    say(http.ClientRequest.super_ === http.OutgoingMessage, properties(http), properties(net));
    session.destroy();
  },
  // An assignment to what is only watched is an assignment.
  replaced: () =>
    new Promise((resolve) => {
      const request = http.get(`${HTTP}/wire/echo`, (response) => response.resume());
      const { emit } = request;
      const seen = [];
      request.emit = function (name, ...rest) {
        seen.push(name);
        return Reflect.apply(emit, this, [name, ...rest]);
      };
      say(Object.keys(request).includes('emit'), emit === http.OutgoingMessage.prototype.emit);
      request.on('close', () => resolve(say(seen)));
    }),
  process: async () => {
    await (await fetch(`${HTTP}/wire/echo`)).text();
    say(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
    // execve comes with the flags of a version; what it is like is what counts.
    say(properties(process).filter(([name]) => !/moduleLoadList|^_events/.test(name)));
    say(properties(globalThis), properties(Error));
    say(process.getActiveResourcesInfo().filter((name) => !/TCP|TLS|Pipe|TTY|Timeout/.test(name)));
  },
  modules: async () => {
    await (await fetch(`${HTTP}/wire/echo`)).text();
    say(Object.keys(require.cache), Object.keys(module._pathCache));
    say(process.moduleLoadList.filter((name) => /taskless/.test(name)));
    say(hasSubscribers('taskless'), channel('taskless').hasSubscribers);
  },
};

await cases[process.argv[2]]();
