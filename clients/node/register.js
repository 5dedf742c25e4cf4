// register: starts the client before the program, for --require, --import and NODE_OPTIONS.
// SPDX-License-Identifier: Apache-2.0
'use strict';

try {
  const { isMainThread } = require('node:worker_threads');
  // A worker thread that inherits the client stays silent: its parent has said what is wrong.
  require('./lib/client.js').start({}, isMainThread);
} catch {
  // A Node too old to read the client's source: the program runs as if it were not there.
}
