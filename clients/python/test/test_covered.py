# covered: what measures a program counts the program's files, and none of ours.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import subprocess
import unittest

from support.scenario import CLIENT, CONFIG, folder, plain_environment, read_lines, server

# The Python that has the libraries, and coverage and pytest with them.
PYTHON = pathlib.Path(os.environ["TASKLESS_TEST_PACKAGES"]).read_text().strip()

# All of it is run; of the libraries it loads some late, when it is measured already.
PROGRAM = """
import os

def test_calls():
    import http.client, urllib.request
    with urllib.request.urlopen(os.environ["HTTP"] + "/wire/echo") as answer:
        assert answer.read()
    import requests, httpx, asyncio, aiohttp
    assert requests.get(os.environ["HTTP"] + "/wire/echo").text
    assert httpx.get(os.environ["HTTP"] + "/wire/echo").text
    async def run():
        async with aiohttp.ClientSession() as session:
            async with session.get(os.environ["HTTP"] + "/wire/echo") as answer:
                assert await answer.read()
    asyncio.run(run())

if __name__ == "__main__":
    test_calls()
"""


class Covered(unittest.TestCase):
    def start(self, *command, on, **variables):
        place = folder / "covered"
        place.mkdir(exist_ok=True)
        (place / "test_program.py").write_text(PROGRAM)
        records = place / "records.ndjson"
        records.unlink(missing_ok=True)
        env = {**plain_environment(), "HTTP": f"http://127.0.0.1:{server().ready['http']}",
               "PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_FILE": str(place / "coverage"), **variables}
        if on:
            env.update(TASKLESS_CONFIG=str(CONFIG), TASKLESS_OUTPUT=f"file:{records}", PYTHONPATH=str(CLIENT))
        done = subprocess.run([PYTHON, *command], env=env, cwd=place, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(read_lines(records)), 4 if on else 0)
        return done.stdout

    def test_coverage(self):
        for core in ("ctrace", "pytrace"):
            with self.subTest(core):
                reports = []
                for on in (False, True):
                    self.start("-m", "coverage", "run", "test_program.py", on=on, COVERAGE_CORE=core)
                    env = {**plain_environment(), "COVERAGE_FILE": str(folder / "covered/coverage")}
                    report = subprocess.run([PYTHON, "-m", "coverage", "report", "--fail-under=90"], env=env,
                                            cwd=folder / "covered", capture_output=True, text=True, check=False)
                    reports.append((report.returncode, report.stdout))
                self.assertEqual(reports[1], reports[0])
                self.assertEqual(reports[1][0], 0, reports)

    def test_trace(self):
        counts = [self.start("-m", "trace", "--count", "--summary", "--coverdir", "cover", "test_program.py", on=on)
                  for on in (False, True)]
        plain, seen = (sorted(line.split()[2] for line in count.splitlines()[1:]) for count in counts)
        self.assertIn("test_program", seen)
        # Also none of sitecustomize: it was loaded before.
        self.assertEqual(seen, plain)

    def test_profile(self):
        """It says where time goes, and so has ours, by a name that is no file."""
        said = self.start("-m", "cProfile", "test_program.py", on=True)
        self.assertNotIn("/taskless/_", said)


if __name__ == "__main__":
    unittest.main()
