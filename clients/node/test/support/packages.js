// packages: which package of a library the program under test calls with.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const path = require('node:path');

const { VERSIONS } = require('./scenario.js');

const MODULES = path.join(__dirname, '../node_modules');

/** Packages of each library, the newest first. */
const PACKAGES = {
  stripe: ['stripe'],
  openai: ['openai', 'openai6'],
  anthropic: ['@anthropic-ai/sdk'],
  twilio: ['twilio', 'twilio5'],
  octokit: ['@octokit/rest', 'octokit-rest21'],
  slack: ['@slack/web-api', 'slack-web-api7'],
  axios: ['axios'],
  got: ['got', 'got13'],
  undici: ['undici', 'undici6'],
  superagent: ['superagent'],
  ky: ['ky', 'ky1'],
};

/** Whether this Node.js is enough for a package, as its package.json says: ">=22.19.0". */
function isEnoughFor(name) {
  const { engines = {} } = require(path.join(MODULES, name, 'package.json'));
  const needed = (engines.node || '0').replace(/[^\d.]/g, '').split('.').map(Number);
  const got = VERSIONS.node.split('.').map(Number);
  const at = needed.findIndex((number, i) => number !== got[i]);
  return at < 0 || needed[at] < got[at];
}

/** The newest for which this Node.js is enough, or the only one, which may run all the same. */
function packageOf(library) {
  return PACKAGES[library].find(isEnoughFor) || PACKAGES[library].at(-1);
}

module.exports = { LIBRARIES: Object.keys(PACKAGES), packageOf };
