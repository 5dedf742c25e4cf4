// http2: a server, by a key and a certificate: http2.mjs KEY CERT. Says its port; ends with standard input.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';

const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const server = createSecureServer({ key, cert }, (request, response) => {
  let length = 0;
  request.on('data', (part) => (length += part.length));
  request.on('end', () => {
    if (request.url === '/reset') return response.stream.close(2);
    if (request.url === '/redirect') response.writeHead(302, { location: '/402' });
    else response.writeHead(request.url === '/402' ? 402 : 200, { 'content-type': 'text/plain' });
    response.write(`${length} bytes, `);
    return setImmediate(() => response.end('in two parts\n'));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
