// main: a server that answers as several services do, and misbehaves when asked to.
// SPDX-License-Identifier: Apache-2.0
'use strict';

// node main.js [--tls FOLDER] [--port N]: one line of JSON with the ports when ready; ends with
// SIGTERM or when standard input closes, and then prints one line with what it has seen. A line on
// standard input asks for the same, after which the server is as if it had just been started.

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');
const readline = require('node:readline');
const { parseArgs } = require('node:util');

const { makeCertificates } = require('./certificates.js');
const { Journal } = require('./journal.js');
const { answerWire, forgetWire, upgradeWire } = require('./wire.js');

// Heads longer than usual are a case, too.
const LIMITS = { maxHeaderSize: 128 * 1024 };

/** Who answers is told by the path, as each service has its own. */
const SERVICES = ['openai', 'anthropic', 'twilio', 'github', 'slack', 'stripe'].map((name) =>
  require(`./${name}.js`),
);

const journal = new Journal();
const servers = [];

function onRequest(request, response) {
  const entry = journal.add(request, response);
  if (request.url.startsWith('/wire/')) return answerWire(request, response, entry, journal);
  const service = SERVICES.find(({ takes }) => takes(request));
  return readBody(request, entry, (body) => service.answer(request, response, body));
}

function readBody(request, entry, use) {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    entry.body(body);
    use(body.toString());
  });
}

function start(server, port, ready) {
  servers.push(server);
  server.on('connection', () => journal.countSocket());
  server.on('upgrade', (request, socket) => {
    journal.add(request);
    upgradeWire(request, socket);
  });
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    onRequest(request, response);
  });
  // An idle connection is closed by nobody while a test looks at how many there are.
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1', () => ready(server.address().port));
}

function serve({ tls, port }) {
  const plain = http.createServer(LIMITS, onRequest);
  start(plain, Number(port || 0), (httpPort) => {
    if (!tls) return announce({ http: httpPort });
    const { ca, key, cert } = makeCertificates(tls);
    const options = { ...LIMITS, key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
    return start(https.createServer(options, onRequest), 0, (httpsPort) => {
      announce({ http: httpPort, https: httpsPort, ca: path.resolve(ca) });
    });
  });
}

function announce(ready) {
  fs.writeSync(1, `${JSON.stringify({ ...ready, pid: process.pid })}\n`);
}

/** Calls `done` when what clients that ended just now did to their connections has arrived. */
function settle(done) {
  // The first look at the network after the pause may still be on its way.
  setTimeout(() => setImmediate(() => setImmediate(done)), 30);
}

function tell() {
  try {
    fs.writeSync(1, `${JSON.stringify(journal)}\n`);
  } catch {
    // Who started the server is gone.
  }
}

function startAfresh() {
  settle(() => {
    tell();
    servers.forEach((server) => server.closeAllConnections());
    journal.forget();
    SERVICES.forEach(({ forget }) => forget());
    forgetWire();
  });
}

function end() {
  settle(() => {
    tell();
    process.exit(0);
  });
}

serve(parseArgs({ options: { tls: { type: 'string' }, port: { type: 'string' } } }).values);
process.on('SIGTERM', end);
readline.createInterface(process.stdin).on('line', startAfresh).on('close', end);
