# memory: ten thousand calls leave nothing behind.
# SPDX-License-Identifier: Apache-2.0
import json
import unittest

from support.scenario import run

MB = 1 << 20


def grown_by(on):
    """By how much the memory grew in that half of the calls in which it grew less."""
    seen = run("memory.py", on=on, client_env={"TASKLESS_OUTPUT": "file:/dev/null"})
    halves = [json.loads(line) for line in seen.outside["out"].splitlines()]
    return {name: min(half[name] for half in halves) for name in halves[0]}


class Memory(unittest.TestCase):
    def test_ten_thousand_calls_leave_it_as_it_was(self):
        # A leak is there in each half, and each time.
        for _ in range(3):
            grown = grown_by(True)
            # An object for each call would be 5,000.
            if grown["blocks"] < 500 and grown["rss"] < 4 * MB:
                return
        self.fail(f"{grown}, plain {grown_by(False)}")


if __name__ == "__main__":
    unittest.main()
