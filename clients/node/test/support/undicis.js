// undicis: the copies of npm's undici that the program's Node can load, by the names they are installed by.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { VERSIONS: OF_NODE } = require('./scenario.js');

const [major, minor] = OF_NODE.node.split('.').map(Number);
const NEEDS = {
  undici5: [18, 0],
  undici611: [18, 0],
  undici6: [18, 17],
  undici710: [20, 18],
  undici7: [20, 18],
  undici8: [22, 19],
};
const canLoad = ([needed, point]) => major > needed || (major === needed && minor >= point);

module.exports = { VERSIONS: Object.keys(NEEDS).filter((name) => canLoad(NEEDS[name])) };
