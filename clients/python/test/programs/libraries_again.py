# libraries_again: libraries that are loaded again, carried within others, or go on in odd ways; one
# case a run, on the Python that has the libraries.
# SPDX-License-Identifier: Apache-2.0
import asyncio
import importlib
import socket
import sys

from say import HTTP, main, say, say_bytes

cases = {}


def case(function):
    cases[function.__name__] = function
    return function


def refused(path, requests, port=1, timeout=5):
    try:
        requests.get(f"https://127.0.0.1:{port}/{path}", timeout=timeout)
    except requests.exceptions.ConnectionError as error:
        return type(error).__name__


def never_accepts():
    """A port that takes no connection and refuses none."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    for _ in range(4):
        waiting.append(socket.socket())
        waiting[-1].setblocking(False)
        waiting[-1].connect_ex(listener.getsockname())
    return listener, waiting


@case
def carried():
    """A copy of urllib3 with another name; what it does by http.client is seen in any case."""
    from pip._vendor import urllib3

    pool = urllib3.PoolManager(retries=False)
    say(pool.request("GET", HTTP + "/wire/echo").status)
    try:
        pool.request("GET", "https://127.0.0.1:1/x")
    except urllib3.exceptions.HTTPError as error:
        say(type(error).__name__)


@case
def carried_by_eventlet():
    """It has a copy of http.client of its own, and what it patches calls by that."""
    import os

    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "fakes"))
    from eventlet.green.http import client

    connection = client.HTTPConnection(HTTP.partition("//")[2])
    connection.request("GET", "/wire/echo?copy")
    answer = connection.getresponse()
    say(answer.status, answer.read() != b"", type(answer).__module__)


@case
def parts_again():
    """A part of a library alone, as autoreload does; then all of it."""
    import urllib3

    def ask(n):
        try:
            urllib3.PoolManager(retries=False).request("GET", f"https://127.0.0.1:1/{n}")
        except urllib3.exceptions.HTTPError as error:
            say(type(error).__name__)

    ask(1)
    importlib.reload(urllib3.connection)
    importlib.reload(urllib3.connectionpool)
    importlib.reload(urllib3.poolmanager)
    importlib.reload(urllib3)
    ask(2)
    for name in [name for name in sys.modules if name.partition(".")[0] == "urllib3"]:
        del sys.modules[name]
    import urllib3
    ask(3)


@case
def httpx_again():
    import httpx

    say_bytes("1", httpx.get(HTTP + "/wire/echo?1").content)
    for name in [name for name in sys.modules if name.partition(".")[0] == "httpx"]:
        del sys.modules[name]
    import httpx
    say_bytes("2", httpx.get(HTTP + "/wire/echo?2").content)


@case
def gevent_later():
    """It patches what the library has been loaded with; each failure is told with its own URL."""
    import requests
    from gevent import monkey

    monkey.patch_all(ssl=False)
    import gevent

    # Each waits, and meanwhile the others begin.
    listener, waiting = never_accepts()
    jobs = [gevent.spawn(refused, n, requests, listener.getsockname()[1], 0.5) for n in range(4)]
    say([job.get() for job in jobs])
    del waiting


@case
def threads_at_once():
    import threading

    import requests

    threads = [threading.Thread(target=refused, args=(n, requests)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@case
def clocks_set():
    """As tests do that say what time it is: every clock of Python's stands still, long ago."""
    import time

    import aiohttp
    import requests

    for name in ("time", "time_ns"):
        setattr(time, name, lambda: 10**15)

    async def run():
        async with aiohttp.ClientSession() as session:
            async with session.get(HTTP + "/wire/echo") as answer:
                say(answer.status, await answer.read() != b"")

    asyncio.run(run())
    refused("x", requests)


@case
def connects_for_long():
    import requests

    listener, waiting = never_accepts()
    try:
        requests.get(f"https://127.0.0.1:{listener.getsockname()[1]}/x", timeout=0.5)
    except requests.exceptions.ConnectTimeout as error:
        say(type(error).__name__)
    del waiting


@case
def shakes_hands_for_long():
    """A server that accepts, and then says nothing of TLS."""
    import requests

    listener = socket.create_server(("127.0.0.1", 0))
    try:
        requests.get(f"https://127.0.0.1:{listener.getsockname()[1]}/x", timeout=0.5)
    except requests.exceptions.RequestException as error:
        say(type(error).__name__)


main(cases)
