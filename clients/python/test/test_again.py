# again: libraries loaded again, carried under other names, patched later and timed by other clocks.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import unittest

from support.scenario import compare_records, run
from test_libraries import tidy

# The Python that has the libraries.
PYTHON = pathlib.Path(os.environ["TASKLESS_TEST_PACKAGES"]).read_text().strip()

# Case of the program -> what its records say in short, in any order.
CASES = {
    "carried": ["GET /wire/echo 200 done", "GET /x ECONNREFUSED failed"],
    "carried_by_eventlet": ["GET /wire/echo?copy 200 done"],
    "parts_again": [f"GET /{n} ECONNREFUSED failed" for n in (1, 2, 3)],
    "httpx_again": [f"GET /wire/echo?{n} 200 done" for n in (1, 2)],
    "gevent_later": [f"GET /{n} ETIMEDOUT failed" for n in range(4)],
    "threads_at_once": [f"GET /{n} ECONNREFUSED failed" for n in range(4)],
    "clocks_set": ["GET /wire/echo 200 done", "GET /x ECONNREFUSED failed"],
    "connects_for_long": ["GET /x ETIMEDOUT failed"],
    "shakes_hands_for_long": ["GET /x ETIMEDOUT failed"],
}


class Again(unittest.TestCase):
    maxDiff = None

    def test_clocks_that_the_program_sets_are_not_ours(self):
        for record in run("libraries_again.py", "clocks_set", on=True, python=PYTHON).records:
            self.assertGreater(int(record["time"][:4]), 2000)
            # By the clock that stands still it would be decades.
            self.assertLess(record["duration_ms"], 600_000)

    def test_how_long_it_took_to_connect_counts(self):
        for case in ("connects_for_long", "shakes_hands_for_long"):
            with self.subTest(case):
                records = run("libraries_again.py", case, on=True, python=PYTHON).records
                self.assertGreaterEqual(records[0]["duration_ms"], 450)


def add_case(name, expected):
    def test(self):
        compare_records(self, sorted(expected), "libraries_again.py", name, python=PYTHON, tidy=tidy, brief=sorted)
    setattr(Again, f"test_{name}", test)


for name, expected in CASES.items():
    add_case(name, expected)

if __name__ == "__main__":
    unittest.main()
