# amidst: what runs in the midst of a hook and calls by itself neither waits for ever nor loses a call.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.scenario import folder, run

# Which functions of the client's a call goes through is for the client; some it does.
LEAST = 6


class Amidst(unittest.TestCase):
    def check(self, case):
        counted = folder / case
        seen = run("amidst.py", case, on=True, env={"COUNTED": str(counted)})
        self.assertEqual((seen.outside["out"], seen.outside["err"], seen.code), ("3\n", "", 0))
        inner = int(counted.read_text())
        self.assertGreaterEqual(inner, LEAST)
        expected = [f"GET /wire/echo?inner{n} 200 done" for n in range(inner)]
        expected += [f"GET /wire/echo?outer{n} 200 done" for n in range(3)]
        self.assertEqual(sorted(seen.briefs), sorted(expected))
        self.assertEqual(len(seen.outside["journal"]["requests"]), inner + 3)

    def test_a_profiler(self):
        self.check("profiler")

    def test_a_handler_of_a_signal(self):
        self.check("handler")

    def test_a_finaliser(self):
        self.check("finaliser")

    def test_a_handler_that_raises(self):
        seen = run("amidst.py", "raises", on=True)
        self.assertEqual((seen.outside["out"], seen.outside["err"], seen.code), ("goes on\n", "", 0))
        self.assertIn("GET /wire/echo?outer3 200 done", seen.briefs)


if __name__ == "__main__":
    unittest.main()
