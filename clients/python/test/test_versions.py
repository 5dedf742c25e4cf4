# versions: old and new versions of each library, plain and observed. Arguments are lists of versions/,
# and cases of programs/versions.py, each with or without the other; without any all are run.
# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
import unittest

from support.scenario import ROOT, compare, compare_records
from test_libraries import tidy

FOLDER = ROOT / "clients/python/test"
ECHO, POST = "GET /wire/echo?a=1 200 done", "POST /wire/echo 200 done"
REFUSED, HANG = "GET /x ECONNREFUSED failed", "GET /wire/hang ETIMEDOUT failed"
GZIP, CHUNKED = "GET /wire/gzip 200 done", "GET /wire/chunked 200 done"
BUSY = "GET /wire/status/429 429 done"

# Library -> what its records say in short, in any version.
CALLS = {
    "urllib3": [CHUNKED, GZIP, "GET /wire/status/503 503 done", POST, REFUSED, REFUSED,
                "GET /wire/reset ECONNRESET failed", HANG],
    "requests": [ECHO, "GET /wire/redirect/chunked 302 done", CHUNKED, BUSY, POST, "GET /wire/echo 200 done", REFUSED,
                 REFUSED, HANG, "GET /wire/sse/3 200 done"],
    "httpx": [ECHO, GZIP, BUSY, POST, REFUSED, HANG, "GET /wire/sse/3 200 done"],
    "httpx_async": [ECHO, GZIP, POST, REFUSED],
    "aiohttp": [ECHO, GZIP, CHUNKED, "GET /wire/redirect/gzip 302 done", GZIP, POST, REFUSED, HANG],
    "botocore": ["GET /wire/status/404 404 done", "GET /wire/size/30000 200 done"],
}
# The program runs as ever, and one line says that its calls are not seen.
UNKNOWN = {"httpx": "httpx 0.18.2 is not known", "httpx_async": "httpx 0.18.2 is not known",
           "niquests": "not by http.client: they are not observed"}
LISTS = {"oldest": CALLS, "middle": CALLS, "newest": CALLS, "unknown": UNKNOWN}


def python_of(name):
    """The newest are what the other tests call with."""
    file = FOLDER / ("requirements.txt" if name == "newest" else f"versions/{name}.txt")
    made = subprocess.run([ROOT / "scripts/python-packages.sh", sys.executable, file], check=True, text=True,
                          stdout=subprocess.PIPE)
    return made.stdout.strip()


def without_ours(outside):
    lines = outside["err"].splitlines(True)
    return tidy({**outside, "err": "".join(line for line in lines if not line.startswith("taskless: "))})


class Versions(unittest.TestCase):
    maxDiff = None


def add_case(name, library, expected):
    def test(self):
        python = python_of(name)
        if name == "unknown":
            compare_said(self, compare(self, "versions.py", library, python=python, tidy=without_ours), expected)
        else:
            compare_records(self, sorted(expected), "versions.py", library, python=python, tidy=tidy, brief=sorted)
    setattr(Versions, f"test_{name}_{library}", test)


def compare_said(test, seen, expected):
    test.assertEqual((seen.code, seen.records), (0, []), seen.outside["err"])
    lines = [line for line in seen.outside["err"].splitlines() if line.startswith("taskless: ")]
    test.assertEqual(len(lines), 1)
    test.assertIn(expected, lines[0])


def main():
    words = set(sys.argv[1:])
    lists, cases = words & set(LISTS) or set(LISTS), words - set(LISTS)
    for name in LISTS:
        for library, expected in LISTS[name].items():
            if name in lists and (not cases or library in cases):
                add_case(name, library, expected)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
