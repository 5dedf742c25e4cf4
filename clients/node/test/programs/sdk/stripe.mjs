// stripe: payments that go well and badly, a key used twice, a try that is repeated.
// SPDX-License-Identifier: Apache-2.0
import { HTTP } from '../say.mjs';
import { attempt } from './attempt.mjs';

const port = Number(new URL(HTTP).port);

export default async function stripe({ default: Stripe }) {
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
