# kinds: programs that ask twice, load twice and count, plain and observed.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.scenario import add_cases, compare, run

ECHO = "GET /wire/echo 200 done"

# Case of the program -> what its records say in short.
CASES = {
    "asked_in_other_words": [ECHO],
    "polled": ["GET /wire/slow/300 200 done"],
    "polled_then_left": ["GET /wire/hang ETIMEDOUT failed"],
    "read_in_other_words": ["GET /wire/size/50000 200 done"],
    "interrupted_and_asked_again": ["GET /wire/slow/300 200 done"],
    "sized_by_an_object": ["GET /wire/size/50000 200 aborted"],
    "loaded_again": [f"GET /wire/echo?{n} 200 done" for n in (1, 2, 3)],
    "host_without_port": [ECHO],
    "named_as_ever": [],
}


class Kinds(unittest.TestCase):
    def test_nothing_of_ours_can_be_counted(self):
        compare(self, "kinds.py", "counted", least=1)

    def test_a_host_header_without_the_port_leaves_the_port_that_was_called(self):
        record = run("kinds.py", "host_without_port", on=True).records[0]
        self.assertEqual(record["url"], "http://127.0.0.1:PORT/wire/echo")

    def test_what_nobody_asked_for_again_ended_when_it_was_waited_for_last(self):
        record = run("kinds.py", "polled_then_left", on=True).records[0]
        self.assertGreaterEqual(record["duration_ms"], 90)


add_cases(Kinds, "kinds.py", CASES)

if __name__ == "__main__":
    unittest.main()
