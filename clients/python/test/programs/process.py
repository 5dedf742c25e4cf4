# process: ways in which a program comes to its end, after two calls.
# SPDX-License-Identifier: Apache-2.0
import atexit
import faulthandler
import http.client
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from say import HTTP, say

cases = {}

# For records on their way, where a program ends without doing anything more.
MOMENT = 0.15


def case(function):
    cases[function.__name__] = function
    return function


def call(path):
    connection = http.client.HTTPConnection(urlsplit(HTTP).netloc)
    connection.request("GET", path)
    say(connection.getresponse().read() != b"")


def calls():
    call("/wire/echo")
    call("/wire/status/402")


@case
def natural():
    calls()


@case
def exitcode():
    calls()
    sys.exit(5)


@case
def at_exit():
    """What is registered last runs first; ours was there before the program began."""
    atexit.register(calls)


@case
def burst():
    for n in range(50):
        call(f"/wire/echo?{n}")
    sys.exit(3)


@case
def underway():
    global connection
    connection = http.client.HTTPConnection(urlsplit(HTTP).netloc)
    connection.request("GET", "/wire/hang")


@case
def daemon():
    """A thread that waits for an answer which never comes keeps no program alive."""
    threading.Thread(target=call, args=("/wire/hang",), daemon=True).start()
    time.sleep(0.3)


@case
def uncaught():
    calls()
    raise RuntimeError("of the program")


@case
def refused():
    urllib.request.urlopen("http://127.0.0.1:1/x")


@case
def thrown():
    call("/wire/reset")


@case
def wait():
    calls()
    say("ready")
    time.sleep(60)


@case
def handler():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
    wait()


@case
def signals():
    """None is handled, none is blocked, and no thread of ours takes one."""
    calls()
    say([(number, str(signal.getsignal(number))) for number in sorted(signal.valid_signals())])
    say(signal.pthread_sigmask(signal.SIG_BLOCK, []))
    say(faulthandler.is_enabled(), [thread.name for thread in threading.enumerate()])


@case
def fault():
    calls()
    time.sleep(MOMENT)
    faulthandler.enable()
    faulthandler._sigsegv()


@case
def abort():
    calls()
    time.sleep(MOMENT)
    os.abort()


@case
def forked():
    """Parent and child call on, each for itself."""
    call("/wire/echo?before")
    child = os.fork()
    if child == 0:
        call("/wire/echo?child")
        sys.exit(4)
    say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    call("/wire/echo?parent")


@case
def forked_underway():
    """A call that was begun before is the parent's alone."""
    connection = http.client.HTTPConnection(urlsplit(HTTP).netloc)
    connection.request("GET", "/wire/slow/300")
    child = os.fork()
    if child == 0:
        del connection
        call("/wire/echo?child")
        sys.exit()
    say(os.waitpid(child, 0)[1])
    say(connection.getresponse().status)


@case
def forked_with_thread():
    """From 3.12 on Python has something to say to that, and says it."""
    call("/wire/echo")
    waiting = threading.Event()
    threading.Thread(target=waiting.wait).start()
    child = os.fork()
    if child == 0:
        os._exit(0)
    waiting.set()
    os.waitpid(child, 0)


@case
def pool():
    import multiprocessing

    call("/wire/echo?before")
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=call, args=(f"/wire/echo?{n}",)) for n in range(4)]
    for process in processes:
        process.start()
        process.join()
        say(process.exitcode)


@case
def spawned():
    import subprocess

    code = "import urllib.request, sys; print(urllib.request.urlopen(sys.argv[1]).status)"
    for flags in ([], ["-I"], ["-E"], ["-S"]):
        done = subprocess.run([sys.executable, *flags, "-c", code, f"{HTTP}/wire/echo?{''.join(flags)}"],
                              capture_output=True, text=True)
        say(done.returncode, done.stdout, done.stderr)


cases[sys.argv[1]]()
