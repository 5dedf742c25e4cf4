# client: starts and stops observing in this process, and says why when it cannot.
# SPDX-License-Identifier: Apache-2.0
import atexit
import os
import sys

from . import _imports, _patch
from ._guard import failed, say_once

EXIT_MS = 200

_native = None


def start(directory=None, config=None, outputs=None):
    """True when calls are observed from here on. Never raises."""
    global _native
    # As the library reads it; asked here as well, so that not even the native file is loaded.
    if os.environ.get("TASKLESS_DISABLED", "") not in ("", "0"):
        return False
    if _native is not None:
        return True
    try:
        native = _open(directory, config, outputs)
    except Exception as error:
        say_once(f"calls are not observed: {_first_line(error)}")
        return False
    _native = native
    _imports.start()
    if sys.version_info >= (3, 12):
        _watch_forks()
    atexit.register(_at_exit)
    return True


def _watch_forks():
    from . import _fork

    _fork.observe()


def _open(directory, config, outputs):
    if "t" in sys.abiflags:
        raise RuntimeError("this Python is free-threaded, for which there is no native file")
    from . import _taskless

    client = "python/%d.%d.%d" % sys.version_info[:3]
    paths = [os.fspath(path) if path is not None else None for path in (directory, config)]
    problem = _taskless.open(*paths, outputs, client)
    if problem is not None:
        raise RuntimeError(problem)
    return _taskless


def stop(timeout_ms):
    """Returns how many calls are left unwritten."""
    global _native
    if _native is None:
        return 0
    native, _native = _native, None
    atexit.unregister(_at_exit)
    _imports.stop()
    _patch.undo_all()
    return native.close(timeout_ms)


def flush(timeout_ms):
    """Waits for what has ended to be written, and goes on."""
    if _native is not None:
        _native.flush(timeout_ms)


def add(manifest, wasm, configuration):
    """Why the Pack was not added, or None. False where nothing is observed."""
    return _native.add(manifest, wasm, configuration) if _native is not None else False


def _at_exit():
    try:
        stop(EXIT_MS)
    except Exception as error:
        failed("exit", error)


def _first_line(error):
    return (str(error) or type(error).__name__).split("\n", 1)[0]
