# http: observes http.client, and with it all that is built on it: urllib, urllib3, requests, botocore.
# SPDX-License-Identifier: Apache-2.0
from _thread import _local
from io import BufferedReader, TextIOBase

from ._ending import fail
from ._guard import failed
from ._patch import patch
from ._reader import Reader
from ._taskless import begin

# What we keep in a connection: the method that was asked for until its head goes out, then the call.
METHOD = "_taskless_method"
CALL = "_taskless_call"

# The call whose response this thread is about to read.
_expected = _local()


def observe(module):
    connection = module.HTTPConnection
    patch(connection, "putrequest", _wrap_putrequest)
    patch(connection, "send", _wrap_send)
    patch(connection, "getresponse", _wrap_getresponse)
    patch(connection, "close", _wrap_close)
    patch(module.HTTPResponse, "begin", _wrap_begin)


def _wrap_putrequest(original):
    def putrequest(self, method, url, *args, **kwargs):
        result = original(self, method, url, *args, **kwargs)
        self.__dict__[METHOD] = method
        return result

    return putrequest


def _wrap_send(original):
    def send(self, data):
        call, first = _before_send(self, data)
        if call is None:
            return original(self, data)
        try:
            result = original(self, _told_while_sent(call, data))
        except BaseException as error:
            _after_failed_send(self, call, error)
            raise
        _after_send(self, call, data, first)
        return result

    return send


def _before_send(connection, data):
    """The call these bytes are of, and whether they are its first. The head of a request to a proxy
    that opens a tunnel goes the same way while the call's own head waits: it has another method."""
    try:
        state = connection.__dict__
        method = state.get(METHOD)
        if method is None:
            return state.get(CALL), False
        if not isinstance(data, (bytes, bytearray)) or not data.startswith(f"{method} ".encode()):
            return None, False
        state.pop(CALL, None)
        call = None if method == "CONNECT" else begin(_origin(connection), data)
        if call is None:
            del state[METHOD]
        return call, True
    except Exception as error:
        failed("http.client request", error)
        return None, False


def _origin(connection):
    scheme = "https" if connection.default_port == 443 or hasattr(connection.sock, "cipher") else "http"
    host = f"[{connection.host}]" if ":" in connection.host else connection.host
    port = "" if connection.port == (443 if scheme == "https" else 80) else f":{connection.port}"
    return f"{scheme}://{host}{port}"


def _told_while_sent(call, data):
    """Files and iterables are read by http.client itself: each part is told as it is read."""
    try:
        if isinstance(data, (bytes, bytearray, memoryview, TextIOBase)):
            return data
        if hasattr(data, "read"):
            return _ReadableBody(call, data)
        memoryview(data)
    except TypeError:
        return _told_parts(call, data) if hasattr(data, "__iter__") else data
    except Exception as error:
        failed("http.client body", error)
    return data


class _ReadableBody:
    def __init__(self, call, data):
        self._call = call
        self._data = data

    def __getattr__(self, name):
        return getattr(self._data, name)

    def read(self, *args):
        part = self._data.read(*args)
        self._call.sent(part)
        return part


def _told_parts(call, parts):
    for part in parts:
        call.sent(part)
        yield part


def _after_send(connection, call, data, first):
    try:
        if isinstance(data, (bytes, bytearray, memoryview)) or not (hasattr(data, "read") or hasattr(data, "__iter__")):
            call.sent(data)
        if first:
            connection.__dict__.pop(METHOD, None)
            connection.__dict__[CALL] = call
    except Exception as error:
        failed("http.client request", error)


def _after_failed_send(connection, call, error):
    """A server may answer before it has read everything, and hang up: then the answer counts."""
    try:
        connection.__dict__.pop(METHOD, None)
        connected = connection.sock is not None
        fail(call, error, now=not connected)
        if connected:
            connection.__dict__[CALL] = call
    except Exception as problem:
        failed("http.client request", problem)


def _wrap_getresponse(original):
    def getresponse(self, *args, **kwargs):
        # http.client closes the connection before an error of its own gets here.
        call = self.__dict__.pop(CALL, None)
        if call is None:
            return original(self, *args, **kwargs)
        _expected.call = call
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            _failed_response(call, error)
            raise
        finally:
            _expected.call = None

    return getresponse


def _failed_response(call, error):
    try:
        fail(call, error)
    except Exception as problem:
        failed("http.client response", problem)


def _wrap_begin(original):
    def begin(self):
        call = getattr(_expected, "call", None)
        if call is None:
            return original(self)
        _expected.call = None
        reader = _put_reader(self)
        result = original(self)
        _tell_response(self, call, reader)
        return result

    return begin


def _put_reader(response):
    """In place of the response's file, of which nothing has been read yet."""
    if type(response.fp) is not BufferedReader:
        return None
    raw = response.fp.detach()
    try:
        response.fp = Reader(raw)
    except Exception as error:
        response.fp = BufferedReader(raw)
        failed("http.client response", error)
    return response.fp


def _tell_response(response, call, reader):
    try:
        body_follows = call.response(response.status, response.headers.raw_items(), True)
        if body_follows and type(reader) is Reader:
            reader.call = call
        else:
            call.eof()
    except Exception as error:
        failed("http.client response", error)


def _wrap_close(original):
    def close(self):
        call = self.__dict__.pop(CALL, None)
        if call is not None:
            call.close()
        return original(self)

    return close
