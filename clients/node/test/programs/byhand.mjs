// byhand: a program that loads the client itself.
// SPDX-License-Identifier: Apache-2.0
import channels from 'node:diagnostics_channel';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

import { HTTP, say } from './say.mjs';

const require = createRequire(import.meta.url);
const taskless = require(process.env.TASKLESS_CLIENT);
const call = async (path = '/wire/echo') => (await fetch(`${HTTP}${path}`)).text();

const cases = {
  load: async () => {
    await call('/wire/status/200'); // before: not seen
    say(taskless.load(), taskless.load());
    await call();
    say(taskless.shutdown(), taskless.shutdown());
    await call('/wire/status/201'); // after: not seen
  },
  options: async () => {
    say(taskless.load({ outputs: `file:${process.env.RECORDS}` }));
    await call();
  },
  again: async () => {
    for (const n of [200, 201, 202]) {
      say(taskless.load());
      await call(`/wire/status/${n}`);
      say(taskless.shutdown({ timeoutMs: 1000 }));
    }
  },
  // The classes of node:http2 are learnt anew each time.
  http2: async () => {
    const server = http2.createServer((request, response) => response.end('answer'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
    const ask = (path) =>
      new Promise((resolve) => {
        session.request({ ':path': path }).on('close', () => resolve(say(path))).resume();
      });
    await ask('/before');
    for (const n of [1, 2]) {
      taskless.load();
      const other = http2.connect(`http://127.0.0.1:${server.address().port}`);
      await new Promise((resolve) => {
        other.request({ ':path': `/${n}` }).on('close', resolve).resume();
      });
      other.close();
      taskless.shutdown({ timeoutMs: 1000 });
      await ask('/after');
    }
    session.close();
    server.close();
  },
  underway: async () => {
    taskless.load();
    const sent = new Promise((resolve) => channels.subscribe('undici:client:sendHeaders', resolve));
    const answer = call('/wire/slow/300');
    await sent;
    taskless.shutdown();
    say(await answer);
  },
  worker: async () => {
    const text = `require(process.env.TASKLESS_CLIENT).load();
      fetch('${HTTP}/wire/echo').then((response) => response.text());`;
    const worker = new Worker(text, { eval: true });
    say(await new Promise((resolve) => worker.on('exit', resolve)));
    await call('/wire/status/200'); // in another thread: not seen
  },
  add: async () => {
    say(taskless.add({}, new Uint8Array(8)));
    taskless.load();
    for (const bad of [
      [{}, new Uint8Array(8)],
      ['no JSON', Buffer.from('x')],
      [{}, 'text'],
    ]) {
      try {
        say(taskless.add(...bad));
      } catch (error) {
        say(error.message);
      }
    }
    await call();
  },
  twice: async () => {
    say(taskless.load());
    await call();
  },
};

await cases[process.argv[2]]();
