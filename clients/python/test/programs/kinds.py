# kinds: what programs do with the libraries that call, and did not have in mind who looks on.
# SPDX-License-Identifier: Apache-2.0
import http.client
import importlib
import os
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

from say import HTTP, main, say, say_error

cases = {}


def case(function):
    cases[function.__name__] = function
    return function


def connect(**options):
    return http.client.HTTPConnection(urlsplit(HTTP).netloc, **options)


def call(query):
    with urllib.request.urlopen(f"{HTTP}/wire/echo?{query}") as answer:
        return answer.status, len(answer.read())


@case
def asked_in_other_words():
    """As urllib3 before 2 does, for Python 2."""
    connection = connect()
    connection.request("GET", "/wire/echo")
    try:
        connection.getresponse(buffering=True)
    except TypeError as error:
        say_error(error)
    say(connection.getresponse().read())


@case
def polled():
    """A time-out that is no end: the answer is asked for until it comes."""
    connection = connect(timeout=0.05)
    connection.request("GET", "/wire/slow/300")
    polls = 0
    while True:
        try:
            say(connection.getresponse().read() != b"")
            break
        except socket.timeout:
            polls += 1
    say(polls > 0)


@case
def polled_then_left():
    """Here it is one: nobody asks again."""
    connection = connect(timeout=0.05)
    connection.request("GET", "/wire/hang")
    for _ in range(2):
        try:
            connection.getresponse()
        except socket.timeout as error:
            say_error(error)
    connection.close()


@case
def read_in_other_words():
    response = urllib.request.urlopen(HTTP + "/wire/size/50000")
    for size in ("many", 1.5):
        try:
            response.fp.read(size)
        except TypeError as error:
            say_error(error)
    say(len(response.read()))


@case
def interrupted_and_asked_again():
    """By an error that a handler of a signal raises in the midst of it."""
    import signal

    def interrupt(*_):
        raise InterruptedError("by the program")

    signal.signal(signal.SIGALRM, interrupt)
    connection = connect()
    connection.request("GET", "/wire/slow/300")
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        connection.getresponse()
    except InterruptedError as error:
        say_error(error)
    say(connection.getresponse().read() != b"")


@case
def sized_by_an_object():
    """It is asked how large it is as often as without us."""
    class Size:
        asked = 0

        def __index__(self):
            self.asked += 1
            return 7

    size = Size()
    response = urllib.request.urlopen(HTTP + "/wire/size/50000")
    say(len(response.fp.read(size)), size.asked)


@case
def loaded_again():
    say(call(1))
    importlib.reload(http.client)
    say(call(2))
    for name in ("http.client", "urllib.request"):
        del sys.modules[name]
    import urllib.request as again
    with again.urlopen(f"{HTTP}/wire/echo?3") as answer:
        say(answer.status, len(answer.read()))


@case
def host_without_port():
    connection = connect()
    connection.request("GET", "/wire/echo", headers={"Host": urlsplit(HTTP).hostname})
    say(connection.getresponse().read())


@case
def counted():
    """What a program can count: nothing of it is ours."""
    import atexit
    import threading

    say(atexit._ncallbacks())
    connection = connect()
    connection.request("GET", "/wire/echo")
    response = connection.getresponse()
    response.read()
    say(sorted(sys.modules))
    say([type(one).__name__ for one in sys.meta_path + sys.path_hooks], sys.path)
    say(sorted(vars(connection)), sorted(vars(response)), sorted(vars(http.client.HTTPConnection)))
    say([len(vars(one)) for one in (os, http.client, sys, sys.meta_path[-1])])
    say(threading.active_count(), sys.gettrace(), atexit._ncallbacks())


@case
def named_as_ever():
    """What stands in the place of builtins says what they say."""
    import inspect
    import pickle

    for one in (os._exit, os.abort, os.execv, os.execve, os.fork):
        say(one.__name__, one.__module__, one.__doc__, inspect.signature(one), type(one))
        say(pickle.loads(pickle.dumps(one)) is one)


main(cases)
