// main: runs stripe-mock as our own servers run: says its port in JSON, ends with standard input.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { spawn } = require('node:child_process');
const { writeSync } = require('node:fs');

const [program] = process.argv.slice(2);
const child = spawn(program, ['-http-addr', '127.0.0.1:0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});

let text = '';
child.stdout.setEncoding('utf8').on('data', (part) => {
  if (text === null) return;
  text += part;
  const found = /HTTP at address: \S+:(\d+)/.exec(text);
  if (!found) return;
  text = null;
  writeSync(1, `${JSON.stringify({ http: Number(found[1]), pid: child.pid })}\n`);
});

child.on('exit', (code) => process.exit(code === null ? 0 : code));
child.on('error', (error) => {
  writeSync(2, `stripe-mock: ${error.message}\n`);
  process.exit(1);
});

const end = () => child.kill('SIGTERM');
process.on('SIGTERM', end);
process.stdin.on('end', end).resume();
