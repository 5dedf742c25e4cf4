# server: answers each call with the bytes of the case that the call names, and breaks what breaks.
# SPDX-License-Identifier: Apache-2.0
import http
import socket
import struct
import threading
import time

import two
from cases import to_bytes

# Long enough for what was written before to be read; a reset may overtake it.
BEFORE_FAULT_S = 0.05
BETWEEN_PARTS_S = 0.002


def phrase(status):
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Other"


class Cases:
    """The cases by what calls of theirs carry: a mark, which two share where one redirects to the other."""

    def __init__(self, cases):
        self.by_mark = {}
        for case in cases:
            self.by_mark.setdefault(case.mark, []).append(case)

    def find(self, mark, path):
        known = self.by_mark[mark]
        return next((case for case in known if case.url.endswith(path)), known[0])


class Connection:
    def __init__(self, stream, cases):
        self.stream = stream
        self.cases = cases
        self.unread = b""

    def read_until(self, end):
        while end not in self.unread:
            self.read_more()
        text, self.unread = self.unread.split(end, 1)
        return text

    def read_exactly(self, length):
        while len(self.unread) < length:
            self.read_more()
        self.unread = self.unread[length:]

    def read_more(self):
        part = self.stream.recv(1 << 16)
        if not part:
            raise EOFError
        self.unread += part

    def read_request(self):
        """The case that the request is of; its body is read to the end."""
        line, *lines = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        if headers.get("expect", "").lower() == "100-continue":
            self.stream.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.read_exactly(int(headers.get("content-length", 0)))
        return self.cases.find(headers["x-case"], line.split(" ")[1])

    def serve(self):
        while True:
            case = self.read_request()
            if case.fault == "no_http":
                return self.stream.sendall(b"This is no HTTP.\r\n\r\n")
            if case.response:
                self.answer(case)
            if case.fault in ("reset", "hang_up"):
                time.sleep(BEFORE_FAULT_S)
            if case.fault == "reset":
                return self.reset()
            if case.is_silent() or case.given_up:
                self.read_until(b"more than ever comes")
            if case.fault == "hang_up":
                return None
            if not case.keeps_connection():
                return self.stream.unwrap()  # TLS says that this is the end

    def answer(self, case):
        parts = case.parts() if case.has_body() else []
        self.stream.sendall(head_of(case, sum(map(len, parts))))
        for part in parts:
            if case.framing() != "chunked":
                self.stream.sendall(part)
            elif part:
                self.stream.sendall(b"%x\r\n%b\r\n" % (len(part), part))
                time.sleep(BETWEEN_PARTS_S)
        if case.framing() == "chunked" and case.is_whole:
            trailers = "".join(f"{name}: {value}\r\n" for name, value in case.wire.get("trailers", {}).items())
            self.stream.sendall(f"0\r\n{trailers}\r\n".encode())

    def reset(self):
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def early_heads(case):
    for early in case.wire.get("early", []):
        lines = "".join(f"{name}: {value}\r\n" for name, value in early.get("headers", {}).items())
        yield f"HTTP/1.1 {early['status']} {phrase(early['status'])}\r\n{lines}\r\n".encode()


def head_of(case, length):
    status = case.response.get("status", 200)
    headers = list(case.headers_out())
    if case.framing() == "chunked":
        headers.append(("transfer-encoding", "chunked"))
    elif case.framing() == "length" and case.has_body() and not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("content-length", str(length)))
    if case.is_whole and not case.keeps_connection():
        headers.append(("connection", "close"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers).encode()
    if "head" in case.wire:
        lines = to_bytes(case.wire["head"])
    line = f"HTTP/{case.http} {status} {phrase(status)}\r\n".encode()
    return b"".join([*early_heads(case), line, lines, b"\r\n"])


def serve_one(stream, context, cases):
    try:
        with context.wrap_socket(stream, server_side=True) as inside:
            if inside.selected_alpn_protocol() == "h2":
                two.Connection(inside, cases).serve()
            else:
                Connection(inside, cases).serve()
    except (EOFError, OSError):
        pass  # the caller has gone; what it made of that stands in its records


def start(address, context, cases):
    """Listens until the process ends."""
    known = Cases(cases)
    listener = socket.create_server((address, 443), backlog=64)

    def accept():
        while True:
            stream, _ = listener.accept()
            # A part that waits for the acknowledgement of the one before comes 40 ms late.
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve_one, args=(stream, context, known), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
