// journal: what the server has seen, so that two runs of a program can be compared from outside.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const { createHash } = require('node:crypto');

/** One request: its head as it came, what its body was, and whether the client hung up. */
class Entry {
  constructor(request) {
    this.method = request.method;
    this.url = request.url;
    this.rawHeaders = request.rawHeaders;
    this.length = 0;
    this.sha256 = '';
    this.hungUp = false;
  }

  body(bytes) {
    this.length = bytes.length;
    this.sha256 = createHash('sha256').update(bytes).digest('hex');
  }
}

class Journal {
  constructor() {
    this.forget();
  }

  forget() {
    this.sockets = 0;
    this.requests = [];
  }

  countSocket() {
    this.sockets += 1;
  }

  add(request, response) {
    const entry = new Entry(request);
    this.requests.push(entry);
    if (response) {
      response.on('close', () => {
        entry.hungUp = !response.writableFinished && !response.cutByServer;
      });
    }
    return entry;
  }
}

module.exports = { Journal };
