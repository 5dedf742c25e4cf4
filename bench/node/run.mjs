// run: the same program plain, under OpenTelemetry and under taskless, in turns; prints a table.
// SPDX-License-Identifier: Apache-2.0
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const [tls, client, config] = process.argv.slice(2);
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const ROUNDS = 4;
const KINDS = [
  { name: 'plain', options: [] },
  { name: 'OpenTelemetry', options: ['--require', `${here}/otel.cjs`] },
  { name: 'taskless', options: ['--require', client] },
];
const LOADS = [
  { way: 'fetch', atOnce: 1, count: 1000 },
  { way: 'fetch', atOnce: 50, count: 2500 },
  { way: 'https', atOnce: 1, count: 2500 },
  { way: 'https', atOnce: 50, count: 5000 },
];
const COLUMNS = [
  { key: 'thread', name: 'its thread' },
  { key: 'process', name: 'all threads' },
  { key: 'p50', name: 'p50 ms' },
  { key: 'first', name: 'first answer ms' },
];

async function runOnce(kind, load, port) {
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: `${tls}/cert.pem`, TASKLESS_CONFIG: config };
  const args = [...kind.options, `${here}/app.cjs`, load.way, port, load.atOnce, load.count].map(String);
  const start = performance.now();
  const app = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: app.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const first = performance.now() - start;
  const { value } = await lines.next();
  if (app.exitCode === null) await once(app, 'exit');
  return { ...JSON.parse(value), first };
}

// Of the rounds the least: what else runs on the machine only ever adds.
const least = (results, key) => Math.min(...results.map((result) => result[key]));

function print(load, results) {
  console.log(`${load.way}, ${load.atOnce} at once`);
  for (const kind of KINDS) {
    const cells = COLUMNS.map(({ key }) => least(results.get(kind), key));
    const ratio = cells[0] / least(results.get(KINDS[0]), 'thread');
    const text = cells.map((cell, i) => cell.toFixed(i === 2 ? 2 : 0).padStart(15)).join(' ');
    console.log(`  ${kind.name.padEnd(16)}${text}${kind === KINDS[0] ? '' : `   ${ratio.toFixed(2)} x`}`);
  }
}

const server = fork(`${here}/server.mjs`, [tls]);
const [port] = await once(server, 'message');
console.log(`\n${'CPU us a call'.padEnd(18)}${COLUMNS.map(({ name }) => name.padStart(15)).join(' ')}   its thread`);
for (const load of LOADS) {
  const results = new Map(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const kind of KINDS) results.get(kind).push(await runOnce(kind, load, port));
  print(load, results);
}
server.disconnect();
