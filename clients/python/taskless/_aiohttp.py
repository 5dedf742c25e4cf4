# aiohttp: observes its client where bytes are written and where its parser hands them on.
# SPDX-License-Identifier: Apache-2.0
import sys
import time

from ._ending import fail, is_timeout
from ._guard import failed, say_once
from ._patch import patch
from ._taskless import begin, begin_with

# What we keep: in a request when it was asked for, in a protocol and a response the exchange.
STARTED = "_taskless_started"
EXCHANGE = "_taskless_exchange"


class Exchange:
    """One request and its response on a connection."""

    def __init__(self, request, started):
        self.request = request
        self.started = started
        self.call = None
        self.responded = False
        self.early = []  # parts of the body that came together with the head
        self.ended_early = False
        self.decoding = False

    def sent(self, data):
        if self.call is None:
            url = self.request.url
            self.call = begin(f"{url.scheme}://{url.raw_authority}", data, self.started) or False
        if self.call:
            self.call.sent(data)

    def respond(self, response):
        self.responded = True
        early, self.early = self.early, None
        if not self.call or not self.call.response(response.status, response.raw_headers, False):
            return
        for part in early:
            self.call.received(part)
        if self.ended_early:
            self.call.eof()

    def received(self, data):
        if self.responded:
            self.call and self.call.received(data)
        elif self.call:
            self.early.append(data)

    def eof(self):
        if not self.responded:
            self.ended_early = True
        elif self.call:
            self.call.eof()

    def fail(self, error):
        if self.call is None:
            self.call = _begin_unsent(self.request, self.started) or False
        if self.call:
            fail(self.call, error)

    def close(self, error):
        if self.call and error is not None and is_timeout(error):
            fail(self.call, error)
        elif self.call:
            self.call.close()


def observe(module):
    writer, reader = module.http_writer.StreamWriter, module.streams.StreamReader
    wanted = (
        (module.connector.BaseConnector, "connect", _wrap_connect),
        (module.client_reqrep.ClientRequest, "send", _wrap_send),
        (module.client_reqrep.ClientResponse, "start", _wrap_start),
        (module.client_reqrep.ClientResponse, "close", _wrap_close),
        (module.client_reqrep.ClientResponse, "release", _wrap_close),
        (writer, "_write", _wrap_write),
        (reader, "feed_data", _wrap_feed_data),
        (reader, "feed_eof", _wrap_feed_eof),
        (reader, "set_exception", _wrap_set_exception),
        (module.http_parser.DeflateBuffer, "feed_data", _wrap_decode),
    )
    if not all(callable(vars(owner).get(name)) for owner, name, _ in wanted):
        say_once(f"aiohttp {module.__version__} is not known: its calls are not observed")
        return
    for owner, name, wrap in wanted:
        patch(owner, name, wrap)
    # Younger than the rest.
    patch(writer, "_writelines", _wrap_writelines)


def _begin_unsent(request, started):
    return begin_with(request.method, str(request.url), request.headers.items(), started)


def _exchange_of(protocol):
    state = getattr(protocol, "__dict__", None)
    return state.get(EXCHANGE) if state else None


def _wrap_connect(original):
    async def connect(self, req, *args, **kwargs):
        started = time.time_ns() // 1000
        try:
            connection = await original(self, req, *args, **kwargs)
        except BaseException as error:
            _tell_unconnected(req, started, error)
            raise
        # A request that opens a tunnel is sent without asking for a connection this way.
        req.__dict__[STARTED] = started
        return connection

    return connect


def _tell_unconnected(request, started, error):
    try:
        Exchange(request, started).fail(error)
    except Exception as problem:
        failed("aiohttp", problem)


def _wrap_send(original):
    async def send(self, conn):
        exchange = _prepare(self, conn)
        try:
            return await original(self, conn)
        except BaseException as error:
            if exchange is not None:
                _tell(exchange.fail, error)
            raise

    return send


def _prepare(request, connection):
    try:
        started = request.__dict__.pop(STARTED, None)
        if started is None or connection.protocol is None:
            return None
        exchange = Exchange(request, started)
        connection.protocol.__dict__[EXCHANGE] = exchange
        return exchange
    except Exception as error:
        failed("aiohttp request", error)
        return None


def _tell(tell, *args):
    try:
        tell(*args)
    except Exception as error:
        failed("aiohttp", error)


def _wrap_write(original):
    def _write(self, chunk):
        original(self, chunk)
        exchange = _exchange_of(self._protocol)
        if exchange is not None:
            _tell(exchange.sent, chunk)

    return _write


def _wrap_writelines(original):
    def _writelines(self, chunks):
        chunks = tuple(chunks)
        original(self, chunks)
        exchange = _exchange_of(self._protocol)
        if exchange is not None:
            for chunk in chunks:
                _tell(exchange.sent, chunk)

    return _writelines


def _wrap_start(original):
    async def start(self, connection):
        exchange = _exchange_of(connection.protocol)
        if exchange is None:
            return await original(self, connection)
        self.__dict__[EXCHANGE] = exchange
        try:
            result = await original(self, connection)
        except BaseException as error:
            _tell(exchange.fail, error)
            raise
        _tell(exchange.respond, self)
        return result

    return start


def _wrap_close(original):
    def close(self):
        exchange = self.__dict__.get(EXCHANGE)
        if exchange is not None:
            _tell(exchange.close, sys.exc_info()[1])
        return original(self)

    return close


def _wrap_feed_data(original):
    def feed_data(self, data, *args):
        exchange = _exchange_of(self._protocol)
        if exchange is not None and not exchange.decoding:
            _tell(exchange.received, data)
        return original(self, data, *args)

    return feed_data


def _wrap_decode(original):
    def feed_data(self, chunk, *args):
        exchange = _exchange_of(getattr(self.out, "_protocol", None))
        if exchange is None:
            return original(self, chunk, *args)
        _tell(exchange.received, chunk)
        exchange.decoding = True
        try:
            return original(self, chunk, *args)
        finally:
            exchange.decoding = False

    return feed_data


def _wrap_feed_eof(original):
    def feed_eof(self):
        exchange = _exchange_of(self._protocol)
        if exchange is not None:
            _tell(exchange.eof)
        return original(self)

    return feed_eof


def _wrap_set_exception(original):
    def set_exception(self, exc, *args, **kwargs):
        exchange = _exchange_of(self._protocol)
        if exchange is not None and exchange.responded:
            _tell(exchange.fail, exc)
        return original(self, exc, *args, **kwargs)

    return set_exception
