# unseen: a program whose calls go by other ways is told so at its end, in one line.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.scenario import compare, run

LINE = (r"\Ataskless: 1 connection was made, but no call was seen: what makes the calls is not among the libraries "
        r"that are observed\n\Z")


class Unseen(unittest.TestCase):
    def test_connections_without_a_call_are_said(self):
        for case in ("by_socket", "by_asyncio"):
            with self.subTest(case):
                plain, seen = run("unseen.py", case, on=False), run("unseen.py", case, on=True)
                self.assertEqual((seen.code, seen.outside["out"], seen.records), (0, plain.outside["out"], []))
                self.assertRegex(seen.outside["err"], LINE)

    def test_nothing_is_said_where_a_call_was_seen_or_nothing_connected(self):
        for case in ("by_http_client", "refused", "accepts"):
            with self.subTest(case):
                compare(self, "unseen.py", case)


if __name__ == "__main__":
    unittest.main()
