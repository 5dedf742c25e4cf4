# endings: ends of a process that run nothing of Python's lose no call that had ended.
# SPDX-License-Identifier: Apache-2.0
import signal
import unittest

from support.scenario import compare_records


def echo(query):
    return f"GET /wire/echo?{query} 200 done"


MAIN = [echo("main")]

# Case of the program -> its exit code, what its records say in short.
CASES = {
    "leave": (3, MAIN),
    "leave_children": (0, [echo(n) for n in range(5)]),
    "abort": (-signal.SIGABRT, MAIN),
    "become": (0, MAIN),
    "become_with_environment": (0, MAIN),
    "pool": (0, [echo(n) for n in range(4)]),
    "spawned_with_exit": (0, []),
    "fork_without_calls": (0, MAIN),
}


def tidy(outside):
    """Which of several processes asks first is chance."""
    journal = outside["journal"]
    return {**outside, "journal": {**journal, "requests": sorted(journal["requests"], key=lambda one: one["url"])}}


class Endings(unittest.TestCase):
    pass


def add_case(name, code, expected):
    def test(self):
        seen = compare_records(self, sorted(expected), "endings.py", name, brief=sorted, tidy=tidy)
        self.assertEqual(seen.code, code, seen.outside["err"])
    setattr(Endings, f"test_{name}", test)


for name, expected in CASES.items():
    add_case(name, *expected)

if __name__ == "__main__":
    unittest.main()
