// bodies: what a HAR file holds of a body.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { createHash } = require('node:crypto');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The bytes of `postData` or `content`, which may be missing. */
function bodyOf(message) {
  const { text = '', encoding } = message || {};
  return Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}

module.exports = { bodyOf, sha256 };
