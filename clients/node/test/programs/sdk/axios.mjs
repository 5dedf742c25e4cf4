// axios: answers, redirects, time-outs, streams, a try that is repeated.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, HTTPS } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function axios({ default: client }) {
  const names = ['code', 'status', 'name'];
  const of = ({ status, data, headers }) => [status, data, headers['content-type']];
  await attempt(async () => of(await client.get(`${HTTPS}/wire/echo?a=1`)), names);
  await attempt(async () => of(await client.post(`${HTTP}/wire/echo`, { a: 'b' })), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/status/429`)), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/redirect/chunked`)), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/gzip`)), names);
  await attempt(() => client.get(`${HTTP}/wire/hang`, { timeout: 600 }), names);
  await attempt(() => client.get(`${HTTP}/wire/reset`), names);
  await attempt(() => client.get(`${NOBODY}/x`), names);
  const signal = AbortSignal.timeout(600);
  await attempt(() => client.get(`${HTTP}/wire/hang`, { signal }), names);
  await attempt(async () => {
    const { data } = await client.get(`${HTTP}/wire/sse/3`, { responseType: 'stream' });
    let text = '';
    for await (const part of data) text += part;
    return text;
  }, names);
  const patient = client.create();
  patient.interceptors.response.use(undefined, ({ config }) => client.request(config));
  await attempt(async () => of(await patient.get(`${HTTP}/wire/once`)), names);
}
