// index: what a program that loads the client by hand holds; index.d.ts says what each does.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { bridge } = require('./lib/call.js');
const { EXIT_MS, start, stop } = require('./lib/client.js');

function load(options) {
  return start(options, true);
}

function add(manifest, wasm, configuration) {
  if (bridge.native === null) return false;
  const problem = bridge.native.add(asJson(manifest), asBytes(wasm), asJson(configuration));
  if (problem !== undefined) throw new Error(`taskless: ${problem}`);
  return true;
}

function asJson(value) {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || ArrayBuffer.isView(value) ? value : JSON.stringify(value);
}

function asBytes(value) {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}

function shutdown({ timeoutMs = EXIT_MS } = {}) {
  return stop(timeoutMs, false) === 0;
}

module.exports = { add, load, shutdown };
