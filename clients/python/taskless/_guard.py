# guard: what goes wrong in here is said once on standard error and never reaches the application.
# SPDX-License-Identifier: Apache-2.0
import os

_said = set()


def say_once(line):
    """Not through sys.stderr: that is the application's, which may have replaced it."""
    if line in _said:
        return
    _said.add(line)
    try:
        os.write(2, f"taskless: {line}\n".encode("utf-8", "replace"))
    except Exception:
        pass  # standard error is closed or full: there is nobody to tell


def failed(where, error):
    """For the except of every hook: the call goes on unobserved."""
    try:
        say_once(f"{where}: {type(error).__name__}: {error}; this call is not observed further")
    except Exception:
        say_once(f"{where}: failed")
