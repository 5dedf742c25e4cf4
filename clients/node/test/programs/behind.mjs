// behind: requests that are called by way of something that stands for them, one case a run.
// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { HTTP, HTTPS, pause, say } from './say.mjs';

/** Everything that it gives is wrapped anew each time, as by a membrane. */
function membrane(target) {
  return new Proxy(target, {
    get(object, name) {
      const value = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      return (...args) => {
        const result = Reflect.apply(value, new Proxy(object, {}), args);
        return result === object ? membrane(object) : result;
      };
    },
  });
}

async function post(wrap, { url = HTTP, ...options } = {}) {
  const { request } = url.startsWith('https') ? https : http;
  const real = request(`${url}/wire/echo`, { method: 'POST', ...options });
  const wrapped = wrap(real);
  const answered = once(real, 'response');
  // In one step: what Node writes later of a request that it does not know it does not send.
  wrapped.write('one ');
  wrapped.end('two');
  const [response] = await answered;
  say(response.statusCode);
  response.resume();
  await once(response, 'end');
}

const proxy = (request) => new Proxy(request, {});

const cases = {
  proxy: () => post(proxy),
  proxynoagent: () => post(proxy, { agent: false }),
  proxytls: () => post(proxy, { url: HTTPS }),
  membrane: () => post(membrane),
  twice: () => post((request) => proxy(proxy(request))),
  // Node itself keeps the connection of such a request, and with it the program.
  inherited: async () => {
    await post((request) => Object.assign(Object.create(request), { mine: 1 }));
    process.exit();
  },
  given: async () => {
    const request = proxy(http.request(`${HTTP}/wire/hang`, { method: 'POST' }));
    request.on('error', (error) => say(error.code));
    request.end('x');
    await pause(300);
    request.destroy();
    await pause(50);
  },
};

await cases[process.argv[2]]();
