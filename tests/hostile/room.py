"""room: too little of what Packs need: the application runs, with Packs or with a line that says why."""

import ctypes
import os
import resource
import unittest

from desk import COMPANIONS, Desk, build_folder

BUILD = build_folder()
NOBODY = 65534
MIB = 1 << 20
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1


def limit(kind, size):
    return lambda: resource.setrlimit(kind, (size, size))


def others_may_look(path):
    """Whether another user reaches this file: a checkout may lie in somebody's home."""
    while path != "/":
        path = os.path.dirname(path)
        if not os.stat(path).st_mode & 0o001:
            return False
    return True


def refuse_new_code():
    """As systemd's MemoryDenyWriteExecute: no memory becomes executable any more."""
    if ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
        os._exit(77)


class Room(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk(BUILD).__enter__()
        cls.addClassCleanup(cls.desk.__exit__)
        os.chmod(cls.desk.folder, 0o755)
        for name in COMPANIONS:
            cls.desk.add_pack(name, wasm_of="behaves")
        cls.desk.configure(COMPANIONS)
        cls.desk.compile()

    def check_says_why(self, result):
        """Every call has its record, and where a Pack did not run the record says why, and one line
        where none can run at all. True when all ran."""
        off = [line for line in result.log.splitlines() if " off: " in line or "observed" in line]
        ran = all("result" not in p for r in result.records for p in r["packs"])
        if result.records and ran:
            self.assertEqual(off, [], result)
            return True
        self.assertTrue(off or result.records, result)
        self.assertEqual(len(off), len(set(off)), result)
        for record in result.records:
            for pack in record["packs"]:
                self.assertEqual(pack["result"], "unavailable")
                self.assertTrue(pack["detail"])
        return False

    def run_limited(self, prepare, **how):
        result = self.desk.run("declined", "elsewhere", times=3, preexec_fn=prepare, **how)
        self.assertTrue(result.is_untouched(), result)
        return result

    def run_where_packs_may_run(self, prepare, **how):
        result = self.run_limited(prepare, **how)
        calls = [r for r in result.records if "api" in r["url"]]
        result.records = calls
        return self.check_says_why(result)

    def test_of_address_space(self):
        ran = {}
        for mib in [*range(200, 1600, 50), 2000, 2500, 3000, 3500, 4000]:
            with self.subTest(f"ulimit -v {mib} MiB"):
                ran[mib] = self.run_where_packs_may_run(limit(resource.RLIMIT_AS, mib * MIB))
        self.assertTrue(ran[4000] and not ran[200], ran)  # both ways were seen

    def test_of_data(self):
        for mib in (8, 16, 32, 64, 128):
            with self.subTest(f"ulimit -d {mib} MiB"):
                self.run_where_packs_may_run(limit(resource.RLIMIT_DATA, mib * MIB))

    def test_of_stack(self):
        for kib in (96, 256, 1024):
            with self.subTest(f"ulimit -s {kib}"):
                self.assertTrue(self.run_where_packs_may_run(limit(resource.RLIMIT_STACK, kib * 1024)))

    def test_of_descriptors(self):
        for count in range(4, 16):
            with self.subTest(f"ulimit -n {count}"):
                self.run_limited(limit(resource.RLIMIT_NOFILE, count))

    def test_of_files(self):
        for size in (0, 100, 4096):
            with self.subTest(f"ulimit -f {size} bytes"):
                self.run_where_packs_may_run(limit(resource.RLIMIT_FSIZE, size))

    def test_of_mappings(self):
        # Two of each kind were seen to end the program in the engine's own constructor. More than
        # enough runs the Packs again.
        ran = {}
        for count in [*range(24), 32, 64, 128, 1000]:
            with self.subTest(f"{count} mappings left"):
                result = self.run_limited(None, options=("--mappings-left", str(count)))
                # Of the first record that there was memory for, of a call that Packs are shown.
                packs = next((record["packs"] for record in result.records if "packs" in record), [])
                ran[count] = bool(packs) and all("result" not in p for p in packs)
                why = [p.get("detail") for p in packs] + [result.log.startswith("taskless: ")]
                self.assertTrue(ran[count] or any(why), result)
        self.assertTrue(ran[1000] and not ran[0], ran)  # both ways were seen

    def test_of_executable_memory(self):
        result = self.desk.run("declined", preexec_fn=refuse_new_code)
        if result.code == 77:
            self.skipTest("this kernel cannot refuse executable memory")
        self.assertTrue(result.is_untouched(), result)
        self.assertFalse(self.check_says_why(result))

    @unittest.skipUnless(os.getuid() == 0, "needs another user: root may always have a thread")
    @unittest.skipUnless(others_may_look(BUILD), "another user cannot reach the build")
    def test_of_threads(self):
        def become_nobody_without_threads():
            limit(resource.RLIMIT_NPROC, 0)()
            os.setgid(NOBODY)
            os.setuid(NOBODY)

        result = self.run_limited(become_nobody_without_threads)
        self.assertEqual(result.records, [])
        self.assertIn("nothing is observed: no thread could be started", result.log)


if __name__ == "__main__":
    unittest.main(verbosity=2)
