// connects: connections in which there is no call, one case a run.
// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { HTTP, say } from './say.mjs';

async function talk(where) {
  const socket = net.connect(where).on('error', ({ code }) => say(code));
  socket.end('PING\r\n');
  socket.resume();
  await once(socket, 'close');
}

async function served(where, use) {
  const server = net.createServer((socket) => socket.end('PONG\r\n').resume());
  server.listen(where);
  await once(server, 'listening');
  await use(server.address());
  server.close();
}

const cases = {
  one: () => served(0, ({ port }) => talk(port)),
  several: () =>
    served(0, async ({ port }) => {
      await talk({ port, host: '127.0.0.1' });
      await talk({ port });
    }),
  exit: () =>
    served(0, async ({ port }) => {
      await talk(port);
      process.exit(3);
    }),
  local: () => served(path.join(tmpdir(), `taskless-${process.pid}.sock`), (where) => talk(where)),
  called: () =>
    served(0, async ({ port }) => {
      await talk(port);
      await (await fetch(`${HTTP}/wire/echo`)).text();
    }),
  none: () => say('nothing'),
};

await cases[process.argv[2]]();
