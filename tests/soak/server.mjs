// server: answers each call as chance.mjs has it; ends with its standard input.
// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';

import { callOf } from './chance.mjs';

const server = http.createServer((request, response) => {
  const number = Number(request.headers['x-number']);
  const { status, padding, reset } = callOf(number);
  request.resume().on('end', () => {
    if (reset) return request.socket.resetAndDestroy();
    const body = JSON.stringify({ number, padding: 'x'.repeat(padding) });
    response.writeHead(status, { 'content-type': 'application/json' });
    return response.end(body);
  });
});

server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
