// got: answers, redirects, time-outs, streams, a try that is repeated.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, HTTPS } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function got({ default: client }) {
  const names = ['code', 'name', 'event'];
  const once = client.extend({ retry: { limit: 0 } });
  const of = ({ statusCode, body, redirectUrls }) => [statusCode, body, redirectUrls.length];
  await attempt(async () => of(await once(`${HTTPS}/wire/echo?a=1`)), names);
  await attempt(async () => of(await once.post(`${HTTP}/wire/echo`, { json: { a: 'b' } })), names);
  await attempt(async () => of(await once(`${HTTP}/wire/status/503`)), names);
  await attempt(async () => of(await once(`${HTTP}/wire/redirect/chunked`)), names);
  await attempt(async () => of(await once(`${HTTP}/wire/gzip`)), names);
  await attempt(() => once(`${HTTP}/wire/hang`, { timeout: { request: 600 } }), names);
  await attempt(() => once(`${HTTP}/wire/reset`), names);
  await attempt(() => once(`${NOBODY}/x`), names);
  await attempt(
    async () => of(await client(`${HTTP}/wire/status/500`, { retry: { limit: 1 } })),
    names,
  );
  await attempt(async () => {
    let text = '';
    for await (const part of once.stream(`${HTTP}/wire/chunked`)) text += part;
    return text;
  }, names);
}
