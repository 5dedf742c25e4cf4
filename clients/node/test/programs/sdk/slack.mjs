// slack: 200s that failed, and a call that is one too many at first.
// SPDX-License-Identifier: Apache-2.0
import { HTTP } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function slack({ LogLevel, WebClient }) {
  const names = ['code', 'data'];
  const client = (name, base = HTTP, retries = 1) =>
    new WebClient(`xoxb-${name}`, {
      slackApiUrl: `${base}/api/`,
      logLevel: LogLevel.ERROR,
      retryConfig: { retries, minTimeout: 10, maxTimeout: 10 },
    });
  const post = (from) => from.chat.postMessage({ channel: 'C01', text: 'Hello there.' });

  await attempt(() => client('1').auth.test(), names);
  await attempt(() => post(client('1')), names);
  await attempt(() => post(client('scope')), names);
  await attempt(() => post(client('wrong')), names);
  await attempt(() => post(client('busy')), names);
  await attempt(() => post(client('1', NOBODY, 0)), names);
}
