# byhand: loads the client itself, and leaves it again.
# SPDX-License-Identifier: Apache-2.0
import http.client
import os
import sys
import urllib.error
import urllib.request

from say import HTTP, say

if os.environ["TASKLESS_CLIENT"] not in sys.path:
    sys.path.append(os.environ["TASKLESS_CLIENT"])
import taskless


def call(path="/wire/echo"):
    try:
        with urllib.request.urlopen(HTTP + path) as response:
            say(response.status, len(response.read()))
    except urllib.error.HTTPError as error:
        say(error.code)


def auto():
    import taskless.auto
    import taskless.auto as again

    assert again is taskless.auto
    call()


def load():
    call("/wire/echo?unseen")
    say(taskless.load(), taskless.load())
    call()
    say(taskless.shutdown(), taskless.shutdown())
    call("/wire/echo?unseen")


def again():
    own = vars(http.client.HTTPConnection)["send"]
    for n in range(3):
        say(taskless.load())
        call(f"/wire/echo?{n}")
        say(taskless.shutdown(timeout_ms=5000))
    assert vars(http.client.HTTPConnection)["send"] is own
    assert not [name for name in vars(http.client.HTTPConnection) if "taskless" in name]
    assert not [finder for finder in sys.meta_path if "taskless" in type(finder).__module__]


def underway():
    taskless.load()
    connection = http.client.HTTPConnection(HTTP.removeprefix("http://"))
    connection.request("GET", "/wire/slow/300")
    say(taskless.shutdown())
    say(connection.getresponse().read())


def add():
    say(taskless.add("{}", b""))
    taskless.load()
    for manifest, wasm in (({"name": "x"}, b""), ("{", b""), ({"schema": "pre2", "name": "x"}, "text")):
        try:
            taskless.add(manifest, wasm)
        except ValueError as error:
            say(error)
    call()


def options():
    say(taskless.load(outputs="file:" + os.environ["RECORDS"], config=os.environ["CONFIG"]))
    call()


def twice():
    say(taskless.load())
    call()


globals()[sys.argv[1]]()
