# foreign: a library that is not what we know it as gets what its program gives it, and is said not to be known.
# SPDX-License-Identifier: Apache-2.0
import unittest

from support.scenario import compare, folder

FAKES = folder / "fakes"


def without_log(outside):
    lines = outside["err"].splitlines(True)
    return {**outside, "err": "".join(line for line in lines if not line.startswith("taskless: "))}


class Foreign(unittest.TestCase):
    maxDiff = None

    def check(self, case, said=()):
        seen = compare(self, "foreign.py", case, env={"FAKES": str(FAKES)}, tidy=without_log)
        self.assertEqual((seen.code, seen.records), (0, []), seen.outside["err"])
        self.assertNotIn("error", seen.outside["out"])
        lines = [line for line in seen.outside["err"].splitlines() if line.startswith("taskless: ")]
        self.assertEqual(len(lines), len(said), lines)
        for line, part in zip(lines, said):
            self.assertIn(part, line)


# Case of the program -> what is said: arguments that are new pass through each function of ours, and where
# one has another name the library is left alone.
CASES = {
    "http_more": [],
    "http_renamed": ["eventlet.green.http.client is not known"],
    "httpx_more": ["httpx request: AttributeError"],
    "httpx_renamed": ["httpx 9 is not known"],
    "aiohttp_more": [],
    "aiohttp_renamed": ["aiohttp 9 is not known"],
    "urllib3_more": [],
    "python_itself": [],
}
for name, said in CASES.items():
    setattr(Foreign, f"test_{name}", lambda self, name=name, said=said: self.check(name, said))

if __name__ == "__main__":
    unittest.main()
