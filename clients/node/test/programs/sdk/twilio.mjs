// twilio: messages accepted, refused, lost later, and one too many at first.
// SPDX-License-Identifier: Apache-2.0
import { HTTPS } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

const SID = `AC${'0'.repeat(31)}1`;
const API = 'https://api.twilio.com';

export default async function twilio({ default: client }) {
  const names = ['status', 'code', 'moreInfo', 'details'];
  const { RequestClient } = client;

  /** The library knows its own addresses only; what it calls with may be given. */
  class Local extends RequestClient {
    constructor(base, options) {
      super(options);
      this.base = base;
    }

    request(options) {
      return super.request({ ...options, uri: options.uri.replace(API, this.base) });
    }
  }

  const messages = (password, base = HTTPS) => {
    const httpClient = new Local(base, { autoRetry: true, maxRetries: 1 });
    return client(SID, password, { httpClient }).messages;
  };
  const send = (to, from = messages('secret')) =>
    from.create({ to, from: '+15005550006', body: 'Hello there.' });
  const said = ({ sid, status, errorCode, errorMessage }) => [sid, status, errorCode, errorMessage];

  await attempt(async () => said(await send('+15005550006')), names);
  await attempt(() => send('+15005550001'), names);
  await attempt(() => send('+15005550004'), names);
  await attempt(async () => said(await send('+15005550009')), names);
  await attempt(() => send('+15005550006', messages('wrong')), names);
  await attempt(async () => said(await messages('secret')('SM01').fetch()), names);
  await attempt(() => send('+15005550006', messages('secret', NOBODY)), names);
}
