# ending: how a call came to its end, by the exception that ended it.
# SPDX-License-Identifier: Apache-2.0
import errno

# Of getaddrinfo, as other runtimes call it.
_NO_NAME = "ENOTFOUND"
_GIVEN_UP = ("CancelledError", "Cancelled", "GeneratorExit", "KeyboardInterrupt", "SystemExit", "GreenletExit")
# Where a library noticed by itself that the other side had hung up.
_HUNG_UP = ("Server disconnected", "peer closed connection")
_OWNERS_OF_TIMEOUTS = ("builtins", "socket", "asyncio.exceptions")
# Where more may come of the same connection, as the one who asked may well know.
_NOT_YET = ("BlockingIOError", "InterruptedError", "SSLWantReadError", "SSLWantWriteError")
_DEPTH = 8


def fail(call, error, now=True):
    """Ends `call` by `error`; without `now` only if no answer comes. Aborted where the application
    gave up, else failed, with a code and the error's words."""
    if not call.over:
        call.fail(*_reason(error), now)


def fail_reading(call, error):
    """The same for an answer that was asked for and did not come so far."""
    fail(call, error, now=is_final(error))


def is_final(error):
    """False of an error after which what reads may go on: it waited long enough, it was asked with
    words it does not know (urllib3 1 asks so first), or it was interrupted."""
    names = _names(error)
    if names & {"HTTPException", "IncompleteRead"}:
        return True
    return isinstance(error, OSError) and not is_timeout(error) and not names & set(_NOT_YET)


def _reason(error):
    if _names(error) & set(_GIVEN_UP):
        return "", ""
    # Libraries wrap what the system said; the innermost of them still knows it.
    for one in _chain(error):
        code = _code(one)
        if code:
            return code, str(one) or type(one).__name__
    return type(error).__name__, str(error)


def _chain(error):
    for _ in range(_DEPTH):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__ or _wrapped(error)


def _wrapped(error):
    reason = getattr(error, "os_error", None) or getattr(error, "reason", None)
    # Of several addresses that were tried at once, the first.
    group = getattr(error, "exceptions", None)
    if reason is None and isinstance(group, tuple) and group:
        reason = group[0]
    return reason if isinstance(reason, BaseException) else None


def is_timeout(error):
    """Before 3.11 socket, asyncio and Python itself have one each."""
    return any(kind.__name__ in ("TimeoutError", "timeout") and kind.__module__ in _OWNERS_OF_TIMEOUTS
               for kind in type(error).__mro__)


def _names(error):
    return {kind.__name__ for kind in type(error).__mro__}


def _code(error):
    names = _names(error)
    if "gaierror" in names:
        return _of_lookup(error)
    if "SSLError" in names and isinstance(error, OSError):
        return _of_tls(error, names)
    if is_timeout(error):
        return "ETIMEDOUT"
    if "ServerDisconnectedError" in names or ("RemoteProtocolError" in names and str(error).startswith(_HUNG_UP)):
        return "ECONNRESET"
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno, "") or _of_class(error)
    return ""


def _of_lookup(error):
    import socket

    if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
        return _NO_NAME
    for name in ("EAI_AGAIN", "EAI_FAIL", "EAI_MEMORY", "EAI_SYSTEM"):
        if error.errno == getattr(socket, name, None):
            return name
    return "gaierror"


def _of_tls(error, names):
    if "SSLEOFError" in names or "SSLZeroReturnError" in names:
        return "ECONNRESET"
    return "SSLCertVerificationError" if "SSLCertVerificationError" in names else type(error).__name__


def _of_class(error):
    if isinstance(error, ConnectionResetError):
        return "ECONNRESET"
    if isinstance(error, ConnectionRefusedError):
        return "ECONNREFUSED"
    if isinstance(error, ConnectionAbortedError):
        return "ECONNABORTED"
    if isinstance(error, BrokenPipeError):
        return "EPIPE"
    return ""
