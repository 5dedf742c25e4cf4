// scenario: runs a program plainly and with the client, against a server that starts afresh each time.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const { makeCertificates } = require('../../../../tests/servers/api/certificates.js');

const ROOT = path.resolve(__dirname, '../../../..');
const BUILD = process.env.TASKLESS_BUILD || path.join(ROOT, 'build');
const CLIENT = path.join(BUILD, 'lib/taskless/node');
const REGISTER = path.join(CLIENT, 'register.js');
const SERVER = path.join(ROOT, 'tests/servers/api/main.js');
const PROGRAMS = path.join(__dirname, '../programs');
// Far more than any of them takes, on a machine that does much else as well.
const TIMEOUT_MS = 180_000;
// The program under test may run on another version of Node.js than what looks at it.
const NODE = process.env.TASKLESS_TEST_NODE || process.execPath;
const VERSIONS = JSON.parse(execFileSync(NODE, ['-p', 'JSON.stringify(process.versions)']));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'taskless-node-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const TLS = path.join(folder, 'tls');
let runs = 0;

// Made once, before several servers want them at the same time.
makeCertificates(TLS);

/** Servers that no run uses at the moment: starting one takes longer than most programs do. */
const idle = [];

/** A server that has seen nothing; `stop()` returns the journal of what it has seen since. */
async function startServer() {
  const server = idle.pop() || (await spawnServer());
  server.hold(true);
  return {
    ...server.ready,
    async stop() {
      const journal = await server.ask();
      server.hold(false);
      idle.push(server);
      return journal;
    },
  };
}

async function spawnServer() {
  const child = spawn(process.execPath, [SERVER, '--tls', TLS], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: plainEnvironment(),
  });
  const lines = readline.createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    ready: JSON.parse((await lines.next()).value),
    async ask() {
      child.stdin.write('\n');
      return JSON.parse((await lines.next()).value);
    },
    // A server that waits for the next run keeps no test from ending, and ends with it.
    hold(used) {
      for (const one of [child, child.stdin, child.stdout]) used ? one.ref() : one.unref();
    },
  };
}

/** The environment without what makes a program observed. */
function plainEnvironment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(TASKLESS_|NODE_OPTIONS$|NODE_TEST)/.test(name)) delete env[name];
  }
  return env;
}

// Without Packs, but where a test names its own: nothing is compiled while a program runs.
const CONFIG = path.join(folder, 'no-packs.yaml');
fs.writeFileSync(CONFIG, 'version: 1\nshipped: false\npacks: []\n');

function clientEnvironment(files, more = () => ({})) {
  return {
    TASKLESS_CONFIG: CONFIG,
    TASKLESS_OUTPUT: `file:${files.records},har:${files.har}`,
    TASKLESS_FORMAT: 'ndjson',
    ...more(files),
  };
}

/**
 * Runs a program of programs/, observed when `on`. Options: args, nodeArgs, env; entry (--require,
 * --import, NODE_OPTIONS, or "" for a program that loads the client by hand); clientEnv (given the
 * files of this run, returns variables); during (called with the child process and the server).
 */
async function run(program, options = {}) {
  const server = await startServer();
  const id = (runs += 1);
  const files = {
    records: path.join(folder, `${id}.ndjson`),
    har: path.join(folder, `${id}.har`),
  };
  const env = {
    ...plainEnvironment(),
    HTTP: `http://127.0.0.1:${server.http}`,
    HTTPS: `https://localhost:${server.https}`,
    NODE_EXTRA_CA_CERTS: server.ca,
    TASKLESS_CLIENT: CLIENT,
    ...options.env,
    ...(options.on ? clientEnvironment(files, options.clientEnv) : {}),
  };
  const result = await runChild(program, options, env, server);
  const journal = await server.stop();
  const ports = [server.http, server.https];
  return {
    outside: withoutPorts({ ...result, journal }, ports),
    records: withoutPorts(readLines(files.records), ports),
    har: withoutPorts(readHar(files.har), ports),
  };
}

async function runChild(program, options, env, server) {
  const child = spawn(NODE, nodeArguments(program, options, env), {
    env,
    cwd: PROGRAMS,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of Object.keys(texts)) {
    child[name].setEncoding('utf8').on('data', (part) => (texts[name] += part));
  }
  // An open channel keeps no program alive that does not listen to it.
  child.channel.unref();
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  if (options.during) options.during(child, server);
  const [code, signal] = await new Promise((resolve) => {
    child.on('close', (...how) => resolve(how));
  });
  clearTimeout(timer);
  return { ...texts, code, signal };
}

function nodeArguments(program, { args = [], nodeArgs = [], entry = '--require', on }, env) {
  const flags = ['--no-warnings', ...nodeArgs];
  if (on && entry === 'NODE_OPTIONS') env.NODE_OPTIONS = `--require ${REGISTER}`;
  else if (on && entry) flags.push(entry, REGISTER);
  return [...flags, path.join(PROGRAMS, program), ...args];
}

/** Runs both ways; fails where a program, its user or its server could tell a difference. */
async function compare(program, options = {}) {
  const plain = await run(program, { ...options, on: false });
  const observed = await run(program, { ...options, on: true });
  const tidy = options.tidy || ((outside) => outside);
  assert.deepEqual(tidy(observed.outside), tidy(plain.outside));
  assert.deepEqual(plain.records, []);
  return observed;
}

function readLines(file) {
  if (!fs.existsSync(file)) return [];
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function readHar(file) {
  if (!fs.existsSync(file)) return [];
  return JSON.parse(fs.readFileSync(file, 'utf8')).log.entries;
}

/** Ports differ from run to run and stand in URLs, headers and messages. */
function withoutPorts(value, ports) {
  const pattern = new RegExp(`\\b(${ports.join('|')})\\b`, 'g');
  return JSON.parse(JSON.stringify(value).replace(pattern, 'PORT'));
}

/** What a record says in short: "POST /path 402 done", "GET / ECONNREFUSED failed". */
function brief(record) {
  const { pathname, search } = new URL(record.url.replace('PORT', '1'));
  const came = record.status === undefined ? '' : ` ${record.status}`;
  const error = record.error && record.error.code ? ` ${record.error.code}` : '';
  return `${record.method} ${pathname}${search}${came}${error} ${record.ending}`;
}

module.exports = {
  BUILD,
  CLIENT,
  NODE,
  REGISTER,
  ROOT,
  VERSIONS,
  brief,
  compare,
  folder,
  run,
  startServer,
};
