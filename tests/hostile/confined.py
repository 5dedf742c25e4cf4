"""confined: processes that compile, as the kernel sees them: what they may take, and what they were given."""

import os
import time

TRIES = 600


def read(pid, name):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b""  # it has ended meanwhile


def words_of(pid):
    return read(pid, "cmdline").split(b"\0")


def parent_of(pid):
    after_name = read(pid, "stat").rpartition(b") ")[2].split()
    return int(after_name[1]) if len(after_name) > 1 else None


def find_process(matches):
    """The process that matches as soon as there is one. It has to be one that lasts."""
    for _ in range(TRIES):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            if matches(int(pid)):
                return int(pid)
        time.sleep(0.05)
    raise AssertionError("no such process")


def limits_of(pid):
    """By name: the limit that counts, and the highest that the process may set itself."""
    rows = read(pid, "limits").decode().splitlines()[1:]
    return {row[:26].strip(): tuple(row[26:68].split()) for row in rows}


def check_confined(test, pid):
    limits = limits_of(pid)
    expected = {"Max cpu time": 60, "Max data size": 1 << 30, "Max address space": 4 << 30, "Max core file size": 0}
    for name, most in expected.items():
        for value in limits[name]:
            # Less where whoever runs the tests has less.
            test.assertTrue(value.isdigit() and int(value) <= most, (name, limits[name]))
    test.assertEqual(read(pid, "environ"), b"")
    test.assertEqual(read(pid, "oom_score_adj").strip(), b"1000")
    test.assertEqual(read(pid, "stat").rpartition(b") ")[2].split()[16], b"19", "its rank")
