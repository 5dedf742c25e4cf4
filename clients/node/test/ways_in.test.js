// ways_in: what reads NODE_OPTIONS besides Node.js, and what counts the files that they load.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { BUILD, CLIENT, NODE, REGISTER, VERSIONS, folder } = require('./support/scenario.js');

const TASKLESS = path.join(BUILD, 'bin/taskless');
const [major] = VERSIONS.node.split('.').map(Number);

/** A folder with `files`, of which a name may be "a b/c.js". */
function project(name, files) {
  const root = path.join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  return root;
}

/** Runs the program plainly, or by `taskless run`; records go to a file of their own. */
function start(cwd, args, { observed = true, env = {}, command = NODE } = {}) {
  const records = path.join(cwd, 'records.ndjson');
  fs.rmSync(records, { force: true });
  const run = ['run', '--config', path.join(folder, 'no-packs.yaml'), '--output', `file:${records}`, '--', command];
  const all = { ...process.env, ...env };
  for (const key of Object.keys(all)) if (/^(TASKLESS_|NODE_TEST)/.test(key)) delete all[key];
  if (!('NODE_OPTIONS' in env)) delete all.NODE_OPTIONS;
  all.TASKLESS_CACHE = path.join(folder, 'cache');
  const done = spawnSync(observed ? TASKLESS : command, [...(observed ? run : []), ...args], {
    cwd,
    env: all,
    encoding: 'utf8',
  });
  const count = fs.existsSync(records) ? fs.readFileSync(records, 'utf8').trim().split('\n').length : 0;
  return { code: done.status, stdout: done.stdout, stderr: done.stderr, count };
}

// --- Launchers.

// As Next.js 15 hands NODE_OPTIONS on: what it finds twice it joins.
const LAUNCHER = `
const { fork } = require('node:child_process');
const { parseArgs } = require('node:util');
const split = (text) => (text.match(/(?:[^\\s"]+|"[^"]*")+/g) || []).map((word) => word.replace(/"/g, ''));
const { values, tokens } = parseArgs({ args: split(process.env.NODE_OPTIONS || ''), strict: false, tokens: true });
let orphan = null;
for (const token of tokens) {
  if (token.kind === 'option') orphan = token.value === undefined ? token : null;
  else if (token.kind === 'positional' && orphan) {
    const { name } = orphan;
    if (typeof values[name] === 'string') values[name] += ' ' + token.value;
    else values[name] = token.value;
  } else orphan = null;
}
const NODE_OPTIONS = Object.entries(values)
  .map(([name, value]) => (value === true ? '--' + name : '--' + name + '=' + (value.includes(' ') ? JSON.stringify(value) : value)))
  .join(' ');
fork(process.argv[2], { env: { ...process.env, NODE_OPTIONS } }).on('exit', (code) => process.exit(code));
`;
const CALL = `require('http').get('http://127.0.0.1:47/x').on('error', ({ code }) => console.log(code, globalThis.pre));\n`;
const PRE = `globalThis.pre = (globalThis.pre || '') + 'pre';\n`;

const files = { 'next.js': LAUNCHER, 'app.js': CALL, 'pre.cjs': PRE, 'a b/other.cjs': `globalThis.pre += ' other';\n` };

for (const [name, options, loaded] of [
  ['nothing of the user', '', 'undefined'],
  ['a --require', '--require ./pre.cjs', 'pre'],
  ['a --require with its path in quotes, and more', `--no-warnings --require "${path.join(folder, 'launch/pre.cjs')}" --max-old-space-size=200`, 'pre'],
]) {
  test(`a launcher that reads NODE_OPTIONS anew, with ${name}: runs as without us, and its worker is seen`, () => {
    const cwd = project('launch', files);
    const env = { NODE_OPTIONS: options };
    const plain = start(cwd, ['next.js', './app.js'], { observed: false, env });
    const seen = start(cwd, ['next.js', './app.js'], { env });
    assert.deepEqual([plain.code, plain.stdout], [0, `ECONNREFUSED ${loaded}\n`], plain.stderr);
    assert.deepEqual([seen.code, seen.stdout, seen.stderr, seen.count], [0, plain.stdout, '', 1]);
  });
}

for (const [name, options] of Object.entries({
  order: '--require ./pre.cjs -r "./a b/other.cjs"',
  form: '--require=./pre.cjs --title="x  y"',
  import: '--require ./pre.cjs --import ./late.mjs',
  missing: '--require ./gone.cjs',
  refused: '--require ./pre.cjs --no-such-option',
  open: '--require "./pre.cjs',
})) {
  test(`NODE_OPTIONS of the user's own, ${name}: they mean what they did`, () => {
    const app = `console.log(globalThis.pre, process.title, process.execArgv);\n`;
    const cwd = project('own', { ...files, 'say.js': app, 'late.mjs': `globalThis.pre += ' late';\n` });
    const env = { NODE_OPTIONS: options };
    const plain = start(cwd, ['say.js'], { observed: false, env });
    const seen = start(cwd, ['say.js'], { env });
    assert.deepEqual([seen.code, seen.stdout], [plain.code, plain.stdout], seen.stderr);
    // Of an error the trace has places of ours in it; its words stay.
    const words = (text) => text.split('\n').filter((line) => /Error:|not allowed|NODE_OPTIONS/.test(line));
    assert.deepEqual(words(seen.stderr), words(plain.stderr));
  });
}

