# process: where the program's process divides, ends or becomes another. From 3.12 on Python warns a
# program that forks while it has threads; those of the library are no cause to, for they are made for
# it. What ends a process at once would lose the calls that are not written yet.
# SPDX-License-Identifier: Apache-2.0
import os
import sys

from ._guard import failed, say_once
from ._patch import put
from ._taskless import around_fork, before_end

PATH = "PYTHONPATH"

# Where the client lies, when it was loaded by that variable.
_folder = None

# How the threads of the library are called.
NAME = b"taskless"
# Options of Python with which it reads no variables, so that nothing of ours is loaded.
BLIND = "EI"
# Options after which there are words of their own or of the program.
LAST = "cmWX"


class _Message:
    def match(self, text):
        return "multi-threaded, use of fork" in text


IGNORED = ("ignore", _Message(), DeprecationWarning, None, 0)


def observe(folder):
    global _folder
    _folder = folder
    if sys.version_info >= (3, 12):
        for index, name in enumerate(("fork", "forkpty")):
            _put(name, around_fork(index, getattr(os, name), _before, _after))
    for name in ("_exit", "abort"):
        _put(name, before_end(name, getattr(os, name), None, None))
    for name in ("execv", "execve"):
        _put(name, before_end(name, getattr(os, name), _before_exec, _after_failed_exec))


def _put(name, replacement):
    """Also where os has it from, by which it is pickled."""
    if replacement is None:
        return
    put(os, name, replacement)
    source = sys.modules.get(replacement.__module__)
    if source is not None and name in vars(source):
        put(source, name, replacement)


def _before_exec(path, argv, env=None):
    """What to call with instead, or None."""
    _say_if_blind(os.fsdecode(path), [os.fsdecode(word) for word in argv])
    if env is None:
        _put_first(os.environ)
        return None
    ours = dict(env)
    return (path, argv, ours) if _put_first(ours) else None


# What PYTHONPATH was before, where it was changed for a program that then was not started.
_path_before = None


def _after_failed_exec():
    global _path_before
    if _path_before is not None:
        os.environ[PATH], _path_before = _path_before, None


def _put_first(env):
    """Agents (opentelemetry-instrument, elasticapm-run) put a folder with a sitecustomize of their own
    before ours, and it loads no other; ours does. True where that was changed."""
    global _path_before
    name = PATH if PATH in env else PATH.encode()
    if not _folder or name not in env:
        return False
    paths = os.fsdecode(env[name]).split(os.pathsep)
    ours = [path for path in paths if path and os.path.abspath(path) == _folder]
    if not ours or paths[0] == ours[0]:
        return False
    changed = os.pathsep.join([ours[0], *(path for path in paths if path not in ours)])
    if env is os.environ:
        _path_before = env[name]
    env[name] = changed if isinstance(env[name], str) else os.fsencode(changed)
    return True


def _say_if_blind(path, words):
    """A program that starts itself again (PEX does) may do so as one that we are not in."""
    name = os.path.basename(path)
    if name.startswith("python") and _is_blind(words[1:]):
        say_once(f"{name} {words[1]} reads no {PATH}: what is started by it is not observed")


def _is_blind(words):
    for word in words:
        if not word.startswith("-") or word.startswith("--"):
            return False
        for letter in word[1:]:
            if letter in BLIND:
                return True
            if letter in LAST:
                return False
    return False


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
