"""refusals: a kernel that refuses one system call, as containers do: the application never notices."""

import ctypes
import os
import platform
import struct
import unittest

from desk import COMPANIONS, Desk, build_folder

BUILD = build_folder()

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_WORD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # of the kernel's little language for filters
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
EPERM, ENOSYS = 1, 38

# What a library may ask for and a program of its kind does without, by its number on x86-64.
CALLS = {
    "clone3": 435, "fadvise64": 221, "fallocate": 285, "fcntl": 72, "flock": 73,
    "fork": 57, "fsync": 74, "getcwd": 79, "getdents64": 217, "getrandom": 318, "getrlimit": 97,
    "gettid": 186, "kill": 62, "madvise": 28, "membarrier": 324, "memfd_create": 319,
    "mincore": 27, "mkdir": 83, "mlock": 149, "msync": 26, "pipe2": 293, "poll": 7, "ppoll": 271,
    "prctl": 157, "prlimit64": 302, "readlink": 89, "rename": 82, "rseq": 334, "sched_getaffinity": 204,
    "sched_yield": 24, "setpriority": 141, "setsid": 112, "sigaltstack": 131, "socket": 41,
    "statfs": 137, "sysinfo": 99, "timer_create": 222, "umask": 95, "uname": 63, "unlink": 87,
    "userfaultfd": 323,
}


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def refuse(number, error):
    """Refuses one call from here on, and allows all others."""
    def step(code, value, when_equal=0, when_not=0):
        return struct.pack("HBBI", code, when_equal, when_not, value)

    steps = step(LOAD_WORD, 0) + step(IF_EQUAL, number, 0, 1)
    steps += step(RETURN, REFUSE | error) + step(RETURN, ALLOW)
    program = Filter(len(steps) // 8, steps)

    def install():
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
            os._exit(77)

    return install


@unittest.skipUnless(platform.machine() == "x86_64", "the numbers are of another machine")
class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk(BUILD).__enter__()
        cls.addClassCleanup(cls.desk.__exit__)
        for name in COMPANIONS:
            cls.desk.add_pack(name, wasm_of="behaves")
        cls.desk.configure(COMPANIONS)
        cls.desk.compile()

    def check_each(self, error):
        for name, number in CALLS.items():
            with self.subTest(name):
                result = self.desk.run("declined", preexec_fn=refuse(number, error))
                if result.code == 77:
                    self.skipTest("this kernel takes no filter")
                # It may be told that it cannot be observed, and goes on.
                said = [line for line in result.said if "not observed: " not in line]
                self.assertEqual((result.code, said), (42, ["application: done"]), result)
                lines = result.log.splitlines()
                self.assertEqual(len(lines), len(set(lines)), result)
                if not result.records:
                    self.assertTrue(lines or len(result.said) > 1, "nobody said why")

    def test_each_with_no_permission(self):
        self.check_each(EPERM)

    def test_each_as_if_there_were_none(self):
        self.check_each(ENOSYS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
