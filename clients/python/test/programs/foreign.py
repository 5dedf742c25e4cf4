# foreign: libraries as they may be one day: their methods take arguments that nobody knows today, or take
# those of today under other names. One case a run; each prints what the library itself was given.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import importlib.machinery
import os
import sys

from say import main, say

cases = {}


def case(function):
    cases[function.__name__] = function
    return function


class Fake:
    """Makes modules out of source texts when the program imports them."""

    def __init__(self, **sources):
        self.sources = sources

    def __enter__(self):
        folder = os.path.join(os.environ["FAKES"], str(os.getpid()))
        for name, source in self.sources.items():
            path = os.path.join(folder, *name.split("__"))
            os.makedirs(path)
            with open(os.path.join(path, "__init__.py"), "w") as file:
                file.write(source)
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        return self

    def __exit__(self, *_):
        return False


TAKES = "def {0}(self, {1}, **more): return ('{0}', {1}, sorted(more.items()))\n"


def methods(kind, indent="    ", **named):
    """Source of a class with these methods, whose first argument is called so."""
    lines = "".join(f"{indent}{'async ' if name in ASYNC else ''}"
                    + TAKES.format(name, first) for name, first in named.items())
    return f"class {kind}:\n    _protocol = out = protocol = None\n{lines}\n"


ASYNC = ("connect", "handle_async_request", "start")
HTTPX = ("__version__ = '9'\nclass SyncByteStream: pass\nclass AsyncByteStream: pass\n"
         "class Request:\n    method, url, headers, stream = 'GET', None, None, None\n")


def aiohttp_of(**renamed):
    first = {"connect": "req", "send": "conn", "start": "connection", "_write": "chunk", "_writelines": "chunks",
             "feed_data": "data", "set_exception": "exc", "chunk": "chunk", **renamed}
    client = methods("ClientRequest", send=first["send"]) + methods("ClientResponse", start=first["start"])
    client += "    def close(self, *a, **b): return a, b\n    def release(self, *a, **b): return a, b\n"
    reader = methods("StreamReader", feed_data=first["feed_data"], set_exception=first["set_exception"])
    reader += "    def feed_eof(self, *a, **b): return a, b\n"
    parts = [
        f"class http_writer:\n    {inner(methods('StreamWriter', _write=first['_write'], _writelines=first['_writelines']))}",
        f"class streams:\n    {inner(reader)}",
        f"class connector:\n    {inner(methods('BaseConnector', connect=first['connect']))}",
        f"class client_reqrep:\n    {inner(client)}",
        f"class http_parser:\n    {inner(methods('DeflateBuffer', feed_data=first['chunk']))}",
    ]
    return "__version__ = '9'\n" + "\n".join(parts) + "\n"


def inner(source):
    return source.replace("\n", "\n    ")


class Connection:
    protocol = None


def say_aiohttp(**names):
    """Each method is given its first argument by name, and one that is new."""
    import aiohttp

    connection = Connection()
    first = {"connect": ("req", 1), "send": ("conn", connection), "start": ("connection", connection),
             "_write": ("chunk", b"a"), "_writelines": ("chunks", (b"a",)), "feed_data": ("data", b"a"),
             "set_exception": ("exc", None)}
    first.update({name: (new, first[name][1]) for name, new in names.items()})
    writer, reader = aiohttp.http_writer.StreamWriter(), aiohttp.streams.StreamReader()
    response = aiohttp.client_reqrep.ClientResponse()
    owners = {"connect": aiohttp.connector.BaseConnector(), "send": aiohttp.client_reqrep.ClientRequest(),
              "start": response, "_write": writer, "_writelines": writer, "feed_data": reader, "set_exception": reader}
    for name, owner in owners.items():
        argument, value = first[name]
        answer = getattr(owner, name)(**{argument: value, "new": 7})
        if asyncio.iscoroutine(answer):
            answer = asyncio.run(answer)
        say(answer[0], answer[1] is value or answer[1], *answer[2:])
    say(aiohttp.http_parser.DeflateBuffer().feed_data(chunk=b"a", new=7), reader.feed_eof(1, new=7))
    say(response.close(1, new=7), response.release(1, new=7))


@case
def aiohttp_more():
    source = aiohttp_of()
    source = source.replace("def send(", "async def send(")
    with Fake(aiohttp=source):
        say_aiohttp()


@case
def aiohttp_renamed():
    with Fake(aiohttp=aiohttp_of(send="link", feed_data="octets").replace("def send(", "async def send(")):
        say_aiohttp(send="link", feed_data="octets")


def say_httpx(argument, **more):
    import httpx

    given = {argument: httpx.Request(), **more}
    answers = [httpx.HTTPTransport().handle_request(**given),
               asyncio.run(httpx.AsyncHTTPTransport().handle_async_request(**given))]
    for answer in answers:
        say(answer[0], answer[1] is given[argument], *answer[2:])


def httpx_of(argument):
    return (HTTPX + methods("HTTPTransport", handle_request=argument)
            + methods("AsyncHTTPTransport", handle_async_request=argument))


@case
def httpx_more():
    with Fake(httpx=httpx_of("request")):
        say_httpx("request", extensions=7)


@case
def httpx_renamed():
    with Fake(httpx=httpx_of("message")):
        say_httpx("message")


HTTP_CLIENT = "class HTTPConnection:\n    sock = None\n"


def http_of(method, data):
    return (HTTP_CLIENT + "    " + TAKES.format("putrequest", method) + "    " + TAKES.format("send", data)
            + "    def getresponse(self, *a, **b): return a, b\n    def close(self, *a, **b): return a, b\n")


def say_http(method, data):
    from eventlet.green.http import client

    connection = client.HTTPConnection()
    say(connection.putrequest(**{method: "GET", "new": 7}), connection.send(**{data: b"a", "new": 7}))
    say(connection.getresponse(1, new=7), connection.close(1, new=7))


@case
def http_more():
    with Fake(eventlet="", eventlet__green="", eventlet__green__http="", eventlet__green__http__client=http_of("method", "data")):
        say_http("method", "data")


@case
def http_renamed():
    with Fake(eventlet="", eventlet__green="", eventlet__green__http="", eventlet__green__http__client=http_of("verb", "octets")):
        say_http("verb", "octets")


@case
def urllib3_more():
    take_any = "    def {}(self, *a, **b): return a, sorted(b.items())\n"
    source = ("import http.client\n__version__ = '9'\n"
              "class connection:\n    class HTTPConnection(http.client.HTTPConnection):\n    " + take_any.format("connect")
              + "    HTTPSConnection = HTTPConnection\n"
              "class connectionpool:\n    class HTTPConnectionPool:\n    " + take_any.format("urlopen"))
    with Fake(urllib3=source):
        import urllib3

        pool = urllib3.connectionpool.HTTPConnectionPool()
        say(pool.urlopen("GET", "/", new=7), pool.urlopen(verb="GET", target="/"))
        say(urllib3.connection.HTTPConnection("localhost").connect(1, new=7))


@case
def python_itself():
    """Nobody can tell by what these say of arguments that they do not know."""
    import http.client
    import socket

    connection = http.client.HTTPConnection("localhost")
    wrong = [(socket.create_connection, ()), (connection.putrequest, ("GET",)), (connection.send, (b"a",)),
             (connection.getresponse, ()), (connection.close, ())]
    wrong += [(getattr(os, name), ()) for name in ("_exit", "abort", "execv", "execve", "fork", "forkpty")]
    for function, given in wrong:
        try:
            say(function.__name__, function(*given, unknown=7))
        except TypeError as error:
            say(error)


main(cases)
