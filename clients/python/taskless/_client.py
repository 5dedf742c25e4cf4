# client: starts and stops observing in this process, and says why when it cannot. At the end of the
# process the native file stops by itself (native/shared.c).
# SPDX-License-Identifier: Apache-2.0
import os
import sys

from . import _imports, _patch, _process, _taskless
from ._guard import say_once

_native = None
# Where the client lies; known where it is not the program that has loaded it.
package = None


def start(directory=None, config=None, outputs=None):
    """True when calls are observed from here on. Never raises."""
    global _native
    # As the library reads it; asked here as well, so that nothing of it is even opened.
    if os.environ.get("TASKLESS_DISABLED", "") not in ("", "0"):
        return False
    if _native is not None:
        return True
    try:
        _open(directory, config, outputs)
    except Exception as error:
        say_once(f"calls are not observed: {_first_line(error)}")
        return False
    _native = _taskless
    _imports.start(package)
    _process.observe(package)
    return True


def _open(directory, config, outputs):
    client = "python/%d.%d.%d" % sys.version_info[:3]
    paths = [os.fspath(path) if path is not None else None for path in (directory, config)]
    problem = _taskless.open(*paths, outputs, client)
    if problem is not None:
        raise RuntimeError(problem)


def stop(timeout_ms):
    """Returns how many calls are left unwritten."""
    global _native
    if _native is None:
        return 0
    native, _native = _native, None
    _imports.stop()
    _patch.undo_all()
    return native.close(timeout_ms)


def add(manifest, wasm, configuration):
    """Why the Pack was not added, or None. False where nothing is observed."""
    return _native.add(manifest, wasm, configuration) if _native is not None else False


def _first_line(error):
    return (str(error) or type(error).__name__).split("\n", 1)[0]
