// undici: its four ways to call, agents of one's own, a try that is repeated.
// SPDX-License-Identifier: Apache-2.0
import { Writable } from 'node:stream';

import { HTTP, HTTPS } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function undici({ Agent, Client, RetryAgent, fetch, request, stream }) {
  const names = ['code', 'name', 'statusCode'];
  const agent = new Agent({ connections: 1 });
  const of = async ({ statusCode, headers, body }) => [
    statusCode,
    headers['content-type'],
    await body.text(),
  ];
  const get = (url, options) => async () => of(await request(url, options));

  await attempt(get(`${HTTPS}/wire/echo?a=1`), names);
  await attempt(get(`${HTTP}/wire/echo`, { method: 'POST', body: '{"a":"b"}' }), names);
  await attempt(get(`${HTTP}/wire/status/429`, { dispatcher: agent }), names);
  await attempt(get(`${HTTP}/wire/status/402`, { dispatcher: agent }), names);
  await attempt(async () => (await fetch(`${HTTP}/wire/status/404`)).json(), names);
  await attempt(async () => {
    let text = '';
    await stream(`${HTTP}/wire/sse/3`, { method: 'GET', opaque: 'own' }, ({ statusCode }) => {
      text += statusCode;
      return new Writable({ write: (part, encoding, done) => done((text += part) && null) });
    });
    return text;
  }, names);
  await attempt(async () => {
    const client = new Client(HTTP, { pipelining: 2 });
    const paths = ['/wire/echo?n=1', '/wire/echo?n=2'];
    const answers = await Promise.all(paths.map((path) => client.request({ path, method: 'GET' })));
    const texts = await Promise.all(answers.map(of));
    await client.close();
    return texts;
  }, names);
  await attempt(get(`${HTTP}/wire/reset`), names);
  await attempt(get(`${HTTP}/wire/hang`, { headersTimeout: 600 }), names);
  await attempt(get(`${HTTP}/wire/hang`, { signal: AbortSignal.timeout(600) }), names);
  await attempt(get(`${NOBODY}/x`), names);
  const patient = new RetryAgent(agent, { maxRetries: 1, minTimeout: 10 });
  await attempt(get(`${HTTP}/wire/once`, { dispatcher: patient }), names);
  await agent.close();
}
