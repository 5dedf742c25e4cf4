# programs: C programs with handles of every kind of life, plain and observed.
# SPDX-License-Identifier: Apache-2.0
import collections
import unittest

from support.newest import LIBRARIES, VERSION
from support.scenario import PROGRAMS, compare, run

EMPTY = "GET /wire/empty 204 done"
REFUSED = "GET /x ECONNREFUSED failed"
ALL = [REFUSED if i == 7 else f"GET /wire/echo?{i * 1000} 200 done" if i % 3 else f"GET /wire/size/{i * 1000} 200 done"
       for i in range(12)]
# Way of the program -> what its records say in short.
CASES = {
    "reuse": ["GET /wire/echo?first 200 done", "GET /wire/echo?second 200 done", EMPTY,
              "GET /wire/echo?second 200 done", "GET /wire/echo?second 200 done"],
    "debug": [EMPTY, EMPTY, EMPTY, "GET /wire/size/100 200 done", "GET /wire/size/100 200 done"],
    "errors": [REFUSED, REFUSED],
    "multi_poll": ALL,
    "multi_socket": ALL,
    "removed": ["GET /wire/echo?late 200 done", "GET /wire/sse/50 200 aborted",
                "GET /wire/hang aborted", REFUSED, EMPTY],
    "aborted": ["GET /wire/flood 200 aborted"] * 2,
    "threads": [EMPTY] * 160,
    "forks": [EMPTY] * 160 + ["GET /wire/echo?child 200 done"] * 10,
    "ends": [EMPTY] * 2,
    "exits": ["GET /wire/sse/50 200 aborted"],
    "crashes": [],
    "is_ended": [],
    "without_streams": [EMPTY],
}
CODES = {"exits": 42, "crashes": -11, "is_ended": -15}
MEMORY_KB = 512  # for 3,750 calls, of which a third on a handle of their own


def unordered(outside):
    """What several calls at once did to the server, in any order; sockets among them."""
    if not isinstance(outside, dict):
        return sorted(outside)
    requests = collections.Counter(request["url"] for request in outside["journal"]["requests"])
    return {**outside, "journal": requests}


def without_loader(outside):
    """A program that names versions is told that this libcurl has none."""
    lines = outside["err"].splitlines(True)
    return unordered({**outside, "err": "".join(line for line in lines if "no version information" not in line)})


class Programs(unittest.TestCase):
    def test_ten_thousand_calls_leave_it_as_it_was(self):
        # A leak is there each time.
        for _ in range(3):
            seen = run(PROGRAMS / "calls", "memory", "{HTTP}", on=True, records=False)
            grown = min(map(int, seen.outside["out"].split()))
            if grown < MEMORY_KB:
                return
        self.fail(f"{grown} KB")


def add(name, expected):
    def test(self):
        seen = compare(self, expected, PROGRAMS / "calls", name, "{HTTP}", tidy=unordered, order=unordered)
        self.assertEqual(seen.outside["code"], CODES.get(name, 0))

    def test_newest(self):
        seen = compare(self, expected, "env", f"LD_LIBRARY_PATH={LIBRARIES}", PROGRAMS / "calls", name, "{HTTP}",
                       tidy=without_loader, order=unordered)
        self.assertEqual({record["client"] for record in seen.records}, {f"libcurl/{VERSION}"} if expected else set())
    setattr(Programs, f"test_{name}", test)
    setattr(Programs, f"test_{name}_newest", test_newest)


for case in CASES.items():
    add(*case)

if __name__ == "__main__":
    unittest.main()
