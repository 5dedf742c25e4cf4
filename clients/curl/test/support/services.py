# services: a proxy, and a server that asks for a password, each on a port of its own.
# SPDX-License-Identifier: Apache-2.0
import http.server
import select
import socket
import threading
import urllib.parse


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Asking(Quiet):
    """Digest: libcurl calls once without a password and once with."""

    def do_GET(self):
        if "Authorization" in self.headers:
            self.answer(200, b"welcome")
        else:
            self.answer(401, b"who?", www_authenticate='Digest realm="it", nonce="abc", qop="auth"')

    do_POST = do_GET


class Proxy(Quiet):
    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        with socket.create_connection((parts.hostname, parts.port)) as onward:
            onward.sendall(f"GET {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\nconnection: close\r\n\r\n".encode())
            while part := onward.recv(1 << 16):
                self.wfile.write(part)
        self.close_connection = True

    def do_CONNECT(self):
        host, port = self.path.split(":")
        if host == "forbidden":
            return self.answer(403, b"no")
        with socket.create_connection((host, int(port))) as onward:
            self.wfile.write(b"HTTP/1.1 200 Yes\r\nx-proxy: it\r\n\r\n")
            ends = {self.connection: onward, onward: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    part = end.recv(1 << 16)
                    if not part:
                        self.close_connection = True
                        return None
                    ends[end].sendall(part)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # the caller has gone; what it made of that stands in its records


def start(kind):
    """Its URL; it ends with the process."""
    server = Server(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"
