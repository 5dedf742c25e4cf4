# server: answers each call with the bytes of the case that the call names, and breaks what breaks.
# SPDX-License-Identifier: Apache-2.0
import http
import socket
import struct
import threading
import time

# Long enough for what was written before to be read; a reset may overtake it.
BEFORE_RESET_S = 0.05
BETWEEN_PARTS_S = 0.002


def phrase(status):
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Other"


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
        lines = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")[1:]
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        if headers.get("expect", "").lower() == "100-continue":
            self.stream.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.read_exactly(int(headers.get("content-length", 0)))
        return self.cases[headers["x-case"]]

    def serve(self):
        while True:
            case = self.read_request()
            if case.response:
                self.answer(case)
            if case.cut:
                time.sleep(BEFORE_RESET_S)
                return self.reset()

    def answer(self, case):
        parts = case.parts()
        self.stream.sendall(head_of(case, sum(map(len, parts))))
        for part in parts:
            if not case.is_chunked():
                self.stream.sendall(part)
            elif part:
                self.stream.sendall(b"%x\r\n%b\r\n" % (len(part), part))
                time.sleep(BETWEEN_PARTS_S)
        if case.is_chunked() and not case.cut and not case.given_up:
            self.stream.sendall(b"0\r\n\r\n")

    def reset(self):
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def head_of(case, length):
    status = case.response.get("status", 200)
    headers = list(case.headers_out())
    if case.is_chunked():
        headers.append(("transfer-encoding", "chunked"))
    elif status not in (204, 304) and not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("content-length", str(length)))
    lines = [f"HTTP/1.1 {status} {phrase(status)}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def serve_one(stream, context, cases):
    try:
        with context.wrap_socket(stream, server_side=True) as inside:
            Connection(inside, cases).serve()
    except (EOFError, OSError):
        pass  # the caller has gone; what it made of that stands in its records


def start(address, context, cases):
    """Listens until the process ends."""
    by_name = {case.name: case for case in cases}
    listener = socket.create_server((address, 443), backlog=64)

    def accept():
        while True:
            stream, _ = listener.accept()
            # A part that waits for the acknowledgement of the one before comes 40 ms late.
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve_one, args=(stream, context, by_name), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
