// ky: answers, redirects, time-outs, a stream, a try that is repeated.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, HTTPS } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function ky({ default: client }) {
  const names = ['code', 'name'];
  const once = client.extend({ retry: 0 });
  const of = async (response) => [response.status, response.redirected, await response.text()];
  await attempt(async () => of(await once(`${HTTPS}/wire/echo?a=1`)), names);
  await attempt(async () => of(await once.post(`${HTTP}/wire/echo`, { json: { a: 'b' } })), names);
  await attempt(async () => of(await once(`${HTTP}/wire/status/429`)), names);
  await attempt(async () => of(await once(`${HTTP}/wire/redirect/chunked`)), names);
  await attempt(async () => of(await once(`${HTTP}/wire/gzip`)), names);
  await attempt(() => once(`${HTTP}/wire/hang`, { timeout: 600 }), names);
  await attempt(() => once(`${HTTP}/wire/reset`), names);
  await attempt(() => once(`${NOBODY}/x`), names);
  const patient = client.extend({ retry: { limit: 1, delay: () => 10 } });
  await attempt(async () => of(await patient(`${HTTP}/wire/once`)), names);
  await attempt(async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of (await once(`${HTTP}/wire/sse/3`)).body) text += decoder.decode(part);
    return text;
  }, names);
}
