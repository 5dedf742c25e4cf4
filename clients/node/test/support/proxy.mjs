// proxy: one that opens tunnels and forwards what is asked of it whole, for programs under test.
// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import net from 'node:net';

/**
 * Calls `use` with its URL and a list of what it was asked for. With another `status` than 200 it
 * opens no tunnels.
 */
export async function withProxy(use, status = 200) {
  const open = new Set();
  const asked = [];
  const keep = (socket) => open.add(socket.on('error', () => {}));
  const proxy = http.createServer((request, response) => {
    const { pathname, host } = new URL(request.url);
    asked.push(`${request.method} ${pathname}`);
    // By hand: a client of node:http would be observed in this process.
    const onward = net.connect(host.split(':')[1], '127.0.0.1');
    keep(onward);
    const head = [`${request.method} ${pathname} HTTP/1.1`, `host: ${host}`, 'connection: close'];
    onward.write(`${head.join('\r\n')}\r\n\r\n`);
    onward.pipe(response.socket);
  });
  proxy.on('connect', (request, socket) => {
    asked.push('CONNECT');
    keep(socket);
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const [host, port] = request.url.split(':');
    const onward = net.connect(port, host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    keep(onward);
    return undefined;
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${proxy.address().port}`, asked);
  for (const one of open) one.destroy();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
}
