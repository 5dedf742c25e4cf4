# http_client: calls by http.client and urllib, one case each.
# SPDX-License-Identifier: Apache-2.0
import array
import contextlib
import gc
import http.client
import io
import mmap
import os
import signal
import socket
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from say import HTTP, HTTPS, main, say, say_bytes, say_error

cases = {}


def case(function):
    cases[function.__name__] = function
    return function


def connect(timeout=30):
    return http.client.HTTPConnection(urlsplit(HTTP).netloc, timeout=timeout)


def ask(connection, method, path, *args, **kwargs):
    connection.request(method, path, *args, **kwargs)
    return tell(connection.getresponse())


def tell(response):
    say(response.status, response.reason, response.version, [pair for pair in response.getheaders() if pair[0] != "Date"])
    say_bytes("body", response.read())
    say("closed", response.isclosed())
    return response


@case
def get():
    ask(connect(), "GET", "/wire/echo?a=1")


@case
def https():
    ask(http.client.HTTPSConnection(urlsplit(HTTPS).netloc), "GET", "/wire/echo")


@case
def post():
    ask(connect(), "POST", "/wire/echo", body="a=b&c=d", headers={"content-type": "application/x-www-form-urlencoded"})


@case
def heads():
    connection = connect()
    connection.putrequest("GET", "/wire/echo", skip_accept_encoding=True)
    for value in ("a", "b"):
        connection.putheader("X-Many", value)
    connection.putheader("x-latin", "\xe4\xf6")
    connection.endheaders()
    tell(connection.getresponse())


@case
def notfound():
    ask(connect(), "DELETE", "/wire/status/404")


@case
def head():
    ask(connect(), "HEAD", "/wire/gzip")


@case
def empty():
    ask(connect(), "GET", "/wire/empty")


@case
def refused():
    http.client.HTTPConnection("127.0.0.1", 1).request("GET", "/x")


@case
def badname():
    http.client.HTTPConnection("no-such-host.invalid").request("GET", "/x")


@case
def untrusted():
    http.client.HTTPSConnection("127.0.0.1", urlsplit(HTTPS).port).request("GET", "/x")


@case
def plaintls():
    http.client.HTTPSConnection("127.0.0.1", urlsplit(HTTP).port).request("GET", "/x")


@case
def reset():
    ask(connect(), "GET", "/wire/reset")


@case
def cut():
    ask(connect(), "GET", "/wire/cut")


