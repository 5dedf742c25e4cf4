# sitecustomize: what `taskless run` has every Python load first. It starts the client, hands over to
# the sitecustomize that would have been loaded without it, and leaves no trace of its own; it has to
# be read by Python 2 as well, where it does nothing else.
# SPDX-License-Identifier: Apache-2.0
import os
import sys


def _is_here(path, here):
    return os.path.abspath(path or os.curdir) == here


def _start():
    if sys.version_info < (3, 9) or sys.implementation.name != "cpython":
        return
    if os.environ.get("TASKLESS_DISABLED", "") not in ("", "0"):
        return
    try:
        import taskless.auto
    except Exception as error:
        try:
            os.write(2, ("taskless: calls are not observed: %s\n" % error).encode())
        except Exception:
            pass


_here = os.path.dirname(os.path.abspath(__file__))
_start()
# The folder stands in PYTHONPATH for the program's own children; the program itself needs it no more.
sys.path[:] = [path for path in sys.path if not _is_here(path, _here)]
# Where there is no other, the error that Python itself would have met.
del sys.modules["sitecustomize"]
import sitecustomize
