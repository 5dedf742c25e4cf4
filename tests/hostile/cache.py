"""cache: compiled code that somebody damaged, replaced, linked or may write: never loaded."""

import glob
import hashlib
import os
import shutil
import stat
import time
import unittest

from desk import COMPANIONS, Desk, build_folder

BUILD = build_folder()
NOBODY = 65534


def change_byte(path, at):
    with open(path, "r+b") as file:
        file.seek(at, os.SEEK_SET if at >= 0 else os.SEEK_END)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def cut(path, size):
    os.truncate(path, size)


def append(path):
    with open(path, "ab") as file:
        file.write(b"\0")


def link_elsewhere(path):
    os.rename(path, path + ".real")
    os.symlink(path + ".real", path)


def name_twice(path):
    os.link(path, os.path.join(os.path.dirname(path), "second-name"))


def replace_by_another(path):
    """Code that is whole and well, but of another Pack."""
    other = next(p for p in glob.glob(os.path.join(os.path.dirname(path), "*.cwasm")) if p != path)
    shutil.copy(other, path)


def replace_by_folder(path):
    os.unlink(path)
    os.mkdir(path)


def replace_by_pipe(path):
    os.unlink(path)
    os.mkfifo(path)


WAYS = {
    "has one bit changed in the code": lambda path: change_byte(path, 5000),
    "has its last bit changed": lambda path: change_byte(path, -1),
    "has one bit changed in its head": lambda path: change_byte(path, 9),
    "is cut in the middle": lambda path: cut(path, os.path.getsize(path) // 2),
    "is cut to its head": lambda path: cut(path, 4096),
    "is empty": lambda path: cut(path, 0),
    "is longer than it was": append,
    "is a symbolic link": link_elsewhere,
    "has a second name": name_twice,
    "is the code of another Pack": replace_by_another,
    "is a folder": replace_by_folder,
    "is a pipe that nobody writes to": replace_by_pipe,
    "may be written by everybody": lambda path: os.chmod(path, 0o666),
    "may be written by its group": lambda path: os.chmod(path, 0o660),
}
if os.getuid() == 0:
    WAYS["belongs to another user"] = lambda path: os.chown(path, NOBODY, NOBODY)

FOLDER_WAYS = {
    "may be written by everybody": lambda path: os.chmod(path, 0o777),
}
if os.getuid() == 0:
    FOLDER_WAYS["may be written by a group"] = lambda path: (os.chown(path, -1, NOBODY), os.chmod(path, 0o770))
    FOLDER_WAYS["belongs to another user"] = lambda path: os.chown(path, NOBODY, NOBODY)


class Cache(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        for name in COMPANIONS:
            self.desk.add_pack(name, wasm_of="behaves")
        self.desk.add_pack("victim", wasm_of="calls_out")
        self.desk.configure([COMPANIONS[0], "victim", COMPANIONS[1]])

    def victims_entry(self):
        self.desk.compile()
        with open(self.desk.path("packs", "victim", "pack.wasm"), "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        (entry,) = glob.glob(os.path.join(self.desk.cache, f"{digest}-*"))
        return entry

    def run_once(self):
        result = self.desk.run("declined")
        self.assertTrue(result.is_untouched(), result)
        return result

    def check_companions(self, result):
        for name in COMPANIONS:
            self.assertIs(result.records[0]["captures"].get(f"{name}/post"), True, result)

    def spoil(self, way):
        shutil.rmtree(self.desk.cache, ignore_errors=True)
        entry = self.victims_entry()
        self.assertEqual(self.run_once().run_of("victim")["result"], "refused")  # it ran
        way(entry)
        return entry

    def test_never_loads_what_it_cannot_trust(self):
        self.desk.library_without_program()
        for name, way in WAYS.items():
            with self.subTest(f"an entry that {name}"):
                self.spoil(way)
                for _ in range(2):
                    result = self.run_once()
                    self.assertEqual(result.run_of("victim")["result"], "unavailable", result)
                    self.assertIn("is missing: run taskless compile once", result.run_of("victim")["detail"])
                    self.check_companions(result)
                    self.assertIs(result.records[0]["varying"], True)

    def test_has_it_made_again(self):
        for name, way in WAYS.items():
            if name == "is a folder":  # nobody removes a folder of somebody else's
                continue
            with self.subTest(f"an entry that {name}"):
                entry = self.spoil(way)
                result = self.run_once()
                self.assertEqual(result.run_of("victim")["result"], "unavailable")
                self.check_companions(result)
                self.wait_for_code()
                self.assertTrue(stat.S_ISREG(os.lstat(entry).st_mode))

    def wait_for_code(self):
        for _ in range(200):
            if self.run_once().run_of("victim")["result"] == "refused":
                return
            time.sleep(0.1)
        self.fail("the helper made no code")

    def test_passes_over_a_folder_that_others_may_write(self):
        self.desk.library_without_program()
        for name, way in FOLDER_WAYS.items():
            with self.subTest(f"a folder that {name}"):
                shutil.rmtree(self.desk.cache, ignore_errors=True)
                self.desk.compile()
                way(self.desk.cache)
                result = self.run_once()
                for pack in (*COMPANIONS, "victim"):
                    self.assertEqual(result.run_of(pack)["result"], "unavailable", result)
                self.assertIn("taskless: code cache: passed over: ", result.log)


if __name__ == "__main__":
    unittest.main(verbosity=2)
