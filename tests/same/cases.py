# cases: what the stories of packs/*/cases and tests/cases ask a client to send and a server to say.
# SPDX-License-Identifier: Apache-2.0
import base64
import json
from urllib.parse import urlsplit

import ways

# Where a call has to lead for the story to come true. Codes that are not here take a network that
# loses packets, or a client with time limits of its own. Calls that are reset stay among themselves,
# each on a connection of its own: on one that was kept open libcurl would try again.
PLACES = {None: "answered", "ECONNRESET": "reset", "ECONNREFUSED": "refused", "ENOTFOUND": "unknown"}

# Longer than what is kept of a body unless the configuration says otherwise.
LONG = 300_000


def to_bytes(body):
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, dict) and list(body) == ["base64"]:
        return base64.b64decode(body["base64"])
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def to_pairs(headers):
    return [tuple(pair) for pair in (headers.items() if isinstance(headers, dict) else headers or [])]


class Case:
    """One story, as the parts that a caller, a server and a judge need of it."""

    def __init__(self, name, story, home):
        request, response = story["request"], story.get("response")
        error = story.get("error", {})
        self.name = name
        self.packs = story.get("packs", [home])
        self.method = request.get("method", "GET")
        self.url = request["url"]
        self.host = urlsplit(self.url).hostname
        self.headers = to_pairs(request.get("headers"))
        self.body = to_bytes(request.get("body"))
        self.response = response
        self.cut = bool(error)
        self.given_up = story.get("ending") == "aborted"
        # With an answer there was a server, whatever broke afterwards.
        self.place = "answered" if response else PLACES.get(error.get("code"))
        self.words = error.get("message") or error.get("code")
        self.settings = {key: story.get(key, {}) for key in ("configuration", "hosts", "allow")}
        self.environment = story.get("environment", {})
        expect = story["expect"]
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

    def is_chunked(self):
        body = self.response.get("body")
        return self.cut or self.given_up or (isinstance(body, dict) and list(body) == ["chunks"])

    def headers_in(self):
        return [*self.headers, ("x-case", self.name)]

    def call(self):
        """What the calling programs are told, as ways.py says."""
        size = sum(map(len, self.parts())) if self.given_up and self.response else 0
        return {"case": self.name, "method": self.method, "url": self.url, "headers": self.headers_in(),
                "body": base64.b64encode(self.body).decode(), "http": "1.1", "follow": False,
                "give_up_after": size, "timeout_ms": 0}

    def needs(self):
        """What not every client can do: words of ways.py."""
        return {ways.GIVE_UP} if self.given_up else set()


def long_bodies():
    """Too long to lie in a file; so long that the Packs see only a part of them."""
    url = "https://api.example.com/v1/files"
    text = {"content-type": "text/plain"}
    story = {"packs": ["core"], "expect": {}}
    yield Case("long request", {**story, "request": {"method": "POST", "url": url, "headers": text, "body": "a" * LONG},
                                "response": {"status": 413, "headers": text, "body": "too large"}}, "core")
    yield Case("long response", {**story, "request": {"url": url},
                                 "response": {"status": 500, "headers": text, "body": "a" * LONG}}, "core")
    # No Pack is for this host: nothing is wanted, and the sizes are told all the same.
    yield Case("nobody's", {"packs": ["stripe"], "expect": {"captures": {}},
                            "request": {"method": "POST", "url": url, "headers": text, "body": "a" * LONG},
                            "response": {"status": 200, "headers": text, "body": "b" * LONG}}, "stripe")


def written_urls():
    """One URL in the forms that programs write it in; clients report it as written or as sent."""
    for url in ("https://API.Example.com/v1/x", "https://api.example.com:443/v1/x", "https://api.example.com",
                "https://api.example.com/v1/../x/./y", "https://api.example.com?x=1", "https://api.example.com/x?",
                "https://api.example.com/x?b=2&a=1#part", "https://api.example.com/a%20b/%7Ec?q=%C3%A4"):
        yield Case(url, {"packs": ["core"], "expect": {}, "request": {"url": url},
                         "response": {"status": 500, "body": "no"}}, "core")


def read_cases(root):
    files = [*sorted(root.glob("packs/*/cases/*.json")), *sorted(root.glob("tests/cases/*.json"))]
    for file in files:
        home = file.parent.parent.name
        yield Case(f"{home}/{file.stem}", json.loads(file.read_text()), home)
    yield from long_bodies()
    yield from written_urls()


def grouped(cases):
    """Cases that one run of a program can make: same Packs, same settings, same network."""
    groups = {}
    for case in cases:
        key = json.dumps([case.place, case.packs, case.settings, case.environment])
        groups.setdefault(key, []).append(case)
    return list(groups.values())