def serve_once(answer):
    """A server for one request, which answers it with these bytes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        stream, _ = listener.accept()
        with stream, listener:
            stream.recv(65536)
            stream.sendall(answer)

    threading.Thread(target=serve).start()
    # One that every run has, for it stands in what is said.
    return http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1])


@case
def garbage():
    ask(serve_once(b"what is this\r\n\r\n"), "GET", "/x")


@case
def untilclose():
    ask(serve_once(b"HTTP/1.0 200 OK\r\n\r\nall that comes"), "GET", "/x")


@case
def folded():
    ask(serve_once(b"HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nContent-Length: 2\r\n\r\nok"), "GET", "/x")


@case
def iterator():
    ask(connect(), "POST", "/wire/echo", body=iter([b"one", b"", b"two", b"three"]), encode_chunked=True,
        headers={"Transfer-Encoding": "chunked"})


@case
def generated():
    ask(connect(), "POST", "/wire/echo", body=(part for part in (b"12", b"345")))


@case
def file():
    with tempfile.TemporaryFile() as upload:
        upload.write(b"0123456789" * 3000)
        upload.seek(0)
        ask(connect(), "PUT", "/wire/echo", body=upload, headers={"Content-Length": "30000"})


@case
def sendparts():
    connection = connect()
    connection.putrequest("POST", "/wire/echo")
    connection.putheader("Content-Length", "37")
    connection.endheaders()
    connection.send(io.BytesIO(b"read by us"))
    connection.send(io.StringIO("t\xe4xt"))
    connection.send([b"each", b"one"])
    connection.send(bytearray(b"bytes!"))
    connection.send(array.array("H", (1, 2)))
    with mmap.mmap(-1, 6) as mapped:
        mapped.write(b"mapped")
        mapped.seek(0)
        connection.send(mapped)
    tell(connection.getresponse())


@case
def unsendable():
    """What http.client refuses is refused in its words."""
    for body in (["text"], [1], 5, object(), io.StringIO("\u20ac")):
        connection = connect()
        connection.putrequest("POST", "/wire/echo")
        connection.putheader("Content-Length", "4")
        connection.endheaders()
        try:
            connection.send(body)
        except (TypeError, UnicodeError) as error:
            say(type(error).__name__, str(error).split(" object at ")[0])
        connection.close()


@case
def getbody():
    ask(connect(), "GET", "/wire/echo", body=b"body")


@case
def keepalive():
    connection = connect()
    for n in range(20):
        ask(connection, "GET", f"/wire/echo?n={n}")


@case
def redirect():
    ask(connect(), "GET", "/wire/redirect")


@case
def gzip():
    ask(connect(), "GET", "/wire/gzip")


@case
def chunked():
    ask(connect(), "GET", "/wire/chunked")


@case
def early():
    ask(connect(), "GET", "/wire/early")


@case
def pieces():
    """Each way to read a response, of one in chunks and of one with a length."""
    for path in ("/wire/chunked", "/wire/size/50000"):
        for read in (lambda r: r.read(7), lambda r: r.read1(7), lambda r: r.read1(), lambda r: r.readline(5),
                     lambda r: (r.peek(3)[:1], r.read(3))[1], into):
            connection = connect()
            connection.request("GET", path)
            response = connection.getresponse()
            say_bytes(path, b"".join(iter(lambda: read(response), b"")))
            say("closed", response.isclosed())
            connection.close()


def into(response):
    room = bytearray(11)
    return bytes(room[:response.readinto(room)])


@case
def lines():
    with urllib.request.urlopen(f"{HTTP}/wire/chunked") as response:
        say(list(response))


@case
def unasked():
    connection = connect()
    connection.request("GET", "/wire/hang")
    connection.close()


@case
def timeout():
    ask(connect(timeout=0.3), "GET", "/wire/hang")


@case
def midway():
    connection = connect()
    connection.request("GET", "/wire/sse/50")
    response = connection.getresponse()
    say(response.readline())
    response.close()
    connection.close()


@case
def unread():
    connection = connect()
    connection.request("GET", "/wire/flood")
    connection.getresponse()
    connection.close()


@case
def dropped():
    connection = connect()
    connection.request("GET", "/wire/flood")
    say(connection.getresponse().status)
    del connection
    gc.collect()


@case
def never():
    """Asked for, but never sent."""
    connection = connect()
    connection.putrequest("GET", "/wire/echo")
    connection.close()


@case
def twice():
    connection = connect()
    connection.request("GET", "/wire/echo")
    try:
        connection.request("GET", "/wire/echo")
    except http.client.CannotSendRequest as error:
        say_error(error)
    tell(connection.getresponse())


@case
def lockstep():
    """Each event comes when the one before was asked about: nothing may be held back."""
    stream, other = connect(), connect()
    stream.request("GET", "/wire/lockstep")
    response = stream.getresponse()
    for n in range(1, 6):
        say(response.readline(), response.readline())
        other.request("GET", f"/wire/next/{n}")
        other.getresponse().read()
    say(response.read())


@case
def sizes():
    connection = connect()
    for size in (1, 65_536, 1_000_000, 16_000_000):
        ask(connection, "POST", "/wire/echo", body=b"x" * size)
        ask(connection, "GET", f"/wire/size/{size}")


@case
def absolute():
    """As towards a proxy."""
    ask(connect(), "GET", "http://behind.example:8080/wire/echo?a=1")


@case
def vhost():
    ask(connect(), "GET", "/wire/echo", headers={"Host": "named.example"})


@case
def nohost():
    connection = connect()
    connection.putrequest("GET", "/wire/echo", skip_host=True)
    connection.putheader("Host", "")
    connection.endheaders()
    say_bytes("body", connection.getresponse().read())


@case
def asterisk():
    ask(connect(), "OPTIONS", "*")


def serve_tunnel(answer=b"HTTP/1.1 200 Connection established\r\n\r\n"):
    """A proxy for one connection, which it leads to where it is asked to."""
    listener = socket.create_server(("127.0.0.1", 0))

    def copy(source, target):
        while part := source.recv(65536):
            target.sendall(part)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve():
        stream, _ = listener.accept()
        asked = stream.recv(65536).split()
        stream.sendall(answer)
        if b" 200 " in answer:
            host, port = asked[1].decode().rsplit(":", 1)
            inside = socket.create_connection((host, int(port)))
            threading.Thread(target=copy, args=(inside, stream), daemon=True).start()
            copy(stream, inside)
        else:
            stream.close()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


@case
def tunnel():
    connection = http.client.HTTPSConnection("127.0.0.1", serve_tunnel())
    connection.set_tunnel("localhost", urlsplit(HTTPS).port, headers={"x-proxy": "yes"})
    ask(connection, "POST", "/wire/echo", body=b"inside")
    ask(connection, "GET", "/wire/echo?again")


@case
def notunnel():
    connection = http.client.HTTPSConnection("127.0.0.1", serve_tunnel(b"HTTP/1.1 407 No\r\n\r\n"))
    connection.set_tunnel("localhost", urlsplit(HTTPS).port)
    ask(connection, "GET", "/wire/echo")


@case
def bypass():
    ask(connect(), "GET", "/wire/echo", headers={"x-tskl-bypass": "1"})


@case
def debug():
    connection = connect()
    connection.set_debuglevel(1)
    connection.request("POST", "/wire/echo", body=b"shown", headers={"accept": "text/plain"})
    say_bytes("body", connection.getresponse().read())


@case
def early_hangup():
    """The server answers and hangs up before all of the request was sent."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        stream, _ = listener.accept()
        with listener:
            stream.recv(100)
            stream.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!")
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(1 << 20):
                pass
            stream.close()

    threading.Thread(target=serve).start()
    connection = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1])
    ask(connection, "POST", "/x", body=b"x" * 100_000)


