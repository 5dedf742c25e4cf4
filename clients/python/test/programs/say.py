# say: what a program of these prints, so that two runs of it can be compared.
# SPDX-License-Identifier: Apache-2.0
import hashlib
import os
import re
import sys

HTTP, HTTPS = os.environ["HTTP"], os.environ["HTTPS"]


def say(*values):
    print(*values, flush=True)


def say_bytes(what, data):
    say(what, len(data), hashlib.sha256(data).hexdigest())


def say_error(error):
    """Its type and words, and those of what it was raised from."""
    while error is not None:
        words = re.sub(r"0x[0-9a-f]+|scope [0-9a-f]+|\d+\.\d{3,} seconds", "_", f"{error} {error.args!r}")
        say("error", type(error).__module__, type(error).__qualname__, words)
        error = error.__cause__ or error.__context__


def main(cases):
    """Runs the case that is named on the command line; what it raises is a part of what it says."""
    name = sys.argv[1]
    try:
        cases[name]()
    except Exception as error:
        say_error(error)
