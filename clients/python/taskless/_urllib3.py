# urllib3: makes its TLS connections before the request is written; those that fail are seen here, the
# rest by http.client.
# SPDX-License-Identifier: Apache-2.0
from _thread import _local

from ._ending import fail
from ._guard import failed
from ._http import METHOD
from ._patch import patch
from ._taskless import begin

# What this thread is trying: (pool, method, url, headers).
_trying = _local()


def observe(module):
    """`module` is urllib3."""
    patch(module.connectionpool.HTTPConnectionPool, "urlopen", _wrap_urlopen)
    connection = module.connection
    # Where there is no ssl module both names are one class.
    for kind in {connection.HTTPConnection, connection.HTTPSConnection}:
        patch(kind, "connect", _wrap_connect)


def _wrap_urlopen(original):
    def urlopen(self, method, url, body=None, headers=None, *args, **kwargs):
        # It calls itself for each try and each step of a redirect.
        outer = getattr(_trying, "now", None)
        _trying.now = (self, method, url, self.headers if headers is None else headers)
        try:
            return original(self, method, url, body, headers, *args, **kwargs)
        finally:
            _trying.now = outer

    return urlopen


def _wrap_connect(original):
    def connect(self, *args, **kwargs):
        try:
            return original(self, *args, **kwargs)
        except BaseException as error:
            _tell_failure(self, error)
            raise

    return connect


def _tell_failure(connection, error):
    try:
        trying = getattr(_trying, "now", None)
        # With a request half sent http.client's own methods tell.
        if trying is None or getattr(connection, METHOD, None) is not None:
            return
        pool, method, url, headers = trying
        call = begin(method, _whole(pool, url), headers.items())
        if call is not None:
            fail(call, error)
    except Exception as problem:
        failed("urllib3", problem)


def _whole(pool, url):
    if not url.startswith("/"):
        return url
    host = f"[{pool.host}]" if ":" in pool.host and not pool.host.startswith("[") else pool.host
    return f"{pool.scheme}://{host}{f':{pool.port}' if pool.port else ''}{url}"
