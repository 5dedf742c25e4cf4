# confined: a program that has gone into a folder, or given its rights up, before its first transfer is as it is
# without us (docs/internals/files.md).
# SPDX-License-Identifier: Apache-2.0
import os
import tempfile
import unittest

from support.scenario import PROGRAMS, compare, folder, run


class Confined(unittest.TestCase):
    def setUp(self):
        self.assertEqual(os.geteuid(), 0, "this test needs root, who alone may enter a folder")
        self.empty = tempfile.mkdtemp(dir=folder)
        os.chmod(self.empty, 0o755)

    def program(self, way):
        return (PROGRAMS / "confined", way, self.empty, "{HTTP}/wire/empty")

    def test_in_an_empty_folder_nothing_is_observed_and_nothing_said(self):
        for way, uid in (("chroot", 0), ("chroot,setuid", 65534)):
            with self.subTest(way):
                seen = compare(self, [], *self.program(way))
                self.assertEqual((seen.outside["code"], seen.outside["err"]), (0, ""))
                self.assertEqual(seen.outside["out"], f"0, 204, uid {uid}\n" * 2)
                self.assertEqual(os.listdir(self.empty), [])

    def test_without_its_rights_it_calls_as_it_would(self):
        plain = run(*self.program("setuid"), on=False).outside
        seen = run(*self.program("setuid"), on=True).outside
        self.assertEqual({**seen, "err": ""}, plain)
        self.assertEqual(plain["out"], "0, 204, uid 65534\n" * 2)
        # Its configuration is for root alone here; so may be all of taskless, and then nothing can say so.
        self.assertRegex(seen["err"], r"^(taskless: libcurl is not observed: [^\n]*: Permission denied\n)?$")


if __name__ == "__main__":
    unittest.main()
