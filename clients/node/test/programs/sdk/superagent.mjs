// superagent: answers, redirects, time-outs, a stream, a try that is repeated.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, HTTPS } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function superagent({ default: client }) {
  const names = ['code', 'status', 'timeout', 'errno'];
  const of = ({ status, type, body, text, redirects }) => [status, type, body, text, redirects];
  await attempt(async () => of(await client.get(`${HTTPS}/wire/echo`).query({ a: 1 })), names);
  await attempt(async () => of(await client.post(`${HTTP}/wire/echo`).send({ a: 'b' })), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/status/429`)), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/redirect/chunked`)), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/gzip`)), names);
  await attempt(() => client.get(`${HTTP}/wire/hang`).timeout({ response: 600 }), names);
  await attempt(() => client.get(`${HTTP}/wire/reset`), names);
  await attempt(() => client.get(`${NOBODY}/x`), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/once`).retry(1)), names);
  await attempt(async () => {
    const parse = (response, done) => {
      let parts = 0;
      response.on('data', () => (parts += 1)).on('end', () => done(null, parts > 1));
    };
    return (await client.get(`${HTTP}/wire/sse/3`).buffer(true).parse(parse)).body;
  }, names);
}
