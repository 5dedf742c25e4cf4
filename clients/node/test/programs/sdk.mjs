// sdk: what people really call with, one library a run.
// SPDX-License-Identifier: Apache-2.0
import { HTTP, HTTPS, say } from './say.mjs';

const port = Number(new URL(HTTP).port);

/** What a program would look at in an error of the library. */
function fields(error, names) {
  const all = { class: error.constructor.name, message: error.message };
  for (const name of names) all[name] = error[name];
  if (error.cause) all.cause = [error.cause.name, error.cause.code, error.cause.message];
  return all;
}

async function attempt(call, names) {
  try {
    say('answer', await call());
  } catch (error) {
    say('error', fields(error, names));
  }
}

async function stripe() {
  const { default: Stripe } = await import('stripe');
  const options = { host: '127.0.0.1', port, protocol: 'http', telemetry: false };
  const names = ['type', 'code', 'decline_code', 'doc_url', 'param', 'statusCode', 'requestId'];
  const client = new Stripe('sk_test_1', { ...options, maxNetworkRetries: 0 });
  const busy = new Stripe('sk_test_busy', { ...options, maxNetworkRetries: 1 });
  const pay = (method, more = {}) => ({
    amount: 2000,
    currency: 'usd',
    payment_method: method,
    confirm: true,
    ...more,
  });
  await attempt(() => client.customers.create({ name: 'Ann' }), names);
  await attempt(() => client.paymentIntents.create(pay('pm_card_visa')), names);
  await attempt(() => client.paymentIntents.create(pay('pm_card_visa_chargeDeclined')), names);
  await attempt(() => client.paymentIntents.create(pay('pm_card_visa', { amount: -1 })), names);
  await attempt(() => client.customers.retrieve('cus_unknown'), names);
  const key = { idempotencyKey: 'order-1' };
  await attempt(() => client.paymentIntents.create(pay('pm_card_visa'), key), names);
  await attempt(() => client.paymentIntents.create(pay('pm_card_visa', { amount: 1 }), key), names);
  await attempt(() => busy.balance.retrieve(), names);
  const nobody = new Stripe('sk_test_1', { ...options, port: 47, maxNetworkRetries: 0 });
  await attempt(() => nobody.balance.retrieve(), names);
}

async function openai() {
  const { default: OpenAI } = await import('openai');
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
  const gone = new OpenAI({ apiKey: 'x', baseURL: 'http://127.0.0.1:47/v1', maxRetries: 0 });
  await attempt(chat(gone), names);
}

async function axios() {
  const { default: client } = await import('axios');
  const names = ['code', 'status', 'name'];
  const of = ({ status, data, headers }) => [status, data, headers['content-type']];
  await attempt(async () => of(await client.get(`${HTTPS}/wire/echo?a=1`)), names);
  await attempt(async () => of(await client.post(`${HTTP}/wire/echo`, { a: 'b' })), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/status/429`)), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/redirect/chunked`)), names);
  await attempt(async () => of(await client.get(`${HTTP}/wire/gzip`)), names);
  await attempt(() => client.get(`${HTTP}/wire/hang`, { timeout: 600 }), names);
  await attempt(() => client.get(`${HTTP}/wire/reset`), names);
  await attempt(() => client.get('http://127.0.0.1:47/x'), names);
  const signal = AbortSignal.timeout(600);
  await attempt(() => client.get(`${HTTP}/wire/hang`, { signal }), names);
  await attempt(async () => {
    const { data } = await client.get(`${HTTP}/wire/sse/3`, { responseType: 'stream' });
    let text = '';
    for await (const part of data) text += part;
    return text;
  }, names);
}

async function got() {
  const { default: client } = await import('got');
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
  await attempt(() => once('http://127.0.0.1:47/x'), names);
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

await { stripe, openai, axios, got }[process.argv[2]]();
// Stripe's SDK keeps its connections, and with them the program, open.
process.exit();
