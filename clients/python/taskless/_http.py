# http: observes http.client, and with it all that is built on it: urllib, urllib3, requests, botocore.
# SPDX-License-Identifier: Apache-2.0
from io import TextIOBase

from ._ending import fail, is_final
from ._guard import failed, not_known
from ._patch import patch_all
from ._taskless import answered, asked, keep, sending, sent, take


def observe(module):
    connection = module.HTTPConnection
    known = patch_all((connection, "putrequest", _wrap_putrequest), (connection, "send", _wrap_send),
                      (connection, "getresponse", _wrap_getresponse), (connection, "close", _wrap_close))
    if not known:
        not_known(module.__name__)


def _wrap_putrequest(original):
    def putrequest(self, method, *args, **kwargs):
        result = original(self, method, *args, **kwargs)
        asked(self, method)
        return result

    return putrequest


def _wrap_send(original):
    def send(self, data, *args, **kwargs):
        call = sending(self, data)
        if call is None:
            return original(self, data, *args, **kwargs)
        told = data if type(data) is bytes else _told_while_sent(call, data)
        try:
            result = original(self, told, *args, **kwargs)
        except BaseException as error:
            _after_failed_send(self, call, error)
            raise
        sent(self, call, data if told is data else None)
        return result

    return send


def _told_while_sent(call, data):
    """Files and iterables are read by http.client itself: each part is told as it is read."""
    try:
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

    @property
    def __class__(self):
        # By this http.client knows whether what it reads is text.
        return TextIOBase if isinstance(self._data, TextIOBase) else _ReadableBody

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


def _after_failed_send(connection, call, error):
    """A server may answer before it has read everything, and hang up: then the answer counts."""
    try:
        connected = connection.sock is not None
        fail(call, error, now=not connected)
        sent(connection, call, None)
        if not connected:
            take(connection)
    except Exception as problem:
        failed("http.client request", problem)


def _wrap_getresponse(original):
    def getresponse(self, *args, **kwargs):
        # http.client closes the connection before an error of its own gets here.
        call = take(self)
        if call is None:
            return original(self, *args, **kwargs)
        try:
            response = original(self, *args, **kwargs)
        except BaseException as error:
            _failed_response(self, call, error)
            raise
        answered(call, response)
        return response

    return getresponse


def _failed_response(connection, call, error):
    """What leaves the connection open ends nothing: the answer may be asked for again."""
    try:
        ended = connection.sock is None or is_final(error)
        fail(call, error, now=ended)
        if not ended:
            keep(connection, call)
    except Exception as problem:
        failed("http.client response", problem)


def _wrap_close(original):
    def close(self, *args, **kwargs):
        call = take(self)
        if call is not None:
            call.close()
        return original(self, *args, **kwargs)

    return close
