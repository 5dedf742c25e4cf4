"""rude_server: a server on the loopback that answers each path in a way of its own."""

import contextlib
import os
import re
import socket
import ssl
import subprocess
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def with_length(body, head=HEAD):
    return head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class RudeServer:
    """`with RudeServer() as server`: serves until the end, each connection in a thread."""

    def __init__(self, wrap=lambda connection: connection):
        self.wrap = wrap
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.paths = []  # of the requests, in order
        self.heard = []  # whole requests
        self.ended = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *ignored):
        self.ended.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def accept(self):
        while not self.ended.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(30)
        with contextlib.suppress(OSError, ValueError), self.wrap(connection) as wrapped:
            request, body = self.hear(wrapped)
            method, path, _ = request.split("\r\n")[0].split(" ", 2)
            self.paths.append(path)
            self.heard.append(request)
            name = "on_" + re.sub("[^a-z0-9]", "_", path.strip("/").split("?")[0])
            getattr(self, name, self.on_missing)(wrapped, method, request, body)

    @staticmethod
    def hear(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                raise ValueError("no whole request")
            data += part
        head, body = data.split(b"\r\n\r\n", 1)
        request = head.decode()
        length = next((int(line.split(":")[1]) for line in request.split("\r\n")
                       if line.lower().startswith("content-length:")), 0)
        while len(body) < length:
            body += connection.recv(65536)
        return request, body

    def on_hello(self, connection, *_):
        connection.sendall(with_length(b"hello"))

    def on_missing(self, connection, *_):
        connection.sendall(with_length(b"missing", b"HTTP/1.1 404 Not Found\r\n"))

    def on_echo(self, connection, method, request, body):
        own = next((line for line in request.split("\r\n") if line.lower().startswith("x-own:")), "")
        text = f"{method} /echo {len(body)} {own.lower().replace(': ', '=')}"
        connection.sendall(with_length(text.encode()))

    def on_redirect(self, connection, *_):
        where = f"Location: http://127.0.0.1:{self.port}/hello\r\n".encode()
        connection.sendall(with_length(b"elsewhere", b"HTTP/1.1 302 Found\r\n" + where))

    def on_large(self, connection, *_):
        connection.sendall(with_length(b"x" * (1024 * 1024 + 1)))

    def on_endless(self, connection, *_):
        connection.sendall(HEAD + b"\r\n")
        while not self.ended.is_set():
            connection.sendall(b"x" * 65536)

    def on_endless_headers(self, connection, *_):
        connection.sendall(HEAD)
        while not self.ended.is_set():
            connection.sendall(b"X-More: and more\r\n" * 100)

    def on_http09(self, connection, *_):
        connection.sendall(b"<html>hello</html>")

    def on_silent(self, *_):
        self.ended.wait(30)

    def on_slow(self, connection, *_):
        connection.sendall(HEAD + b"\r\n")
        while not self.ended.wait(0.05):
            connection.sendall(b"x")

    def on_sleeps(self, connection, *_):
        time.sleep(0.1)
        connection.sendall(with_length(b"hello"))

    def on_hangs_up(self, *_):
        pass


class Certificates:
    """An authority of the test's own, and a server's certificate that it has signed."""

    def __init__(self, folder):
        self.authority = os.path.join(folder, "authority.pem")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))

    def wrap(self, connection):
        return self.context.wrap_socket(connection, server_side=True)


def make_certificates(folder, names="IP:127.0.0.1,DNS:localhost"):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    os.makedirs(folder)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=An authority", "-keyout", "authority.key", "-out", "authority.pem")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=A server", "-addext", f"subjectAltName={names}", "-addext", "basicConstraints=CA:FALSE",
            "-CA", "authority.pem", "-CAkey", "authority.key", "-keyout", "server.key", "-out", "server.pem")
    return Certificates(folder)
