// soak: a Node.js program makes very many calls, with Packs that trap at random.
// SPDX-License-Identifier: Apache-2.0
//
// soak.mjs BUILD [CALLS], a number that ten divides: prints numbers, and fails where a record is
// lost or doubled, where memory grows, and where the log says of a Pack's rests anything but each
// once. What becomes of a call is told by its number.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

import { PACKS } from './chance.mjs';
import { Records } from './records.mjs';

const HERE = import.meta.dirname || path.dirname(new URL(import.meta.url).pathname);
const NODE = process.env.TASKLESS_TEST_NODE || process.execPath;
const [build, total] = [path.resolve(process.argv[2]), Number(process.argv[3] || 1_000_000)];
const MB = 1 << 20;
// What Node.js takes by itself when it has been running for a while.
const BY_NODE = { heapUsed: 2 * MB, rss: 24 * MB };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'taskless-soak-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const records = path.join(folder, 'records.ndjson');

const env = { ...process.env, TASKLESS_CACHE: path.join(folder, 'cache') };
for (const name of Object.keys(env)) if (/^(NODE_|TASKLESS_(?!CACHE))/.test(name)) delete env[name];

function configure() {
  const manifest = JSON.parse(fs.readFileSync(path.join(HERE, 'manifest.json')));
  const packs = Object.entries(PACKS).map(([name, one_in]) => {
    const from = path.join(folder, name);
    fs.mkdirSync(from);
    fs.copyFileSync(path.join(build, 'soak/pack.wasm'), path.join(from, 'pack.wasm'));
    fs.writeFileSync(path.join(from, 'manifest.json'), JSON.stringify({ ...manifest, name }));
    return { name, from, configuration: { one_in } };
  });
  const outputs = [{ to: `file:${records}`, format: 'ndjson' }];
  env.TASKLESS_CONFIG = path.join(folder, 'taskless.json');
  fs.writeFileSync(env.TASKLESS_CONFIG, JSON.stringify({ version: 1, shipped: false, packs, outputs }));
  execFileSync(path.join(build, 'bin/taskless'), ['compile'], { env, stdio: 'pipe' });
}

/** Starts the server; returns its address and how to stop it. */
async function startServer() {
  const server = spawn(process.execPath, [path.join(HERE, 'server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = readline.createInterface(server.stdout)[Symbol.asyncIterator]();
  const origin = `http://127.0.0.1:${(await lines.next()).value}`;
  return { origin, stop: () => server.stdin.end() };
}

/** Runs the program; returns what it measured, and what taskless said. */
async function makeCalls(origin) {
  const register = path.join(build, 'lib/taskless/node/register.js');
  const flags = ['--expose-gc', '--no-warnings', '--require', register];
  const program = [path.join(HERE, 'calls.mjs'), origin, String(total), records];
  const child = spawn(NODE, [...flags, ...program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { measured: [], log: [] };
  readline.createInterface(child.stdout).on('line', (line) => {
    said.measured.push(JSON.parse(line));
    show(said.measured.at(-1), said.measured.length);
  });
  readline.createInterface(child.stderr).on('line', (line) => said.log.push(line));
  const code = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  assert.equal(code, 0, said.log.join('\n'));
  return said;
}

function show({ heapUsed, rss, seconds, cpu }, tenths) {
  const used = (cpu.user + cpu.system) / 1e6;
  const at = ((total * tenths) / 10).toLocaleString('en');
  const mb = (bytes) => `${(bytes / MB).toFixed(1)} MB`;
  const rate = Math.round((total * tenths) / 10 / seconds).toLocaleString('en');
  console.log(
    `${at} calls: ${rate} a second, ${used.toFixed(0)} s of processor time, ` +
      `heap ${mb(heapUsed)}, resident ${mb(rss)}`,
  );
}

async function readRecords() {
  const found = new Records(total);
  for await (const line of readline.createInterface(fs.createReadStream(records))) found.add(line);
  return found;
}

/** The first half is for warming up. */
function checkMemory(measured) {
  const warm = measured[measured.length / 2 - 1];
  for (const [name, allowed] of Object.entries(BY_NODE)) {
    const grown = measured.at(-1)[name] - warm[name];
    console.log(`${name} grew by ${grown} bytes over the last ${total / 2} calls`);
    assert.ok(grown < allowed, `${name} grew by ${grown}`);
  }
}

function checkLog(log, rests) {
  const said = log.map((line) => line.replace('taskless: ', '').replace(/(\(\w+\)).*/, '$1'));
  for (const { pack, lines } of rests) {
    console.log(`${pack}: ${lines.length} rests, each in the log once`);
    assert.deepEqual(
      said.filter((line) => line.startsWith(`Pack ${pack} rests`)),
      lines,
    );
  }
  assert.deepEqual(
    log.filter((line) => !/^taskless: Pack \w+ rests for /.test(line)),
    [],
  );
}

configure();
const server = await startServer();
const { measured, log } = await makeCalls(server.origin);
server.stop();
const found = await readRecords();
const { count, lost, doubled, results } = found;
console.log(`${count} records of ${total} calls, ${lost} lost, ${doubled} doubled`);
for (const name of Object.keys(results).sort()) console.log(`${name}: ${results[name]}`);
assert.deepEqual(measured.at(-1).wrong, { count: 0 });
assert.deepEqual(found.problems.slice(0, 10), []);
assert.deepEqual({ count, lost, doubled }, { count: total, lost: 0, doubled: 0 });
checkLog(log, found.rests);
checkMemory(measured);
