// http2classes: finds the class of node:http2's sessions, which is not exported, once it is in use.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const net = require('node:net');
const { Duplex } = require('node:stream');

const { failed } = require('./guard.js');
const { patch } = require('./patch.js');

/**
 * Calls `use` with the prototype of client sessions when the program may be about to make its first:
 * node:http2 is loaded, and a socket connects. Loading it for a program that has no use for it would
 * cost each start some milliseconds. Returns a function that stops waiting.
 */
function whenUsed(use) {
  if (publishesStreams(process.versions.node.split('.').map(Number))) return () => {};
  let looked = 0;
  const isLoaded = () => {
    const { moduleLoadList } = process;
    if (looked === moduleLoadList.length) return false;
    looked = moduleLoadList.length;
    return moduleLoadList.includes('NativeModule http2');
  };
  const look = () => {
    try {
      if (!isLoaded()) return;
      undo();
      use(sessionPrototype());
    } catch (error) {
      failed('node:http2', error);
    }
  };
  const undo = patch(net.Socket.prototype, 'connect', (next) =>
    function connect() {
      look();
      return Reflect.apply(next(), this, arguments);
    },
  );
  return undo;
}

/** Where each stream is published, its class is known in time. */
function publishesStreams([major, minor]) {
  return major > 24 || (major === 24 && minor >= 3) || (major === 22 && minor >= 23);
}

/** By way of a session of our own that goes nowhere. */
function sessionPrototype() {
  const nowhere = new Duplex({ read() {}, write: (part, encoding, done) => done() });
  const session = require('node:http2').connect('http://localhost', {
    createConnection: () => nowhere,
  });
  session.on('error', () => {});
  session.destroy();
  return Object.getPrototypeOf(session);
}

module.exports = { whenUsed };
