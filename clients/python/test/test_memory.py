# memory: ten thousand calls leave nothing behind.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import unittest

from support.scenario import run

# The Python that has the libraries.
PYTHON = pathlib.Path(os.environ["TASKLESS_TEST_PACKAGES"]).read_text().strip()

MB = 1 << 20


def grown_by(way, on):
    """By how much the memory grew in that half of the calls in which it grew less."""
    seen = run("memory.py", way, on=on, python=PYTHON, client_env={"TASKLESS_OUTPUT": "file:/dev/null"})
    halves = [json.loads(line) for line in seen.outside["out"].splitlines()]
    return {name: min(half[name] for half in halves) for name in halves[0]}


class Memory(unittest.TestCase):
    def check(self, way):
        # A leak is there in each half, and each time.
        for _ in range(3):
            grown = grown_by(way, True)
            # An object for each call would be 5,000, or with a library 1,000.
            if grown["blocks"] < 500 and grown["rss"] < 4 * MB:
                return
        self.fail(f"{grown}, plain {grown_by(way, False)}")

    def test_ten_thousand_calls_leave_it_as_it_was(self):
        self.check("http_client")

    def test_so_do_thousands_by_the_libraries(self):
        for way in ("requests", "httpx", "httpx_async", "aiohttp"):
            with self.subTest(way):
                self.check(way)


if __name__ == "__main__":
    unittest.main()
