// client: starts and stops observing in this thread, and says why when it cannot.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { isMainThread } = require('node:worker_threads');

const { arena, bridge } = require('./call.js');
const { failed, sayOnce } = require('./guard.js');

const EXIT_MS = 200;
// Two copies of this client in one thread would tell every call twice.
const LOADED = Symbol.for('taskless.loaded');

let stopObserving = null;

/** True when calls are observed from here on. Never throws; `speak`: say why not. */
function start(options, speak) {
  if (isDisabled(process.env.TASKLESS_DISABLED)) return false;
  if (bridge.native !== null || process[LOADED]) return true;
  try {
    bridge.native = openNative(options || {});
    observe();
  } catch (error) {
    stop(0, false);
    if (speak) sayOnce(`calls are not observed: ${firstLine(error)}`);
    return false;
  }
  Object.defineProperty(process, LOADED, { value: true, configurable: true });
  return true;
}

/** As the library reads it; asked here as well, so that not even the native file is loaded. */
function isDisabled(value) {
  return value !== undefined && value !== '' && value !== '0';
}

function openNative({ directory, config, outputs }) {
  const native = require('../taskless.node');
  const problem = native.open(
    { directory, config, outputs, client: `node/${process.versions.node}` },
    arena,
  );
  if (problem !== undefined) throw new Error(problem);
  return native;
}

function observe() {
  const stopHttp = require('./http.js').observeHttp();
  const stopHttp2 = require('./http2.js').observeHttp2();
  const stopUndici = require('./undici.js').observeUndici();
  // A worker thread's end is seen by the native side, which hears of it even when it is terminated.
  if (isMainThread) process.on('exit', onExit);
  stopObserving = () => {
    stopHttp();
    stopHttp2();
    stopUndici();
    process.removeListener('exit', onExit);
  };
}

function onExit() {
  try {
    stop(EXIT_MS, true);
  } catch (error) {
    failed('exit', error);
  }
}

/** Returns how many exchanges are left unwritten. `ending`: the process ends, too. */
function stop(timeoutMs, ending) {
  const { native } = bridge;
  if (native === null) return 0;
  bridge.native = null;
  delete process[LOADED];
  if (stopObserving !== null) stopObserving();
  stopObserving = null;
  return native.close(timeoutMs, ending);
}

function firstLine(error) {
  return String((error && error.message) || error).split('\n', 1)[0];
}

module.exports = { EXIT_MS, start, stop };