@case
def urllib_get():
    with urllib.request.urlopen(f"{HTTPS}/wire/redirect/chunked") as response:
        say(response.status, response.url.replace(HTTPS, ""), response.read())


@case
def urllib_error():
    for path in ("/wire/status/429", "/wire/reset"):
        try:
            urllib.request.urlopen(HTTP + path)
        except urllib.error.HTTPError as error:
            say(error.code, error.reason, len(error.read()))
        except OSError as error:
            say_error(error)


@case
def threads():
    said = []

    def work(n):
        for m in range(5):
            with urllib.request.urlopen(f"{HTTP}/wire/echo?{n}.{m}") as response:
                said.append((n, m, response.status, len(response.read())))

    workers = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    say(sorted(said))


@case
def interrupted():
    """As by Ctrl-C in the midst of a read."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        stream, _ = listener.accept()
        with listener, stream:
            stream.recv(65536)
            os.kill(os.getpid(), signal.SIGINT)
            stream.recv(65536)

    threading.Thread(target=serve).start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1])
        ask(connection, "GET", "/wire/hang")
    except KeyboardInterrupt as error:
        say_error(error)
        connection.close()


@case
def looks():
    import inspect

    for function in (http.client.HTTPConnection.send, http.client.HTTPConnection.getresponse,
                     http.client.HTTPConnection.putrequest, http.client.HTTPResponse.begin):
        say(function.__name__, function.__qualname__, function.__module__, inspect.signature(function))
        say(inspect.getsource(function))
    connection = connect()
    connection.request("GET", "/wire/gzip")
    response = connection.getresponse()
    say(isinstance(response.fp, io.BufferedReader), response.fp.readable(), type(response.fp.raw).__name__,
        type(response.fp).__name__, response.fp.name == connection.sock.fileno(), response.fileno() > 0)
    response.read()
    say("sitecustomize" in sys.modules, [entry for entry in sys.path if "taskless" in entry and "programs" not in entry])


if __name__ == "__main__":
    main(cases)
