# urllib3: makes its TLS connections before the request is written; those that fail are seen here, the
# rest by http.client.
# SPDX-License-Identifier: Apache-2.0
import _thread

from ._ending import fail
from ._guard import failed, say_once
from ._patch import patch
from ._taskless import expect, is_asked, now, started

# What each thread is trying: its number -> (pool, arguments, arguments by name). Not a local of the
# thread's: gevent and eventlet put theirs in the place of Python's, and may do so later than we come;
# which thread it is is asked anew each time, of whoever answers then.
_trying = {}


def observe(module):
    """`module` is urllib3, or what is called so and is something else."""
    pool = getattr(getattr(module, "connectionpool", None), "HTTPConnectionPool", None)
    connection = getattr(module, "connection", None)
    if pool is None or not hasattr(connection, "HTTPConnection"):
        return
    if not _is_on_http_client(connection.HTTPConnection):
        say_once(f"{module.__name__} {getattr(module, '__version__', '')} makes its calls by itself, not by "
                 "http.client: they are not observed (urllib3-future, niquests)")
        return
    patch(pool, "urlopen", _wrap_urlopen)
    # Where there is no ssl module both names are one class.
    for kind in {connection.HTTPConnection, connection.HTTPSConnection}:
        patch(kind, "connect", _wrap_connect)


def _is_on_http_client(kind):
    return any(parent.__name__ == "HTTPConnection" and parent.__module__.endswith("http.client")
               for parent in kind.__mro__)


def _wrap_urlopen(original):
    def urlopen(self, *args, **kwargs):
        # It calls itself for each try and each step of a redirect.
        thread = _thread.get_ident()
        outer = _trying.get(thread)
        _trying[thread] = (self, args, kwargs)
        try:
            return original(self, *args, **kwargs)
        finally:
            if outer is None:
                _trying.pop(thread, None)
            else:
                _trying[thread] = outer

    return urlopen


def _wrap_connect(original):
    def connect(self, *args, **kwargs):
        trying = _trying.get(_thread.get_ident())
        # With a request half sent http.client's own methods tell.
        if trying is None or is_asked(self):
            return original(self, *args, **kwargs)
        began_us = now()
        started(self, began_us)
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            started(self, None)
            _tell_failure(trying, began_us, error)
            raise

    return connect


def _tell_failure(trying, began_us, error):
    try:
        pool, args, kwargs = trying
        method, url = _argument(args, kwargs, 0, "method"), _argument(args, kwargs, 1, "url")
        headers = _argument(args, kwargs, 3, "headers") or pool.headers
        call = expect("", began_us)
        if call is not None:
            call.begin(method, _whole(pool, url), headers.items())
            fail(call, error)
    except Exception as problem:
        failed("urllib3", problem)


def _argument(args, kwargs, index, name):
    return args[index] if index < len(args) else kwargs.get(name)


def _whole(pool, url):
    if not url.startswith("/"):
        return url
    host = f"[{pool.host}]" if ":" in pool.host and not pool.host.startswith("[") else pool.host
    return f"{pool.scheme}://{host}{f':{pool.port}' if pool.port else ''}{url}"
