// openai: the three kinds of 429, a stream, a stream that breaks, nobody there.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, say } from '../say.mjs';
import { NOBODY, attempt } from './attempt.mjs';

export default async function openai({ default: OpenAI }) {
  const names = ['status', 'code', 'param', 'type', 'requestID'];
  const client = (apiKey, more) => new OpenAI({ apiKey, baseURL: `${HTTP}/v1`, ...more });
  const ask = { model: 'gpt-fx', messages: [{ role: 'user', content: 'Hello' }] };
  const chat =
    (from, more = {}) =>
    () =>
      from.chat.completions.create({ ...ask, ...more });
  await attempt(chat(client('sk-test-1')), names);
  await attempt(chat(client('sk-test-busy', { maxRetries: 1 })), names);
  await attempt(chat(client('sk-test-long', { maxRetries: 0 })), names);
  await attempt(chat(client('sk-test-spent')), names);
  await attempt(chat(client('sk-test-wrong')), names);
  await attempt(async () => {
    const texts = [];
    for await (const part of await client('sk-test-1').chat.completions.create({
      ...ask,
      stream: true,
    }))
      texts.push(part.choices[0].delta.content);
    return texts;
  }, names);
  await attempt(async () => {
    const headers = { 'x-case': 'stream_error' };
    const stream = await client('sk-test-1').chat.completions.create(
      { ...ask, stream: true },
      { headers },
    );
    for await (const part of stream) say(part.choices[0].delta.content);
    return 'end';
  }, names);
  const gone = new OpenAI({ apiKey: 'x', baseURL: `${NOBODY}/v1`, maxRetries: 0 });
  await attempt(chat(gone), names);
}
