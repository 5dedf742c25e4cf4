// server: answers every other call with an error as Stripe's and the rest with 2 KiB, over TLS.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [folder] = process.argv.slice(2);
const declined = JSON.stringify({
  error: {
    advice_code: 'try_again_later',
    charge: 'ch_3OqLk2LkdIwHu7ix0Wc6DyZb',
    code: 'card_declined',
    decline_code: 'generic_decline',
    doc_url: 'https://stripe.com/docs/error-codes/card-declined',
    message: 'Your card was declined.',
    payment_intent: { id: 'pi_3OqLk2LkdIwHu7ix0JYGfO3T', status: 'requires_payment_method' },
    request_log_url: 'https://dashboard.stripe.com/test/logs/req_8ZpXQ2aWsbT1cD?t=1790000000',
    type: 'card_error',
  },
});
const paid = JSON.stringify({ id: 'pi_1', object: 'payment_intent', note: 'x'.repeat(1980) });

let answered = 0;
const server = createServer(
  { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) },
  (request, response) => {
    const fails = answered++ % 2 === 0;
    request.resume();
    request.on('end', () => {
      response.writeHead(fails ? 402 : 200, {
        'content-type': 'application/json',
        'request-id': 'req_8ZpXQ2aWsbT1cD',
      });
      response.end(fails ? declined : paid);
    });
  },
);
server.keepAliveTimeout = 60_000;
server.listen(0, 'localhost', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
