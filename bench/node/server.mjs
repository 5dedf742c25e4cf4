// server: answers every other call with an error as Stripe's and the rest with 2 KiB, over TLS where
// a folder with a certificate is named. Started by another language it says its port on standard
// output, and ends with standard input.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';

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
function answer(request, response) {
  const fails = answered++ % 2 === 0;
  request.resume();
  request.on('end', () => {
    response.writeHead(fails ? 402 : 200, {
      'content-type': 'application/json',
      'request-id': 'req_8ZpXQ2aWsbT1cD',
    });
    response.end(fails ? declined : paid);
  });
}

const read = (name) => readFileSync(`${folder}/${name}.pem`);
const server = folder
  ? createSecure({ key: read('key'), cert: read('cert') }, answer)
  : createPlain(answer);
server.keepAliveTimeout = 60_000;
server.listen(0, 'localhost', () => {
  const { port } = server.address();
  if (process.send) process.send(port);
  else console.log(port);
});
if (process.send) process.on('disconnect', () => process.exit());
else process.stdin.resume().on('end', () => process.exit());
