# amidst: code of the program that makes calls in the midst of what observes them, one case a run: a
# handler of a signal, a finaliser, what a profiler is told. Python runs such code between any two steps, so
# also between those of a hook; here it does at the start of every function of the client's, each time.
# SPDX-License-Identifier: Apache-2.0
import gc
import os
import signal
import sys
import threading
import urllib.request

from say import HTTP, main, say

OURS = "<taskless."
cases = {}
calls = {"inner": 0, "outer": 0}
local = threading.local()


def case(function):
    cases[function.__name__] = function
    return function


def ask(who):
    number = calls[who]
    calls[who] += 1
    with urllib.request.urlopen(f"{HTTP}/wire/echo?{who}{number}") as answer:
        assert answer.status == 200 and answer.read()


def amidst():
    """A call of its own, unless it is in the midst of one of these."""
    if getattr(local, "busy", False):
        return
    local.busy = True
    try:
        ask("inner")
    finally:
        local.busy = False


class Finalised:
    """Garbage in a circle: its end comes when garbage is collected."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        amidst()


def litter():
    Finalised()
    gc.collect()


def interrupted_by(act):
    """Makes calls while `act` runs at the start of each function of the client's."""
    def told(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            act()

    sys.setprofile(told)
    try:
        for _ in range(3):
            ask("outer")
    finally:
        sys.setprofile(None)
    say(calls["outer"])
    # Only what is observed has been interrupted; what was is told by the records.
    with open(os.environ["COUNTED"], "w") as file:
        file.write(str(calls["inner"]))


@case
def profiler():
    interrupted_by(amidst)


@case
def handler():
    signal.signal(signal.SIGUSR1, lambda *_: amidst())
    interrupted_by(lambda: signal.raise_signal(signal.SIGUSR1))


@case
def finaliser():
    gc.disable()
    interrupted_by(litter)


@case
def raises():
    """What a handler raises in the midst of a hook is the program's, as of any other moment."""
    class Enough(Exception):
        pass

    def enough(*_):
        raise Enough

    signal.signal(signal.SIGUSR1, enough)
    left = [3]

    def told(frame, event, _):
        if left[0] and event == "call" and frame.f_code.co_filename.startswith(OURS):
            left[0] -= 1
            signal.raise_signal(signal.SIGUSR1)

    for _ in range(3):
        sys.setprofile(told)
        try:
            ask("outer")
        except Enough:
            pass
        sys.setprofile(None)
    ask("outer")
    say("goes on")


main(cases)
