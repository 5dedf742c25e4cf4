// app: a shop's evening. It knows nothing of taskless, and says little of what goes wrong.
// SPDX-License-Identifier: Apache-2.0
'use strict';

const OpenAI = require('openai');
const Stripe = require('stripe');

const { STRIPE_URL, STRIPE_TROUBLE_URL, OPENAI_URL } = process.env;

function stripeAt(url, key = 'sk_test_shop') {
  const { hostname, port, protocol } = new URL(url);
  return new Stripe(key, {
    host: hostname,
    port,
    protocol: protocol.slice(0, -1),
    maxNetworkRetries: 0,
  });
}

function openaiAs(key, maxRetries = 0) {
  return new OpenAI({ apiKey: key, baseURL: `${OPENAI_URL}/v1`, maxRetries });
}

const shop = stripeAt(STRIPE_URL);
const bank = stripeAt(STRIPE_TROUBLE_URL);

const order = (method, amount = 4200) => ({
  amount,
  currency: 'eur',
  payment_method: method,
  confirm: true,
});

const ask = (client, content) =>
  client.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] });

const steps = [
  ['Ann signs up', () => shop.customers.create({ name: 'Ann', email: 'ann@example.com' })],
  [
    'Ann pays',
    () => shop.paymentIntents.create(order('pm_card_visa'), { idempotencyKey: 'order-17' }),
  ],
  [
    "Bob's card",
    () => bank.paymentIntents.create(order('pm_card_visa_chargeDeclinedInsufficientFunds')),
  ],
  ['a wrong amount', () => bank.paymentIntents.create(order('pm_card_visa', -1))],
  [
    'an order sent twice',
    async () => {
      const options = { idempotencyKey: 'order-18' };
      await bank.paymentIntents.create(order('pm_card_visa'), options);
      return bank.paymentIntents.create(order('pm_card_visa', 4300), options);
    },
  ],
  ['the evening rush', () => stripeAt(STRIPE_TROUBLE_URL, 'sk_test_busy').balance.retrieve()],
  ['a product text', () => ask(openaiAs('sk-test-shop'), 'Describe a teapot.')],
  ['too many texts', () => ask(openaiAs('sk-test-busy'), 'Describe a cup.')],
  ['a text too long', () => ask(openaiAs('sk-test-long'), 'Describe all our cups.')],
  ['the last text', () => ask(openaiAs('sk-test-spent'), 'Describe a saucer.')],
  ['the stock room', () => fetch('http://127.0.0.1:47/stock/cups')],
];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function main() {
  const failed = [];
  for (const [name, step] of steps) {
    console.log(`${name}...`);
    await step().catch((error) => failed.push(`${name} (${error.constructor.name})`));
    // Customers do not come all at once.
    await pause(60);
  }
  console.log(`\n${steps.length - failed.length} of ${steps.length} went well. Not so:`);
  console.log(`${failed.map((line) => `  ${line}`).join('\n')}`);
}

// Stripe's SDK keeps its connections open; the evening is over all the same.
main().then(() => process.exit());
