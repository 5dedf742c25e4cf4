// anthropic: two kinds of 429, a try that is repeated, streams, nobody there.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, say } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function anthropic({ default: Anthropic }) {
  const names = ['status', 'type', 'error', 'requestID'];
  const ask = {
    model: 'claude-fx',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  };
  const client = (name, maxRetries = 0, baseURL = HTTP) =>
    new Anthropic({ apiKey: `sk-ant-test-${name}`, baseURL, maxRetries }).messages;
  const read = async (stream) => {
    for await (const event of stream) say(event.type, event.delta);
    return 'end';
  };
  await attempt(() => client('1').create(ask), names);
  await attempt(() => client('busy').create(ask), names);
  await attempt(() => client('spent', 2).create(ask), names);
  await attempt(() => client('wrong', 2).create(ask), names);
  await attempt(() => client('long', 2).create(ask), names);
  await attempt(() => client('once', 2).create(ask), names);
  await attempt(async () => read(await client('1').create({ ...ask, stream: true })), names);
  await attempt(async () => (await client('1').stream(ask).finalMessage()).content, names);
  await attempt(async () => read(await client('breaks').create({ ...ask, stream: true })), names);
  await attempt(() => client('1', 0, NOBODY).create(ask), names);
}
