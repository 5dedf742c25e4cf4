"""helpers: Packs that are not compiled yet, with a helper that makes their code and without one."""

import os
import shutil
import signal
import subprocess
import time
import unittest

from bombs import BOMBS
from confined import check_confined, find_process, words_of
from desk import COMPANIONS, Desk, build_folder

BUILD = build_folder()
UNSHARE = ["unshare", "--pid", "--fork", "--kill-child"]


def can_unshare():
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class Helpers(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        for name in COMPANIONS:
            self.desk.add_pack(name, wasm_of="behaves")
        self.desk.configure(COMPANIONS)

    def check_unavailable(self, result, detail):
        self.assertTrue(result.is_untouched(), result)
        for name in COMPANIONS:
            run = result.run_of(name)
            self.assertEqual((run["hook"], run["result"]), ("pre", "unavailable"), result)
            self.assertIn(detail, run["detail"])
            self.assertLessEqual(result.log.count(f"Pack {name} is off: "), 1)

    def wait_for_code(self):
        for _ in range(200):
            result = self.desk.run("declined")
            self.assertTrue(result.is_untouched(), result)
            if "result" not in result.run_of("after"):
                return result
            time.sleep(0.1)
        self.fail(result)

    def test_a_helper_makes_the_code_meanwhile(self):
        self.check_unavailable(self.desk.run("declined", times=3), "it is being compiled")
        result = self.wait_for_code()
        self.assertIs(result.records[0]["captures"]["after/post"], True)

    def test_a_running_application_takes_the_code_when_it_is_there(self):
        slow = self.desk.run("declined", times=1, options=("--pause", "5000"))
        self.assertTrue(slow.is_untouched(), slow)
        self.assertEqual(slow.run_of("after")["result"], "unavailable")
        self.assertNotIn("result", slow.run_of("after", index=-1))

    def test_a_helper_may_take_only_so_much(self):
        self.desk.add_pack("bomb", wasm_of="behaves", wasm=BOMBS["locals"])
        self.desk.configure(["bomb"])
        result = self.desk.run("declined", env=self.desk.environment(SECRET_OF_MINE="x"))
        self.assertTrue(result.is_untouched(), result)
        # It goes on when the application has ended; its cache is this desk's alone.
        helper = find_process(lambda pid: self.desk.cache.encode() in words_of(pid))
        try:
            self.assertIn(b"--stdin", words_of(helper))
            check_confined(self, helper)
        finally:
            os.kill(helper, signal.SIGKILL)

    def test_none_without_the_program(self):
        self.desk.library_without_program()
        self.check_unavailable(self.desk.run("declined"), "is missing: run taskless compile once")

    def test_none_in_process_1(self):
        if not can_unshare():
            self.skipTest("needs the right to make a process namespace")
        result = self.desk.run("declined", wrapped=UNSHARE)
        self.check_unavailable(result, "no helper in process 1 or a subreaper: run taskless compile once")

    def test_none_in_a_subreaper(self):
        result = self.desk.run("declined", options=("--subreaper",))
        self.check_unavailable(result, "no helper in process 1 or a subreaper")

    def test_the_advice_helps_an_application_that_is_running(self):
        self.desk.library_without_program()
        process = subprocess.Popen(
            self.desk.command("declined", times=1, options=("--pause", "4000")), cwd=self.desk.folder,
            env=self.desk.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        library, self.desk.library = self.desk.library, os.path.join(BUILD, "lib")
        self.desk.compile()
        self.desk.library = library
        out, log = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 42, log)
        first, last = [line for line in out.decode().splitlines() if line.startswith("{")]
        self.assertIn('"result":"unavailable"', first)
        self.assertNotIn('"result"', last)


class CutWasm(unittest.TestCase):
    def test_is_never_run_and_compile_says_why(self):
        with Desk(BUILD) as desk:
            for name in COMPANIONS:
                desk.add_pack(name, wasm_of="behaves")
            desk.configure(COMPANIONS)
            desk.compile()
            with open(os.path.join(BUILD, "hostile", "behaves", "pack.wasm"), "rb") as file:
                whole = file.read()
            for size in (9, 12, len(whole) // 4, len(whole) // 2, len(whole) - 1):
                with self.subTest(f"cut to {size} of {len(whole)} bytes"):
                    self.check(desk, whole[:size])
            with self.subTest("every fifth byte changed"):
                self.check(desk, bytes(b ^ 1 if i > 8 and i % 5 == 0 else b for i, b in enumerate(whole)))

    def check(self, desk, wasm):
        shutil.rmtree(desk.path("packs", "cut"), ignore_errors=True)
        desk.add_pack("cut", wasm_of="behaves", wasm=wasm)
        desk.configure([COMPANIONS[0], "cut", COMPANIONS[1]])
        compiled = desk.compile()
        self.assertEqual(compiled.returncode, 3, compiled)
        self.assertIn(b"cut: ", compiled.stderr)
        self.assertTrue(compiled.stderr.decode().splitlines()[0].isprintable(), compiled.stderr)
        result = desk.run("declined", times=2)
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual(result.run_of("cut", index=1)["result"], "unavailable", result)
        self.assertIs(result.records[1]["captures"]["after/post"], True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