test("a worker thread loads what the user's NODE_OPTIONS require", () => {
  const app = `new (require('worker_threads').Worker)('console.log(globalThis.pre)', { eval: true });\n`;
  const cwd = project('thread', { ...files, 'app.js': app });
  const seen = start(cwd, ['app.js'], { env: { NODE_OPTIONS: '-r ./pre.cjs' } });
  assert.deepEqual([seen.code, seen.stdout], [0, 'pre\n'], seen.stderr);
});

// --- Coverage.

test('coverage counts and lists no file of the client', { skip: major < 20 }, () => {
  const cwd = project('covered', {
    'own.js': `exports.add = (a, b) => a + b;\n`,
    'own.test.js': `const { test } = require('node:test');\nconst { add } = require('./own.js');\ntest('adds', () => add(1, 2));\n`,
  });
  const args = ['--test', '--experimental-test-coverage', '--test-reporter=tap', 'own.test.js'];
  const report = ({ stdout }) => stdout.split('\n').filter((line) => line.includes('|'));
  const plain = start(cwd, args, { observed: false });
  const seen = start(cwd, args);
  assert.ok(report(plain).some((line) => line.includes('own.js')), plain.stdout);
  assert.deepEqual(report(seen), report(plain));
});

test('NODE_V8_COVERAGE, which c8 and others read, has no file of the client', () => {
  const cwd = project('v8', { 'app.js': CALL, 'thread.js': `new (require('worker_threads').Worker)('./app.js');\n` });
  for (const entry of ['--require', '--import']) {
    for (const program of ['app.js', 'thread.js']) {
      fs.rmSync(path.join(cwd, 'out'), { recursive: true, force: true });
      const env = { ...process.env, NODE_V8_COVERAGE: path.join(cwd, 'out'), TASKLESS_OUTPUT: 'file:seen' };
      execFileSync(NODE, [entry, REGISTER, program], { cwd, env, stdio: 'ignore' });
      const urls = fs
        .readdirSync(path.join(cwd, 'out'))
        .flatMap((file) => JSON.parse(fs.readFileSync(path.join(cwd, 'out', file))).result)
        .map(({ url }) => url);
      assert.ok(urls.some((url) => url.endsWith('/app.js')), urls.join());
      assert.deepEqual(urls.filter((url) => /taskless/.test(url) && !url.startsWith('node:') && !url.startsWith(`file://${folder}`)), []);
    }
  }
});

// --- Other runtimes.

for (const name of ['deno', 'bun']) {
  test(`in ${name} nothing of the client is read or started`, () => {
    // It reads NODE_OPTIONS too; here Node.js stands for it, and says which files were read.
    const fake = `
      Object.defineProperty(process, 'versions', { value: { ...process.versions, ${name}: '2.0.0' } });
      const fs = require('node:fs');
      const { readFileSync } = fs;
      globalThis.files = [];
      fs.readFileSync = (file, ...rest) => (globalThis.files.push(String(file)), readFileSync(file, ...rest));
      const { dlopen } = process;
      process.dlopen = (module, file) => (globalThis.files.push(file), dlopen(module, file));
    `;
    const app = `console.log(globalThis.files.filter((file) => file.startsWith(${JSON.stringify(CLIENT)}) && file !== ${JSON.stringify(REGISTER)}));\n`;
    const cwd = project(name, { 'fake.cjs': fake, 'app.js': app });
    const done = spawnSync(NODE, ['-r', './fake.cjs', '-r', REGISTER, 'app.js'], { cwd, encoding: 'utf8' });
    assert.deepEqual([done.status, done.stdout, done.stderr], [0, '[]\n', '']);
  });
}

// --- Standard error.

test('its own lines are never waited for: standard error full, its reader gone, closed', () => {
  const cwd = project('full', { 'taskless.yaml': 'nonsense: [\n', 'app.js': `process.exitCode = 7;\n` });
  // A pipe that nobody reads, filled by another way in than the program's, so that this one blocks.
  const script = `
import fcntl, os, subprocess, sys
def full():
    r, w = os.pipe(); flags = fcntl.fcntl(w, fcntl.F_GETFL)
    fcntl.fcntl(w, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        while True: os.write(w, b"x")
    except BlockingIOError: pass
    fcntl.fcntl(w, fcntl.F_SETFL, flags); return r, w
def gone():
    r, w = os.pipe(); os.close(r); return None, w
for pipe in full, gone:
    r, w = pipe()
    print(subprocess.run(sys.argv[1:], stderr=w, timeout=60).returncode, flush=True); os.close(w)
print(subprocess.run(["sh", "-c", 'exec "$@" 2>&-', "sh", *sys.argv[1:]], timeout=60).returncode)
`;
  const env = { ...process.env };
  for (const key of Object.keys(env)) if (/^TASKLESS_|^NODE_OPTIONS$/.test(key)) delete env[key];
  const done = spawnSync('python3', ['-c', script, NODE, '-r', REGISTER, 'app.js'], { cwd, env, encoding: 'utf8' });
  assert.equal(done.stdout, '7\n7\n7\n', done.stderr);
});
