"""compile_limits: Wasm that is little to send and much to compile: each command ends it and says so."""

import json
import os
import resource
import signal
import subprocess
import unittest

from bombs import BOMBS, HARMLESS, module
from confined import check_confined, find_process, parent_of, words_of
from desk import Desk, build_folder

BUILD = build_folder()
MIB = 1 << 20
HAR = {"log": {"version": "1.2", "entries": [{
    "startedDateTime": "2026-01-01T00:00:00.000Z", "time": 1,
    "request": {"method": "GET", "url": "https://api.test.example/x", "headers": []},
    "response": {"status": 500, "headers": [], "content": {"size": 0, "mimeType": "", "text": ""}}}]}}


def seconds(count):
    """A bound below the compiler's own, so that the test need not wait for that."""
    return lambda: resource.setrlimit(resource.RLIMIT_CPU, (count, count))


def memory(mib):
    return lambda: resource.setrlimit(resource.RLIMIT_DATA, (mib * MIB, mib * MIB))


def seconds_of_its_own():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (2, 100))


class CompileLimits(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        self.desk.write("calls.har", json.dumps(HAR))

    def add(self, name, wasm):
        manifest = {"schema": "pre2", "name": name, "version": "1.0.0", "description": "x",
                    "methods": ["post"], "hosts": ["api.test.example"]}
        self.desk.write(f"packs/{name}/manifest.json", json.dumps(manifest))
        self.desk.write(f"packs/{name}/pack.wasm", wasm)
        self.desk.configure([name])

    def taskless(self, *words, prepare=None, **how):
        return subprocess.run([self.desk.program, *words], env=self.desk.environment(),
                              cwd=self.desk.folder, capture_output=True, text=True, timeout=120,
                              preexec_fn=prepare, check=False, **how)

    def commands(self, name):
        pack = self.desk.path("packs", name)
        return {
            "compile": (["compile"], 4),
            "replay": (["replay", "calls.har"], 3),
            "explain": (["explain", "calls.har"], None),
            "pack install": (["pack", "install", "--to", self.desk.path("to"), pack], 4),
            "pack call": (["pack", "call", os.path.join(pack, "pack.wasm"), "post"], None),
            "run": (["run", "--", "echo", "ran"], 0),
        }

    def test_time_is_bounded_in_every_command(self):
        self.add("locals", BOMBS["locals"])
        for command, (words, code) in self.commands("locals").items():
            with self.subTest(command):
                done = self.taskless(*words, prepare=seconds(2))
                self.assertIn("takes more than", done.stderr, done)
                self.assertIn("--no-limit", done.stderr, done)
                if code is not None:
                    self.assertEqual(done.returncode, code, done)
                if command == "run":
                    self.assertEqual(done.stdout, "ran\n")

    def test_each_bomb_is_ended(self):
        for name, wasm in BOMBS.items():
            with self.subTest(name):
                self.add(name, wasm)
                done = self.taskless("compile", prepare=seconds(2))
                # A compiler that became better at it may be through in time.
                self.assertIn(done.returncode, (0, 4), done)
                self.assertLess(len(done.stderr), 600, done)

    def test_memory_is_bounded(self):
        self.add("locals", BOMBS["locals"])
        done = self.taskless("compile", prepare=memory(200))
        self.assertIn("more than 1 GiB of memory", done.stderr, done)
        self.assertEqual(done.returncode, 4, done)

    def test_the_limits_can_be_lifted(self):
        self.add("harmless", HARMLESS)
        self.assertEqual(self.taskless("compile", "--no-limit").returncode, 0)

    def test_without_them_a_bomb_is_the_programs_own(self):
        # Compiled in the program itself: no limit of ours ends it, but that of the test's does.
        self.add("locals", BOMBS["locals"])
        for command in ("compile", "replay", "explain"):
            words, _ = self.commands("locals")[command]
            with self.subTest(command):
                done = self.taskless(*words, "--no-limit", prepare=seconds_of_its_own)
                self.assertEqual(done.returncode, -signal.SIGXCPU, done)
                self.assertNotIn("takes more than", done.stderr)

    def test_the_compiler_is_given_what_the_kernel_counts(self):
        self.add("locals", BOMBS["locals"])
        with subprocess.Popen([self.desk.program, "compile"], env=self.desk.environment(SECRET_OF_MINE="x"),
                              cwd=self.desk.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
            try:
                child = find_process(lambda pid: parent_of(pid) == parent.pid and b"--stdin" in words_of(pid))
                check_confined(self, child)
            finally:
                parent.kill()

    def test_what_is_wrong_with_a_module_is_said_as_before(self):
        self.add("broken", module(b"\0\x0b"))
        done = self.taskless("compile")
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("type mismatch", done.stderr)

    def test_nothing_of_the_environment_reaches_the_compiler(self):
        self.add("harmless", HARMLESS)
        trace = self.desk.path("trace")
        env = {**self.desk.environment(), "SECRET_OF_MINE": "x", "LD_DEBUG_OUTPUT": trace,
               "LD_DEBUG": "files"}
        done = subprocess.run([self.desk.program, "compile"], env=env, cwd=self.desk.folder,
                              capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done)
        # The loader writes a file for each process that has these variables.
        traces = [name for name in os.listdir(self.desk.folder) if name.startswith("trace.")]
        self.assertEqual(len(traces), 1, traces)


if __name__ == "__main__":
    unittest.main(verbosity=2)
