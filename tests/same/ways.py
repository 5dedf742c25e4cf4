# ways: in which programs the calls of the cases are made, and what each of them cannot do.
# SPDX-License-Identifier: Apache-2.0
"""A way is one column of the table, and one entry of WAYS:

    Way("httpx", python("httpx"), cannot={HTTP_10: "why"})

Its program runs once for a list of calls. On standard input it has a line of JSON for each, which is
what docs/clients.md describes for `taskless conformance`:

    {"case": "core/fault", "method": "POST", "url": "https://...", "headers": [["name", "value"], ...],
     "body": "base64, or empty", "http": "1.1", "follow": false, "give_up_after": 0, "timeout_ms": 0,
     "give_up_ms": 0}

It makes them in their order, one after the other, as any program would: with these headers and those
that its library adds; trying nothing again; following redirects only with `follow`; over HTTP/2 where
`http` is "2"; reading the answer to its end without undoing a content-encoding. With `give_up_after`
it drops the call when that many bytes of body have come; with `timeout_ms` by its library's own limit
when no answer came in that time; with `give_up_ms` it drops a call without an answer after that time, as
for a person who closes a window. A call that fails is no failure of the program: what became of it
stands in its record. It says nothing, and its exit code is 0.

`needs` of a case (cases.py) are words such as those below. A way that has one of them in `cannot` does
not make the call: the table has a "-" there, and says why.
"""
import dataclasses
import pathlib
from collections.abc import Callable

HERE = pathlib.Path(__file__).resolve().parent

# What a case may need of a client; the name of a case of tests/cases is such a word as well.
GIVE_UP = "gives up"
GIVE_UP_WAITING = "gives up before there is an answer"
TIME_OUT = "has a time limit"
FOLLOW = "follows redirects"
HTTP_2 = "goes by HTTP/2"
POST_NOTHING = "posts nothing"

# Why some cannot.
WAITS = "who waits for an answer there can do nothing else"
EARLY = "it takes whatever comes first for the answer, but 100"
NO_BODY = "it loses the body of the answer that comes behind"
NO_HTTP = "it takes that for a connection that was closed"


@dataclasses.dataclass(frozen=True)
class Way:
    """`command` gives the program and its words, from the build's folder. With `by_run` it is run under
    `taskless run`, which has to find the client; else by itself, with TASKLESS_CONFIG set."""

    name: str
    command: Callable[[pathlib.Path], list]
    cannot: dict[str, str] = dataclasses.field(default_factory=dict)
    by_run: bool = True
    for_all: bool = False  # calls as well whose configuration alone differs: one way of each runtime does


def node(library):
    return lambda build: ["node", HERE / "calls.mjs", library]


def python(library):
    return lambda build: [(build / "clients/python/test-packages").read_text().strip(), HERE / "calls.py", library]


def ruby(library):
    return lambda build: ["ruby", HERE / "calls.rb", library]


WAYS = (
    Way("fetch", node("fetch"), {HTTP_2: "Node's own fetch has none; node:http2 is under https"}),
    Way("https", node("https"), {FOLLOW: "node:https follows none", "headers_folded": "Node's parser refuses it"},
        for_all=True),
    # Through the C API, by the example program.
    Way("libcurl", lambda build: ["python3", HERE / "calls_libcurl.py", build / "examples/libcurl/fetch"],
        {GIVE_UP: "the example reads every answer to its end", GIVE_UP_WAITING: WAITS,
         TIME_OUT: "the example has none for each call", FOLLOW: "the example has one word for all calls",
         HTTP_2: "the example asks for HTTP/1.1"}, by_run=False),
    # As what is preloaded shows it, in a program that knows nothing of taskless.
    Way("pycurl", lambda build: ["/usr/bin/python3", HERE / "calls_pycurl.py"], {GIVE_UP_WAITING: WAITS}, for_all=True),
    Way("python", python("http.client"), {HTTP_2: "http.client has none", FOLLOW: "http.client follows none",
                                          GIVE_UP_WAITING: WAITS, "early_hints": EARLY, "early_processing": EARLY},
        for_all=True),
    Way("httpx", python("httpx"), {GIVE_UP_WAITING: WAITS}),
    Way("aiohttp", python("aiohttp"), {HTTP_2: "aiohttp has none"}),
    Way("ruby", ruby("net_http"), {HTTP_2: "Net::HTTP has none", FOLLOW: "Net::HTTP follows none",
                                   GIVE_UP_WAITING: WAITS}, for_all=True),
    Way("excon", ruby("excon"), {HTTP_2: "Excon has none", GIVE_UP_WAITING: WAITS, "early_hints": EARLY,
                                 "early_processing": EARLY, "net_no_http": NO_HTTP}),
    Way("http.rb", ruby("http"), {HTTP_2: "http.rb has none", GIVE_UP_WAITING: WAITS, "net_no_http": NO_HTTP,
                               "early_hints": NO_BODY, "early_processing": NO_BODY}),
    Way("typhoeus", ruby("typhoeus"), {HTTP_2: "calls.rb asks for none", GIVE_UP_WAITING: WAITS,
                                       POST_NOTHING: "libcurl gives such a call a type of its own",
                                       "headers_empty": "Typhoeus leaves out what is empty"}),
)
