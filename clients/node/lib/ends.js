// ends: the ends of a process that no event, exit handler or signal handler of ours could see.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { bridge } = require('./call.js');
const { failed } = require('./guard.js');
const { patch } = require('./patch.js');

// Longer nobody waits for records on the way into an abrupt end; mostly it takes 5 to 10.
const ABRUPT_MS = 50;

/**
 * process.exit, an uncaught error and a natural end run the library's own exit handler. Here are the
 * others: what is under way to the outputs is written first. Returns a function that stops.
 */
function observeEnds() {
  const undo = [
    patch(process, 'abort', beforehand(() => true)),
    patch(process, 'execve', beforehand(() => true)),
    patch(process, 'kill', beforehand(isSelf)),
  ];
  return () => undo.forEach((step) => step());
}

const beforehand = (isEnd) => (next) =>
  function end() {
    try {
      if (bridge.native !== null && isEnd(...arguments)) bridge.native.flush(ABRUPT_MS);
    } catch (error) {
      failed('process', error);
    }
    return Reflect.apply(next(), this, arguments);
  };

/** 0 is the group of this process. Signal 0 only asks whether somebody is there. */
function isSelf(pid, signal) {
  const to = typeof pid === 'string' ? Number(pid) : pid;
  return signal !== 0 && (to === 0 || to === process.pid || to === -process.pid);
}

module.exports = { observeEnds };
