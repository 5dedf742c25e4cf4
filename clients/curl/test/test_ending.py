# ending: what is waited for when a program ends is told by the processor's time and not by the clock on the wall.
# SPDX-License-Identifier: Apache-2.0
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from support.scenario import CLIENT, CONFIG, PROGRAMS, TASKLESS, TIMEOUT_S, folder, plain_environment, read_lines, server

CURLS, BUSY = 20, 6
FILLING = b"x"


def full_pipe():
    reading, writing = os.pipe()
    flags = fcntl.fcntl(writing, fcntl.F_GETFL)
    fcntl.fcntl(writing, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, FILLING)
    fcntl.fcntl(writing, fcntl.F_SETFL, flags)
    return reading, writing


def url(path):
    return f"http://127.0.0.1:{server().ready['http']}{path}"


class Ending(unittest.TestCase):
    def start(self, way, pipe):
        reading, writing = pipe
        env = {**plain_environment(), "LD_PRELOAD": f"{CLIENT}/$LIB/libtaskless-curl.so", "TASKLESS_CONFIG": str(CONFIG),
               "TASKLESS_OUTPUT": f"fd:{writing}", "TASKLESS_FORMAT": "ndjson"}
        self.out = tempfile.TemporaryFile()
        return subprocess.Popen([PROGRAMS / "clocked", way, url("/wire/empty"), str(reading)], env=env, cwd=folder,
                                pass_fds=pipe, stdin=subprocess.DEVNULL, stdout=self.out, stderr=subprocess.PIPE)

    def check(self, process, pipe):
        self.addCleanup(self.out.close)
        self.assertEqual(process.communicate(timeout=TIMEOUT_S), (None, b""))
        self.assertEqual(process.returncode, 0)
        reading, writing = pipe
        os.close(writing)
        self.out.seek(0)
        with open(reading, "rb") as rest:
            lines = (self.out.read() + rest.read()).lstrip(FILLING).splitlines()
        self.assertEqual([json.loads(line)["status"] for line in lines], [204] * 3)

    def test_a_machine_on_which_each_step_takes_long_loses_nothing(self):
        pipe = full_pipe()
        self.check(self.start("starved", pipe), pipe)

    def test_a_process_that_was_stopped_at_its_end_loses_nothing(self):
        pipe = full_pipe()
        process = self.start("stopped", pipe)
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        process.send_signal(signal.SIGCONT)
        self.check(process, pipe)

    def test_short_programs_beside_busy_ones_lose_nothing(self):
        records = folder / "beside.ndjson"
        command = [TASKLESS, "run", "--config", CONFIG, "--output", f"file:{records}", "--format", "ndjson", "--",
                   "curl", "-sS", url("/wire/echo")]
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
        try:
            curls = [subprocess.Popen(command, env=plain_environment(), cwd=folder, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(CURLS)]
            said = [curl.communicate(timeout=TIMEOUT_S)[1] for curl in curls]
        finally:
            for one in busy:
                one.kill()
                one.wait()
        self.assertEqual((said, [curl.returncode for curl in curls]), ([b""] * CURLS, [0] * CURLS))
        self.assertEqual([record["status"] for record in read_lines(records)], [200] * CURLS)


if __name__ == "__main__":
    unittest.main()
