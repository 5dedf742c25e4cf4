# cases: what the stories of packs/*/cases and tests/cases ask a client to send and a server to say.
# SPDX-License-Identifier: Apache-2.0
import base64
import json
from urllib.parse import urlsplit

import ways

# What breaks below HTTP, by a code of docs/internals/cases.md, where `wire` does not say.
FAULTS = {"ECONNRESET": "reset", "ECONNREFUSED": "refused", "ENOTFOUND": "unknown", "ETIMEDOUT": "silent"}
# Where the names lead for a story to come true. Calls that are reset stay among themselves, each on a
# connection of its own: on one that was kept open libcurl would try again.
PLACES = {"refused": "refused", "unknown": "unknown", "reset": "reset", "hang_up": "reset"}
# Names that lead to one place whatever the others do.
FIXED = {"two.example.com": "answered", "foreign.example.com": "answered", "refused.example.com": "refused",
         "unknown.example.com": "unknown"}

TIMEOUT_MS = 400

# These see every case, in this order, as `taskless conformance` has it.
ALWAYS = ("core", "stripe", "openai", "witness")


def to_bytes(body):
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, dict) and list(body) == ["base64"]:
        return base64.b64decode(body["base64"])
    if isinstance(body, dict) and list(body) == ["repeat"]:
        text, size = body["repeat"]
        return (text.encode() * (size // len(text) + 1))[:size]
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def to_pairs(headers):
    return [tuple(pair) for pair in (headers.items() if isinstance(headers, dict) else headers or [])]


class Case:
    """One story, as the parts that a caller, a server and a judge need of it."""

    def __init__(self, name, story, home):
        request, response = story["request"], story.get("response")
        error = story.get("error", {})
        self.name = self.mark = name
        self.packs = story.get("packs", [home])
        self.method = request.get("method", "GET")
        self.url = request["url"]
        self.host = urlsplit(self.url).hostname
        self.headers = to_pairs(request.get("headers"))
        self.body = to_bytes(request.get("body"))
        self.response = response
        self.wire = story.get("wire", {})
        self.http = self.wire.get("http", "1.1")
        self.fault = self.wire.get("fault", FAULTS.get(error.get("code")) if error else None)
        self.given_up = story.get("ending") == "aborted"
        self.is_whole = not self.fault and not error and not self.given_up
        self.place = "answered" if self.host in FIXED else PLACES.get(self.fault, "answered")
        self.follows = False
        self.next = None  # the case that a redirect leads to
        self.words = error.get("message") or error.get("code")
        self.settings = {key: story.get(key, {}) for key in ("configuration", "hosts", "allow")}
        self.more_packs = [pack for pack in self.packs if pack not in ALWAYS]
        self.is_story = home == "tests"
        self.is_told = bool(home)  # by a file
        self.is_of_its_time = "time" in story
        self.why_not = self.wire.get("unmade")  # no client can be brought to it
        expect = story.get("expect", {})
        # A story that fixes its time may expect what follows from it; live calls happen now.
        self.expected = None if "time" in story else expect.get("record", expect).get("captures")

    def parts(self):
        """The response's body, each part as a write of its own."""
        body = self.response.get("body")
        if isinstance(body, dict) and list(body) == ["chunks"]:
            return [to_bytes(part) for part in body["chunks"]]
        return [to_bytes(body)]

    def headers_out(self):
        return to_pairs(self.response.get("headers"))

    def has_body(self):
        return self.method != "HEAD" and self.response.get("status", 200) not in (204, 304)

    def framing(self):
        body = self.response.get("body")
        in_pieces = not self.is_whole or (isinstance(body, dict) and list(body) == ["chunks"])
        return self.wire.get("framing", "chunked" if in_pieces and self.has_body() else "length")

    def keeps_connection(self):
        return self.is_whole and self.http != "1.0" and self.framing() != "close"

    def calls(self):
        """What the calling programs are told, as ways.py says."""
        size = sum(map(len, self.parts())) if self.given_up and self.response else 0
        call = {"case": self.name, "method": self.method, "url": self.url, "headers": [*self.headers, ("x-case", self.name)],
                "body": base64.b64encode(self.body).decode(), "http": "2" if self.http == "2" else "1.1",
                "follow": self.next is not None, "give_up_after": size,
                "timeout_ms": TIMEOUT_MS if self.fault == "silent" else 0,
                "give_up_ms": TIMEOUT_MS if self.given_up and not self.response else 0}
        return [call] * self.wire.get("times", 1)

    def records(self):
        """The cases whose records come of the calls, in order."""
        cases, case = [self] * self.wire.get("times", 1), self.next
        while case:
            cases.append(case)
            case = case.next
        return cases

    def is_silent(self):
        return self.fault == "silent" or (self.given_up and not self.response)

    def needs(self):
        """What not every client can do: words of ways.py."""
        found = {word for word, needed in ((ways.GIVE_UP, self.given_up and self.response), (ways.HTTP_2, self.http == "2"),
                                           (ways.FOLLOW, self.next), (ways.TIME_OUT, self.fault == "silent"),
                                           (ways.POST_NOTHING, self.method == "POST" and not self.body),
                                           (ways.GIVE_UP_WAITING, self.given_up and not self.response)) if needed}
        return found | ({self.name} if self.is_story else set())


def written_urls():
    """One URL in the forms that programs write it in; clients report it as written or as sent."""
    for url in ("https://API.Example.com/v1/x", "https://api.example.com:443/v1/x", "https://api.example.com",
                "https://api.example.com/v1/../x/./y", "https://api.example.com?x=1", "https://api.example.com/x?",
                "https://api.example.com/x?b=2&a=1#part", "https://api.example.com/a%20b/%7Ec?q=%C3%A4"):
        yield Case(url, {"packs": ["core"], "request": {"url": url}, "response": {"status": 500, "body": "no"}}, "")


def join(cases):
    """A client that follows a redirect takes the first call's mark along."""
    by_name = {case.name: case for case in cases}
    for case in cases:
        if case.wire.get("then"):
            case.next = by_name[case.wire["then"]]
            case.next.follows, case.next.mark = True, case.name


def read_cases(root):
    found = []
    for file in [*sorted(root.glob("packs/*/cases/*.json")), *sorted(root.glob("tests/cases/*.json"))]:
        home = file.parent.parent.name
        name = file.stem if home == "tests" else f"{home}/{file.stem}"
        found.append(Case(name, json.loads(file.read_text()), home))
    join(found)
    return [*found, *written_urls()]


def grouped(cases):
    """Cases that one run of a program can make: same Packs, same settings, same network."""
    groups = {}
    for case in cases:
        key = json.dumps([case.place, case.more_packs, case.settings])
        groups.setdefault(key, []).append(case)
    return list(groups.values())
