// index: what a program that loads the client by hand holds; index.d.ts says what each does.
// SPDX-License-Identifier: Apache-2.0
/* istanbul ignore file */
'use strict';

const { load: loadFile } = require('./lib/loader.js');

const { EXIT_MS, find } = loadFile('client.js');

function load(options) {
  return find().start(options, true);
}

function add(manifest, wasm, configuration) {
  return find().add(asJson(manifest), asBytes(wasm), asJson(configuration));
}

function asJson(value) {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || ArrayBuffer.isView(value) ? value : JSON.stringify(value);
}

function asBytes(value) {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}

function shutdown({ timeoutMs = EXIT_MS } = {}) {
  return find().stop(timeoutMs) === 0;
}

module.exports = { add, load, shutdown };
//# sourceURL=node:taskless/index.js
