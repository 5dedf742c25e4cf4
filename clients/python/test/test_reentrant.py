# reentrant: a program whose own objects end a call while they are read for it.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import subprocess
import sys
import unittest

from support.scenario import CLIENT, CONFIG, PROGRAMS, folder, plain_environment, read_lines

# The Python that the class with a buffer is built for.
BUILT = sys.executable


def newer_pythons():
    """Those at hand that let a class have a buffer of its own."""
    roots = [pathlib.Path.home() / ".pyenv/versions", pathlib.Path("/usr/bin")]
    found = [*roots[0].glob("3.1[2-9]*/bin/python3"), *roots[1].glob("python3.1[2-9]"), pathlib.Path(sys.executable)]
    return [str(python) for python in found if is_new(python)]


def is_new(python):
    code = "import sys; sys.exit(sys.version_info < (3, 12) or 't' in sys.abiflags)"
    return subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0


class Reentrant(unittest.TestCase):
    def test_nothing_is_read_that_is_gone(self):
        self.check(BUILT, {"BUFFERS": os.environ["TASKLESS_TEST_BUFFERS"]})

    def test_nor_by_classes_of_newer_pythons(self):
        for python in newer_pythons():
            with self.subTest(python):
                self.check(python, {})

    def check(self, python, more):
        records = folder / "reentrant.ndjson"
        records.unlink(missing_ok=True)
        env = {**plain_environment(), "TASKLESS_CLIENT": str(CLIENT), "RECORDS": str(records),
               "CONFIG": str(CONFIG), "PYTHONMALLOC": "malloc", "MALLOC_PERTURB_": "165", **more}
        done = subprocess.run([python, PROGRAMS / "reentrant.py"], env=env, capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "True\nRuntimeError\n[1, 2, 3]\ntaskless is not loaded\n")
        lines = read_lines(records)
        self.assertTrue(lines)
        for record in lines:
            # What litters the memory that was freed has no other letter.
            self.assertRegex(record["url"], r"^(https://a+|http://127\.0\.0\.1:1/reader$)")
            self.assertNotIn("Z", record["url"])


if __name__ == "__main__":
    unittest.main()
