// wire: answers that show how a client treats what passes: slowly, compressed, broken, in parts.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { createHash } = require('node:crypto');
const zlib = require('node:zlib');

const { sendEvents, sendJson, sendParts } = require('./reply.js');

const FILLER = 'all work and no play '.repeat(100);

let step = () => {};
let asked = 0; // about /wire/once

/** Paths below /wire/; what follows a second slash is the argument. */
const ROUTES = {
  echo: (request, response, { body }) => sendJson(response, 200, body(describe(request))),
  status: (request, response, { argument, body }) =>
    sendJson(response, Number(argument), body(describe(request))),
  // Well the second time.
  once: (request, response, { body }) => {
    if (asked++ > 0) return sendJson(response, 200, body(describe(request)));
    return sendJson(response, 503, { error: 'try again' }, { 'retry-after': '0' });
  },
  gzip: (request, response) => {
    const packed = zlib.gzipSync(FILLER);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
    response.end(packed);
  },
  chunked: (request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', trailer: 'x-sum' });
    response.addTrailers({ 'x-sum': '6' });
    sendParts(response, ['one,', 'two,', 'three'], 10);
  },
  sse: (request, response, { argument }) => {
    const events = Array.from({ length: Number(argument) || 5 }, (_, i) => ({ n: i }));
    sendEvents(response, events, { pauseMs: 40 });
  },
  // Each event is sent when the one before has been asked about by a call to /wire/next: a stream
  // that is held back anywhere never comes to its end.
  lockstep: (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    step = (n) => (n < 5 ? response.write(`data: {"n":${n}}\n\n`) : response.end());
    step(0);
  },
  next: (request, response, { argument }) => {
    step(Number(argument));
    sendJson(response, 200, {});
  },
  slow: (request, response, { argument }) => {
    const timer = setTimeout(
      () => sendJson(response, 200, { slow: true }),
      Number(argument) || 300,
    );
    response.on('close', () => clearTimeout(timer));
  },
  hang: () => {},
  reset: (request) => request.socket.resetAndDestroy(),
  // A promise of more than is sent, then the end of the connection.
  cut: (request, response) => {
    response.cutByServer = true;
    response.writeHead(200, { 'content-length': 1000 });
    response.write('only this');
    setTimeout(() => request.socket.destroy(), 20);
  },
  redirect: (request, response, { argument }) => {
    response.writeHead(302, { location: `/wire/${argument || 'echo'}` });
    response.end('elsewhere');
  },
  empty: (request, response) => {
    response.writeHead(204);
    response.end();
  },
  early: (request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    sendJson(response, 200, { early: true });
  },
  size: (request, response, { argument }) => {
    const bytes = Buffer.alloc(Number(argument) || 1 << 20, FILLER);
    response.writeHead(200, { 'content-length': bytes.length });
    response.end(bytes);
  },
  // Endless as far as a program that reads little of it can tell.
  flood: (request, response) => flood(response, 1600),
};

function flood(response, left) {
  const part = Buffer.alloc(64 * 1024, FILLER);
  let rest = left;
  const more = () => {
    while (rest-- > 0) if (!response.write(part)) return response.once('drain', more);
    return response.end();
  };
  more();
}

function describe({ method, url, rawHeaders }) {
  return { method, url, rawHeaders };
}

function answerWire(request, response, entry) {
  const [, , name, ...rest] = request.url.split('?')[0].split('/');
  const route = ROUTES[name];
  const started = process.hrtime.bigint();
  const hash = createHash('sha256');
  let length = 0;
  let firstMs = null;
  request.on('data', (part) => {
    if (firstMs === null) firstMs = Number(process.hrtime.bigint() - started) / 1e6;
    hash.update(part);
    length += part.length;
  });
  request.on('error', () => {});
  request.on('end', () => {
    entry.length = length;
    entry.sha256 = hash.digest('hex');
    const body = (about) => ({
      ...about,
      length,
      sha256: entry.sha256,
      firstByteLate: firstMs > 250,
    });
    if (!route) return sendJson(response, 404, { error: `no such path: ${request.url}` });
    return route(request, response, { argument: rest.join('/'), body });
  });
}

/** An echo without a protocol, for the handshake is what counts here. */
function upgradeWire(request, socket) {
  socket.on('error', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
  socket.pipe(socket);
}

function forgetWire() {
  step = () => {};
  asked = 0;
}

module.exports = { answerWire, forgetWire, upgradeWire };
