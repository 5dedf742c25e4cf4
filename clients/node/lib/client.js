// client: starts and stops observing in this thread, and says why when it cannot.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { isMainThread } = require('node:worker_threads');

const { arena, bridge } = require('./call.js');
const { ask, listen } = require('./channels.js');
const { sayOnce } = require('./guard.js');

const EXIT_MS = 200;
// Two copies of this client in one thread would tell every call twice. They find each other by a
// channel: unlike a property of `process` it is in no list that a program can look through.
const CHANNEL = 'taskless:client';

let stopObserving = null;

/** True when calls are observed from here on. Never throws; `speak`: say why not. */
function start(options, speak) {
  if (isDisabled(process.env.TASKLESS_DISABLED)) return false;
  if (bridge.native !== null || find() !== here) return true;
  try {
    bridge.native = openNative(options || {});
    observe();
  } catch (error) {
    stop(0);
    if (speak) sayOnce(`calls are not observed: ${firstLine(error)}`);
    return false;
  }
  return true;
}

/** As the library reads it; asked here as well, so that not even the native file is loaded. */
function isDisabled(value) {
  return value !== undefined && value !== '' && value !== '0';
}

function openNative({ directory, config, outputs }) {
  const addon = require('../taskless.node');
  bridge.addon = addon;
  const problem = addon.open(
    { directory, config, outputs, client: `node/${process.versions.node}` },
    arena,
  );
  if (problem !== undefined) throw new Error(problem);
  return addon;
}

// The end is seen by the native side, which also hears of it where no event tells a program.
function observe() {
  const undo = [
    require('./connections.js').observeConnections(),
    require('./http.js').observeHttp(),
    require('./http2.js').observeHttp2(),
    require('./undici.js').observeUndici(),
    listen(CHANNEL, (question) => (question.client = here)),
  ];
  if (isMainThread) undo.push(require('./ends.js').observeEnds());
  // In reverse: what stands on top of another comes off first.
  stopObserving = () => undo.reverse().forEach((step) => step());
}

/** Returns how many exchanges are left unwritten. */
function stop(timeoutMs) {
  const { native } = bridge;
  if (native === null) return 0;
  bridge.native = null;
  if (stopObserving !== null) stopObserving();
  stopObserving = null;
  return native.close(timeoutMs);
}

/** Adds a Pack from memory; false when nothing is observed. Throws what is wrong with it. */
function add(manifest, wasm, configuration) {
  if (bridge.native === null) return false;
  const problem = bridge.native.add(manifest, wasm, configuration);
  if (problem !== undefined) throw new Error(`taskless: ${problem}`);
  return true;
}

const here = { add, start, stop };

/** The copy of the client that observes this thread; this one while none does. */
function find() {
  return bridge.native === null ? ask(CHANNEL, {}).client || here : here;
}

function firstLine(error) {
  return String((error && error.message) || error).split('\n', 1)[0];
}

module.exports = { EXIT_MS, find, start };
