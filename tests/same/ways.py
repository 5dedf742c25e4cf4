# ways: in which programs the calls of the cases are made, and what each of them cannot do.
# SPDX-License-Identifier: Apache-2.0
"""A way is one column of the table, and one entry of WAYS:

    Way("httpx", python("httpx"), cannot={HTTP_10: "why"})

Its program runs once for a list of calls. On standard input it has a line of JSON for each, which is
what `taskless conformance` (to come) gives a client of somebody else's:

    {"case": "core/fault", "method": "POST", "url": "https://...", "headers": [["name", "value"], ...],
     "body": "base64, or empty", "http": "1.1", "follow": false, "give_up_after": 0, "timeout_ms": 0}

It makes them in their order, one after the other, as any program would: with these headers and those
that its library adds; trying nothing again; following redirects only with `follow`; over HTTP/2 where
`http` is "2"; reading the answer to its end without undoing a content-encoding. With `give_up_after`
it drops the call when that many bytes of body have come; with `timeout_ms` by its library's own limit
when no answer came in that time. A call that fails is no failure of the program: what became of it
stands in its record. It says nothing, and its exit code is 0.

`needs` of a case (cases.py) are words such as those below. A way that has one of them in `cannot` does
not make the call: the table has a "-" there, and says why.
"""
import dataclasses
import pathlib
from collections.abc import Callable

HERE = pathlib.Path(__file__).resolve().parent

# What a case may need of a client.
GIVE_UP = "gives up"


@dataclasses.dataclass(frozen=True)
class Way:
    """`command` gives the program and its words, from the build's folder. With `by_run` it is run under
    `taskless run`, which has to find the client; else by itself, with TASKLESS_CONFIG set."""

    name: str
    command: Callable[[pathlib.Path], list]
    cannot: dict[str, str] = dataclasses.field(default_factory=dict)
    by_run: bool = True


def node(library):
    return lambda build: ["node", HERE / "calls.mjs", library]


def python(library):
    return lambda build: [(build / "clients/python/test-packages").read_text().strip(), HERE / "calls.py", library]


def ruby(library):
    return lambda build: ["ruby", HERE / "calls.rb", library]


WAYS = (
    Way("fetch", node("fetch")),
    Way("https", node("https")),
    # Through the C API, by the example program.
    Way("libcurl", lambda build: ["python3", HERE / "calls_libcurl.py", build / "examples/libcurl/fetch"],
        {GIVE_UP: "the example reads every answer to its end"}, by_run=False),
    # As what is preloaded shows it, in a program that knows nothing of taskless.
    Way("pycurl", lambda build: ["/usr/bin/python3", HERE / "calls_pycurl.py"]),
    Way("python", python("http.client")),
    Way("httpx", python("httpx")),
    Way("aiohttp", python("aiohttp")),
    Way("ruby", ruby("net_http")),
    Way("excon", ruby("excon")),
    Way("http.rb", ruby("http")),
    Way("typhoeus", ruby("typhoeus")),
)
