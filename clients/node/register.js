// register: starts the client before the program, for --require, --import and NODE_OPTIONS.
// SPDX-License-Identifier: Apache-2.0
/* istanbul ignore file */
'use strict';

// Deno and Bun read NODE_OPTIONS as well. They are not observed, and Deno would ask the user for each
// file that is read from here: so nothing is.
if (!process.versions.deno && !process.versions.bun) {
  try {
    const { isMainThread } = require('node:worker_threads');
    const { file, forget, load } = require('./lib/loader.js');
    // A worker thread that inherits the client stays silent: its parent has said what is wrong.
    load('client.js').start({}, isMainThread);
    forget(file, __filename);
  } catch (error) {
    // A Node too old to read the client's source: the program runs as if it were not there.
  }
}

// `taskless run` moves what the user's NODE_OPTIONS require to here: some launchers (Next.js) join the
// values of an option that they find twice. It is loaded as Node would, in its order, behind ours;
// not where somebody has set NODE_OPTIONS anew, and so left the user's out.
function moved() {
  if (!/register\.js/.test(process.env.NODE_OPTIONS)) return [];
  try {
    return JSON.parse(process.env.TASKLESS_NODE_REQUIRE);
  } catch (error) {
    return []; // it is not set, or not by us
  }
}

require('module')._preloadModules(moved());
//# sourceURL=node:taskless/register.js
