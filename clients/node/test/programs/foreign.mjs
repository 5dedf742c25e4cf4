// foreign: Node's own methods as they may be one day, with arguments that nobody knows; the client is loaded by
// hand, over what stands here in their place. SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import net from 'node:net';

import { say } from './say.mjs';

const require = createRequire(import.meta.url);

const METHODS = [
  [http.Agent.prototype, ['addRequest']],
  [http.ClientRequest.prototype, ['write', 'end', 'flushHeaders', 'destroy', 'emit']],
  [http.IncomingMessage.prototype, ['push']],
  [net.Socket.prototype, ['connect', '_destroy']],
  [process, ['abort', 'kill', 'execve']],
  [http2, ['connect']],
];

const restore = [];
for (const [object, names] of METHODS) {
  for (const name of names) {
    if (typeof object[name] !== 'function') continue;
    restore.push([object, name, Object.getOwnPropertyDescriptor(object, name)]);
    object[name] = function replaced(...given) {
      return { name, given, self: this };
    };
  }
}

if (process.env.TASKLESS_OUTPUT) require(`${process.env.TASKLESS_CLIENT}/index.js`).load();

for (const [object, name] of restore) {
  const self = typeof object === 'function' || object === process || object === http2 ? object : Object.create(object);
  const given = [{ a: 1 }, 'utf8', undefined, () => 0, Symbol.iterator, { signal: 7 }];
  const answer = Reflect.apply(object[name], self, given);
  const same = given.every((one, i) => answer.given[i] === one) && answer.given.length === given.length;
  say(answer.name, same, answer.self === self, Reflect.apply(object[name], self, []).given.length);
}
for (const [object, name, property] of restore) {
  if (property) Object.defineProperty(object, name, property);
  else delete object[name];
}
