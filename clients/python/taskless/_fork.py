# fork: from 3.12 on Python warns a program that forks while it has threads; those of the library are no
# cause to, for they are made for it.
# SPDX-License-Identifier: Apache-2.0
import os
import sys

from ._guard import failed
from ._patch import put
from ._taskless import around_fork

# How the threads of the library are called.
NAME = b"taskless"


class _Message:
    def match(self, text):
        return "multi-threaded, use of fork" in text


IGNORED = ("ignore", _Message(), DeprecationWarning, None, 0)


def observe():
    for index, name in enumerate(("fork", "forkpty")):
        replacement = around_fork(index, getattr(os, name), _before, _after)
        if replacement is not None:
            put(os, name, replacement)


def _before():
    filters = _filters() if _only_ours() else None
    # Not by the module's own functions: they would have every warning shown once more.
    if filters is not None:
        filters.insert(0, IGNORED)


def _after():
    filters = _filters()
    if filters is not None and IGNORED in filters:
        filters.remove(IGNORED)


def _filters():
    import _warnings

    filters = getattr(sys.modules.get("warnings"), "filters", _warnings.filters)
    return filters if isinstance(filters, list) else None


def _only_ours():
    """True where the program itself has one thread."""
    try:
        return sum(not _is_ours(thread) for thread in os.listdir("/proc/self/task")) == 1
    except Exception as error:
        failed("fork", error)
        return False


def _is_ours(thread):
    try:
        with open(f"/proc/self/task/{thread}/comm", "rb") as name:
            return name.read().startswith(NAME)
    except OSError:
        return True  # it has ended
