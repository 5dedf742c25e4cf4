# httpx: observes httpx and httpx2 at the transports that reach the network; what stands in for them in
# tests makes no calls.
# SPDX-License-Identifier: Apache-2.0
from ._ending import fail
from ._guard import failed, not_known
from ._patch import patch, takes
from ._taskless import begin


def observe(module):
    # Before 0.18 there are no such transports; up to 0.19 they take the parts of a request.
    known = getattr(module, "HTTPTransport", None), getattr(module, "AsyncHTTPTransport", None)
    methods = [vars(kind).get(name) if kind else None
               for kind, name in zip(known, ("handle_request", "handle_async_request"))]
    if not all(callable(method) and takes(method, "request") for method in methods):
        not_known(f"{module.__name__} {module.__version__}")
        return
    sent, received = _streams(module.SyncByteStream)
    patch(module.HTTPTransport, "handle_request",
          lambda original: _wrap(original, module.SyncByteStream, sent, received))
    sent, received = _async_streams(module.AsyncByteStream)
    patch(module.AsyncHTTPTransport, "handle_async_request",
          lambda original: _wrap_async(original, module.AsyncByteStream, sent, received))


def _wrap(original, stream, sent, received):
    def handle_request(self, request, *args, **kwargs):
        call, own = _begin(request, stream, sent)
        if call is None:
            return original(self, request, *args, **kwargs)
        try:
            response = original(self, request, *args, **kwargs)
        except BaseException as error:
            _end(call, error)
            raise
        finally:
            request.stream = own
        _respond(call, response, received)
        return response

    return handle_request


def _wrap_async(original, stream, sent, received):
    async def handle_async_request(self, request, *args, **kwargs):
        call, own = _begin(request, stream, sent)
        if call is None:
            return await original(self, request, *args, **kwargs)
        try:
            response = await original(self, request, *args, **kwargs)
        except BaseException as error:
            _end(call, error)
            raise
        finally:
            request.stream = own
        _respond(call, response, received)
        return response

    return handle_async_request


def _begin(request, stream, sent):
    """A call, and the request's own stream; in its place stands one that tells while it is sent."""
    try:
        call = begin(request.method, _whole(request.url), request.headers.raw)
        own = request.stream
        if call is not None and isinstance(own, stream):
            request.stream = sent(call, own)
        return call, own
    except Exception as error:
        failed("httpx request", error)
        return None, None


def _whole(url):
    """As it is sent: with a path, and without what only names a place in the answer."""
    return b"%b://%b%b" % (url.raw_scheme, url.netloc, url.raw_path)


def _respond(call, response, received):
    try:
        if call.response(response.status_code, response.headers.raw):
            response.stream = received(call, response.stream)
    except Exception as error:
        failed("httpx response", error)


def _end(call, error):
    try:
        fail(call, error)
    except Exception as problem:
        failed("httpx", problem)


def _streams(base):
    class Sent(base):
        def __init__(self, call, stream):
            self._call, self._stream = call, stream

        def __iter__(self):
            for part in self._stream:
                self._call.sent(part)
                yield part

        def close(self):
            self._stream.close()

    class Received(Sent):
        def __iter__(self):
            try:
                for part in self._stream:
                    self._call.received(part)
                    yield part
            except BaseException as error:
                _end(self._call, error)
                raise
            self._call.eof()

        def close(self):
            self._call.close()
            self._stream.close()

    return Sent, Received


def _async_streams(base):
    class Sent(base):
        def __init__(self, call, stream):
            self._call, self._stream = call, stream

        async def __aiter__(self):
            async for part in self._stream:
                self._call.sent(part)
                yield part

        async def aclose(self):
            await self._stream.aclose()

    class Received(Sent):
        async def __aiter__(self):
            try:
                async for part in self._stream:
                    self._call.received(part)
                    yield part
            except BaseException as error:
                _end(self._call, error)
                raise
            self._call.eof()

        async def aclose(self):
            self._call.close()
            await self._stream.aclose()

    return Sent, Received
