// loader: brings the client's files into a program past its module system, so that nothing it counts
// by has them.
// SPDX-License-Identifier: Apache-2.0
/* istanbul ignore file */
'use strict';

const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { compileFunction } = require('node:vm');

// Coverage tools, debuggers and test runners take what has such a name for a part of Node.js: they
// neither list it nor count its lines. A file's own name would count in any folder but node_modules.
const PREFIX = 'node:taskless/';

const loaded = new Map();

/** The exports of one of the files beside this one: they are in no require.cache. */
function load(name) {
  if (loaded.has(name)) return loaded.get(name).exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const source = readFileSync(join(__dirname, name), 'utf8');
  const filename = PREFIX + name;
  const run = compileFunction(source, ['exports', 'require', 'module'], { filename });
  Reflect.apply(run, module.exports, [module.exports, requireHere, module]);
  return module.exports;
}

function requireHere(name) {
  if (name.endsWith('.node')) return loadAddon(join(__dirname, name));
  return name.startsWith('./') ? load(name.slice(2)) : require(name);
}

function loadAddon(file) {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

/** Takes `files`, which a program did not ask for itself, out of what it can list of its modules. */
function forget(...files) {
  for (const file of files) delete require.cache[file];
  const paths = Module._pathCache || {};
  for (const key of Object.keys(paths)) if (files.includes(paths[key])) delete paths[key];
}

module.exports = { file: __filename, forget, load };
//# sourceURL=node:taskless/loader.js
