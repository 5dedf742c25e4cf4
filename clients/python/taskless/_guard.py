# guard: what goes wrong in here is said once and never reaches the application.
# SPDX-License-Identifier: Apache-2.0
from . import _taskless

_said = set()


def say_once(line):
    """By the library's own log, which never waits and never writes into a file of the program's."""
    if line in _said:
        return
    _said.add(line)
    _taskless.warn(line)


def failed(where, error):
    """For the except of every hook: the call goes on unobserved."""
    try:
        say_once(f"{where}: {type(error).__name__}: {error}; this call is not observed further")
    except Exception:
        say_once(f"{where}: failed")


def not_known(what):
    say_once(f"{what} is not known: its calls are not observed")
