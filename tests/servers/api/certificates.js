// certificates: an authority of a test's own, and a certificate by it for this machine.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// Not for 127.0.0.1, so that there is a way to call that fails for its name.
const NAMES = 'subjectAltName=DNS:localhost';

/** Makes both in `folder` unless they are there; returns the paths of ca, key and cert. */
function makeCertificates(folder) {
  const files = {};
  for (const name of ['ca', 'ca-key', 'key', 'cert'])
    files[name] = path.join(folder, `${name}.pem`);
  if (fs.existsSync(files.cert)) return files;
  fs.mkdirSync(folder, { recursive: true });
  openssl(
    'req',
    '-x509',
    ...newKey(files['ca-key']),
    '-out',
    files.ca,
    '-days',
    '3',
    '-subj',
    '/CN=taskless test authority',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    // Both are asked for by the strict reading that Python 3.13 begins with.
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  );
  // -CA in one step: no request, serial or configuration file to keep beside it.
  openssl(
    'req',
    '-x509',
    ...newKey(files.key),
    '-out',
    files.cert,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    NAMES,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-addext',
    'authorityKeyIdentifier=keyid',
    '-CA',
    files.ca,
    '-CAkey',
    files['ca-key'],
  );
  return files;
}

function newKey(file) {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file];
}

function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

module.exports = { makeCertificates };
