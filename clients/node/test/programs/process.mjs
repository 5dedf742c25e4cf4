// process: how a program ends while it is observed, one case a run.
// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';

import { HTTP, HTTPS, pause, say } from './say.mjs';

const get = (url) =>
  new Promise((resolve, reject) => {
    http.get(url, (response) => response.resume().on('end', resolve)).on('error', reject);
  });

async function both() {
  say((await (await fetch(`${HTTPS}/wire/echo`)).text()).length > 0);
  await get(`${HTTP}/wire/status/402`);
}

/** Says that it is ready to be ended by a signal, and would go on. */
async function stay() {
  await both();
  say('ready');
  setInterval(() => {}, 1000);
}

const cases = {
  exitnatural: both,
  exitnow: async () => {
    await both();
    process.exit(3);
  },
  exitcode: async () => {
    process.exitCode = 5;
    await both();
  },
  exitlistener: async () => {
    process.on('exit', (code) => say('exit', code));
    process.on('beforeExit', () => say('beforeExit'));
    await both();
  },
  burstexit: async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        fetch(`${HTTP}/wire/echo?n=${n}`).then((response) => response.text()),
      ),
    );
    process.exit(0);
  },
  inflight: async () => {
    fetch(`${HTTP}/wire/hang`).catch(() => {});
    get(`${HTTP}/wire/hang`).catch(() => {});
    await pause(600);
    process.exit(0);
  },
  signal: stay,
  ownhandler: async () => {
    process.on('SIGTERM', () => {
      say('handled');
      process.exit(7);
    });
    await stay();
  },
  uncaught: async () => {
    await both();
    setImmediate(() => {
      throw new TypeError('nobody catches this');
    });
    await pause(1000);
    say('not reached');
  },
  rejected: async () => {
    await both();
    Promise.reject(new Error('nobody catches this either'));
    await pause(1000);
    say('not reached');
  },
  refused: () => {
    http.get('http://127.0.0.1:47/x');
  },
  failedfetch: () => fetch('http://no-such-host.invalid/'),
  inlistener: () => {
    http.get(`${HTTP}/wire/chunked`, (response) => {
      let parts = 0;
      // Later parts come straight from the parser.
      response.on('data', () => {
        if ((parts += 1) === 2) throw new Error('from a listener');
      });
    });
  },
  abort: async () => {
    await both();
    process.abort();
  },
  listeners: async () => {
    await both();
    const events = [
      'SIGINT',
      'SIGTERM',
      'SIGHUP',
      'uncaughtException',
      'unhandledRejection',
      'beforeExit',
      'warning',
      'uncaughtExceptionMonitor',
      'message',
      'disconnect',
    ];
    say(events.map((event) => [event, process.listenerCount(event)]));
    await pause(50);
    say(process.getActiveResourcesInfo().filter((name) => !/TCP|TLS|Pipe|TTY|Timeout/.test(name)));
    say(Object.keys(process).sort(), Object.keys(globalThis).sort());
    const request = http.request(`${HTTP}/wire/echo`);
    request.on('error', () => {});
    say(request.eventNames().map(String));
    request.destroy();
  },
  environment: async () => {
    await both();
    const own = Object.keys(process.env).filter((name) => !/^(TASKLESS|NODE_)/.test(name));
    say(
      own.sort(),
      process.execArgv.filter((flag) => !/register\.js|require/.test(flag)),
    );
  },
};

await cases[process.argv[2]]();
