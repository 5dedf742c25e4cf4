# aiohttp: observes its client where bytes are written and where its parser hands them on.
# SPDX-License-Identifier: Apache-2.0
import sys

from ._ending import fail, is_timeout
from ._guard import failed, not_known
from ._patch import patch, patch_all
from ._taskless import expect, keep, kept, now, started, take_started


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
    if not patch_all(*wanted):
        not_known(f"aiohttp {module.__version__}")
        return
    # Younger than the rest.
    patch(writer, "_writelines", _wrap_writelines)


def _wrap_connect(original):
    async def connect(self, req, *args, **kwargs):
        began_us = now()
        try:
            connection = await original(self, req, *args, **kwargs)
        except BaseException as error:
            _tell_failure(expect("", began_us), req, error)
            raise
        # A request that opens a tunnel is sent without asking for a connection this way.
        started(req, began_us)
        return connection

    return connect


def _wrap_send(original):
    async def send(self, conn, *args, **kwargs):
        call = _expect(self, conn)
        if call is None:
            return await original(self, conn, *args, **kwargs)
        try:
            return await original(self, conn, *args, **kwargs)
        except BaseException as error:
            _tell_failure(call, self, error)
            raise

    return send


def _expect(request, connection):
    try:
        began_us = take_started(request)
        if began_us is None or connection.protocol is None:
            return None
        call = expect(f"{request.url.scheme}://{request.url.raw_authority}", began_us)
        keep(connection.protocol, call)
        return call
    except Exception as error:
        failed("aiohttp request", error)
        return None


def _tell_failure(call, request, error):
    try:
        if call.unsent:
            call.begin(request.method, str(request.url), request.headers.items())
        fail(call, error)
    except Exception as problem:
        failed("aiohttp", problem)


def _wrap_write(original):
    def _write(self, chunk, *args, **kwargs):
        result = original(self, chunk, *args, **kwargs)
        call = kept(self._protocol)
        if call is not None:
            call.sent(chunk)
        return result

    return _write


def _wrap_writelines(original):
    def _writelines(self, chunks, *args, **kwargs):
        chunks = tuple(chunks)
        result = original(self, chunks, *args, **kwargs)
        call = kept(self._protocol)
        if call is not None:
            for chunk in chunks:
                call.sent(chunk)
        return result

    return _writelines


def _wrap_start(original):
    async def start(self, connection, *args, **kwargs):
        call = kept(connection.protocol)
        if call is None:
            return await original(self, connection, *args, **kwargs)
        keep(self, call)
        try:
            result = await original(self, connection, *args, **kwargs)
        except BaseException as error:
            _tell(fail, call, error)
            raise
        _tell(_respond, call, self)
        return result

    return start


def _respond(call, response):
    call.response(response.status, response.raw_headers)


def _tell(tell, call, about):
    try:
        tell(call, about)
    except Exception as error:
        failed("aiohttp", error)


def _wrap_close(original):
    def close(self, *args, **kwargs):
        call = kept(self)
        if call is not None and not call.over:
            _tell(_close, call, sys.exc_info()[1])
        return original(self, *args, **kwargs)

    return close


def _close(call, error):
    if error is not None and is_timeout(error):
        fail(call, error)
    else:
        call.close()


def _wrap_feed_data(original):
    def feed_data(self, data, *args, **kwargs):
        call = kept(self._protocol)
        if call is not None:
            call.received(data)
        return original(self, data, *args, **kwargs)

    return feed_data


def _wrap_decode(original):
    def feed_data(self, chunk, *args, **kwargs):
        call = kept(getattr(self.out, "_protocol", None))
        if call is None:
            return original(self, chunk, *args, **kwargs)
        call.received(chunk)
        call.decoding = True
        try:
            return original(self, chunk, *args, **kwargs)
        finally:
            call.decoding = False

    return feed_data


def _wrap_feed_eof(original):
    def feed_eof(self, *args, **kwargs):
        call = kept(self._protocol)
        if call is not None:
            call.eof()
        return original(self, *args, **kwargs)

    return feed_eof


def _wrap_set_exception(original):
    def set_exception(self, exc, *args, **kwargs):
        call = kept(self._protocol)
        if call is not None and call.answered and not call.over:
            _tell(fail, call, exc)
        return original(self, exc, *args, **kwargs)

    return set_exception
