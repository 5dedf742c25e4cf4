# process: exit codes, signals, forks, uncaught errors and what is written at the end.
# SPDX-License-Identifier: Apache-2.0
import re
import signal
import time
import unittest

from support.scenario import compare_records, run

BOTH = ["GET /wire/echo 200 done", "GET /wire/status/402 402 done"]


def without_ours(outside):
    """A trace has a line or two for each function of ours that an error went through."""
    ours = re.compile(r'  File "<taskless\.[^\n]*\n(    [^\n]*\n)*')
    # Of a crash Python says which thread it was, and which modules are native.
    err = re.sub(r"0x[0-9a-f]{16}|pid=\d+", "", ours.sub("", outside["err"]))
    return {**outside, "err": err}


# Case of the program -> exit code, what its records say in short.
CASES = {
    "natural": (0, BOTH),
    "exitcode": (5, BOTH),
    "at_exit": (0, BOTH),
    "burst": (3, [f"GET /wire/echo?{n} 200 done" for n in range(50)]),
    "underway": (0, ["GET /wire/hang aborted"]),
    "daemon": (0, ["GET /wire/hang aborted"]),
    "uncaught": (1, BOTH),
    "refused": (1, ["GET /x ECONNREFUSED failed"]),
    "thrown": (1, ["GET /wire/reset ECONNRESET failed"]),
    "signals": (0, BOTH),
    "fault": (-signal.SIGSEGV, BOTH),
    "abort": (-signal.SIGABRT, BOTH),
    "forked": (0, [f"GET /wire/echo?{who} 200 done" for who in ("before", "child", "parent")]),
    "forked_underway": (0, ["GET /wire/echo?child 200 done", "GET /wire/slow/300 200 aborted"]),
    "forked_with_thread": (0, ["GET /wire/echo 200 done"]),
    "pool": (0, [f"GET /wire/echo?{who} 200 done" for who in ("before", 0, 1, 2, 3)]),
    "spawned": (0, ["GET /wire/echo 200 aborted"]),
}


class Process(unittest.TestCase):
    def kill(self, number):
        """Ends the program when it says that it is ready."""
        def during(process):
            while process.stdout.readline() not in ("ready\n", ""):
                pass
            # A moment for records on their way: with a signal there is no end to wait at.
            time.sleep(0.15)
            process.send_signal(number)
        return during

    def test_dies_of_signals_with_its_records_written(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(number):
                seen = compare_records(self, BOTH, "process.py", "wait", during=self.kill(number), tidy=without_ours)
                self.assertEqual(seen.code, -number)

    def test_own_handler_of_a_signal_runs(self):
        seen = compare_records(self, BOTH, "process.py", "handler", during=self.kill(signal.SIGTERM))
        self.assertEqual(seen.code, 7)

    def test_records_go_to_standard_error_unless_told(self):
        plain = run("process.py", "natural", on=False)
        seen = run("process.py", "natural", on=True, client_env={"TASKLESS_OUTPUT": ""})
        self.assertEqual(seen.outside["out"], plain.outside["out"])
        self.assertEqual(len(seen.outside["err"].splitlines()), 2)


def add_case(name, code, briefs):
    def test(self):
        # Which of several processes writes first is chance.
        order = sorted if "fork" in name or name == "pool" else list
        seen = compare_records(self, order(briefs), "process.py", name, tidy=without_ours, brief=order)
        self.assertEqual(seen.code, code, seen.outside["err"])
        pids = {record["pid"] for record in seen.records}
        self.assertEqual(len(pids), {"forked": 2, "forked_underway": 2, "pool": 5}.get(name, 1))
    setattr(Process, f"test_{name}", test)


for name, expected in CASES.items():
    add_case(name, *expected)

if __name__ == "__main__":
    unittest.main()
