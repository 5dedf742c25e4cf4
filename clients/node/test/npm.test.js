// npm: what the package for npm holds, and the types that come with it.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { before, test } = require('node:test');

const { BUILD, ROOT, folder } = require('./support/scenario.js');

const FILE = process.env.TASKLESS_NPM_FILE;
const TSC = path.join(__dirname, 'node_modules/typescript/bin/tsc');
const INSTALLED = path.join(folder, 'node_modules/taskless');

before(() => {
  fs.writeFileSync(path.join(folder, 'package.json'), '{}');
  execFileSync('npm', ['install', FILE], { cwd: folder, stdio: 'pipe' });
});

test('the same build gives the same bytes', () => {
  const first = fs.readFileSync(FILE);
  const copy = path.join(folder, 'build');
  fs.mkdirSync(copy);
  const script = path.join(ROOT, 'scripts/npm-package.sh');
  execFileSync(script, [BUILD, path.join(copy, 'again.tgz')], { stdio: 'pipe' });
  assert.ok(fs.readFileSync(path.join(copy, 'again.tgz')).equals(first));
});

test('it needs nothing, runs nothing when it is installed, and says what it is for', () => {
  const about = JSON.parse(fs.readFileSync(path.join(INSTALLED, 'package.json')));
  for (const name of ['scripts', 'dependencies', 'optionalDependencies', 'peerDependencies']) {
    assert.equal(about[name], undefined);
  }
  assert.deepEqual([about.os, about.cpu], [['linux'], [process.arch]]);
  assert.equal(about.version, fs.readFileSync(path.join(ROOT, 'VERSION'), 'utf8').trim());
});

test('every library that it loads is libc or comes with it', () => {
  const libraries = fs.readdirSync(path.join(INSTALLED, 'lib'));
  for (const name of ['bin/taskless', 'lib/libtaskless.so.0', 'lib/taskless/node/taskless.node']) {
    const said = execFileSync('objdump', ['-p', path.join(INSTALLED, name)], { encoding: 'utf8' });
    for (const [, needed] of said.matchAll(/NEEDED\s+(\S+)/g)) {
      const there = /^(lib(c|m|gcc_s)\.so|ld-linux)/.test(needed) || libraries.includes(needed);
      assert.ok(there, `${name} needs ${needed}`);
    }
  }
});

const USES = {
  'right.mts': `import taskless, { add, load, shutdown } from 'taskless';
    const loaded: boolean = load({ outputs: 'stderr', directory: 'packs', config: 'a.json' });
    const added: boolean = taskless.add({}, new Uint8Array(8), { key: 1 });
    const written: boolean = shutdown({ timeoutMs: 100 });
    export default [loaded, added, written, add];`,
  'right.cts': `import taskless = require('taskless');
    const loaded: boolean = taskless.load();
    export = loaded;`,
};
const MISUSES = {
  'option.mts': `import { load } from 'taskless'; load({ output: 'stderr' });`,
  'wasm.mts': `import { add } from 'taskless'; add({}, 'text');`,
  'name.cts': `import taskless = require('taskless'); taskless.start();`,
};

/** What TypeScript says of files in the folder in which the package is installed. */
function compile(files) {
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck', 'false'];
  const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' };
  try {
    return execFileSync(process.execPath, [TSC, ...flags, ...Object.keys(files)], options);
  } catch (error) {
    return error.stdout;
  }
}

test('types: load, add and shutdown, imported and required, and no other use of them', () => {
  assert.equal(compile(USES), '');
  const said = compile(MISUSES);
  for (const name of Object.keys(MISUSES)) assert.match(said, new RegExp(`^${name}\\(.*error`, 'm'));
});
