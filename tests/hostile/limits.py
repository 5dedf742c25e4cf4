"""limits: a Node.js program under limits of the machine: it ends as it does without taskless, and what
is off is said once."""

import collections
import http.server
import json
import os
import resource
import shutil
import subprocess
import threading
import unittest

from desk import COMPANIONS, HERE, Desk, build_folder

BUILD = os.path.abspath(build_folder())
NODE = os.environ.get("TASKLESS_TEST_NODE") or shutil.which("node")
REGISTER = os.path.join(BUILD, "lib", "taskless", "node", "register.js")
MIB = 1 << 20
# Ours, which are there beside the program's own: a worker, and one that watches its time.
THREADS = 2
DESCRIPTORS = 4
SOMEBODY = 50000 + os.getpid() % 10000  # nobody else's, so that only this test's threads count

Ended = collections.namedtuple("Ended", "code out own said")


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *ignored):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *ignored):
        pass  # a program that is cut off hangs up


def limit(kind, size):
    return lambda: resource.setrlimit(kind, (size, size))


def become_somebody():
    os.setgid(SOMEBODY)
    os.setuid(SOMEBODY)


def others_may_look(path):
    """Whether another user reaches this file: a checkout may lie in somebody's home."""
    while path != "/":
        path = os.path.dirname(path)
        if not os.stat(path).st_mode & 0o001:
            return False
    return True


def in_namespace(script):
    """A command that runs the rest in a mount namespace of its own, after these lines."""
    return ["unshare", "--mount", "sh", "-euc", script + '\nexec "$@"', "sh"]


def can_mount():
    command = [*in_namespace("mount -t tmpfs -o size=64k none /mnt"), "true"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class Limits(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.desk = Desk(BUILD).__enter__()
        cls.addClassCleanup(cls.desk.__exit__)
        os.chmod(cls.desk.folder, 0o755)
        for name in COMPANIONS:
            cls.desk.add_pack(name, wasm_of="behaves", changes={"hosts": ["127.0.0.1"]})
        cls.desk.configure(COMPANIONS)
        cls.desk.compile()
        server = Server(("127.0.0.1", 0), Answers)
        cls.addClassCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.shutdown)
        cls.origin = f"http://127.0.0.1:{server.server_port}"

    def setUp(self):
        self.records = self.desk.path(f"{self._testMethodName}.ndjson")
        os.makedirs(self.desk.path("for-anyone"), exist_ok=True)
        os.chmod(self.desk.path("for-anyone"), 0o777)

    def run_program(self, mode, observed, prepare=None, wrapped=(), env=None):
        variables = {"PATH": os.environ["PATH"], "HOME": self.desk.folder}
        if observed:
            variables = {**variables, **self.desk.environment(), "NODE_OPTIONS": f"--require {REGISTER}"}
            variables["TASKLESS_OUTPUT"] = f"file:{self.records}"
            variables = {**variables, **(env or {})}
        command = [*wrapped, NODE, "--no-warnings", os.path.join(HERE, "limits.mjs"), mode, self.origin]
        env = {k: v for k, v in variables.items() if v is not None}
        try:
            done = subprocess.run(command, env=env, cwd=self.desk.folder, capture_output=True,
                                  timeout=60 if observed else 15, check=False, preexec_fn=prepare)
        except subprocess.TimeoutExpired:
            return Ended(None, "", [], [])
        lines = done.stderr.decode("utf-8", "backslashreplace").splitlines()
        return Ended(done.returncode, done.stdout.decode(),
                     [line for line in lines if not line.startswith("taskless: ")],
                     [line for line in lines if line.startswith("taskless: ")])

    def compare(self, mode, **how):
        """Runs it plainly and observed; returns what taskless said, None where it cannot run at all."""
        plain = self.run_program(mode, False, how.get("prepare"), how.get("wrapped", ()))
        if plain.code != 5:
            return None
        observed = self.run_program(mode, True, **how)
        self.assertEqual(observed[:3], plain[:3], observed)
        self.assertLessEqual(len(observed.said), len(set(observed.said)), observed)
        return observed.said

    def sweep(self, kind, sizes, mode, ours=0, also=None):
        """From wide to narrow, down to where the program by itself cannot run, with room for what is
        ours. Returns what was said under each limit."""
        def prepare(size):
            return lambda: (limit(kind, size)(), also() if also else None)

        enough = []
        for size in sizes:
            if self.run_program(mode, False, prepare(size)).code != 5:
                break
            enough.append(size)
        self.assertTrue(enough, "no limit was wide enough for the program itself")
        self.assertLess(len(enough), len(sizes), "every limit was wide enough")
        said = {}
        for size in [size for size in enough if size >= enough[-1] + ours]:
            with self.subTest(f"limit {size}"):
                said[size] = self.compare(mode, prepare=prepare(size))
        return said

    def check_records(self, count):
        """Every call has one, and where a Pack did not run it says why."""
        with open(self.records, encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        self.assertEqual(len(records), count)
        for run in (run for record in records for run in record["packs"]):
            self.assertIn(run.get("result"), (None, "unavailable"))
            self.assertTrue("result" not in run or run["detail"], run)

    def count_records(self):
        if not os.path.exists(self.records):
            return 0
        with open(self.records, "rb") as file:
            return sum(1 for _ in file)

    def test_of_address_space(self):
        sizes = [mib * MIB for mib in (4000, 2000, 1600, 1400, 1200, 1000, 800)]
        # Where the program just comes through, a client of any size would be too much.
        said = self.sweep(resource.RLIMIT_AS, sizes, "grow", ours=100 * MIB)
        self.assertEqual(self.count_records(), 20 * len(said))

    @unittest.skipUnless(os.getuid() == 0, "needs another user: root may always have a thread")
    @unittest.skipUnless(others_may_look(BUILD), "another user cannot reach the build")
    def test_of_threads(self):
        self.sweep(resource.RLIMIT_NPROC, [30, *range(16, 1, -2)], "call", THREADS, become_somebody)

    def test_of_descriptors(self):
        said = self.sweep(resource.RLIMIT_NOFILE, [60, *range(32, 8, -3)], "call", ours=DESCRIPTORS)
        self.assertEqual(self.count_records(), 10 * len(said))

    def test_of_files(self):
        for size in (0, 100, 4096):
            with self.subTest(f"ulimit -f {size} bytes"):
                said = self.compare("call", prepare=limit(resource.RLIMIT_FSIZE, size))
                self.assertEqual(len(said), 1, said)
                self.assertIn("records are lost: File too large", said[0])

    def test_of_others_that_it_starts(self):
        for mode in ("fork", "cluster", "thread"):
            with self.subTest(mode):
                before = self.count_records()
                self.assertEqual(self.compare(mode), [])
                self.assertEqual(self.count_records() - before, 11 if mode == "thread" else 12)

    @unittest.skipUnless(can_mount(), "needs the right to mount")
    def test_of_a_home_that_is_none(self):
        # For root the system's cache is next: what other tests find there must not come from here.
        wrapped = in_namespace("mount -t tmpfs -o mode=755 none /var/cache")
        self.compare("call", wrapped=wrapped, env={"HOME": "/proc/nowhere", "TASKLESS_CACHE": None})
        self.check_records(10)

    @unittest.skipUnless(os.getuid() == 0, "needs another user")
    @unittest.skipUnless(others_may_look(BUILD), "another user cannot reach the build")
    def test_of_a_user_without_a_home(self):
        self.records = os.path.join(self.desk.path("for-anyone"), "records.ndjson")
        env = {"HOME": None, "TASKLESS_CACHE": None}
        self.compare("call", env=env, prepare=become_somebody)
        self.check_records(10)

    def test_of_a_cache_that_others_may_write(self):
        cache = self.desk.path("shared")
        os.makedirs(cache, exist_ok=True)
        os.chmod(cache, 0o777)
        said = self.compare("call", env={"TASKLESS_CACHE": cache})
        self.assertEqual(sum(line.startswith("taskless: code cache: ") for line in said), 1, said)
        self.check_records(10)

    @unittest.skipUnless(can_mount(), "needs the right to mount")
    def test_of_a_file_system_that_is_read_only(self):
        folder = self.desk.folder
        wrapped = in_namespace(f"mount --bind {folder} {folder}\nmount -o remount,ro,bind {folder}")
        said = self.compare("call", wrapped=wrapped)
        self.assertEqual(len(said), 1, said)
        self.assertIn("Read-only file system", said[0])

    @unittest.skipUnless(can_mount(), "needs the right to mount")
    def test_of_a_disk_that_is_full(self):
        full = self.desk.path("full")
        os.makedirs(full, exist_ok=True)
        wrapped = in_namespace(f"mount -t tmpfs -o size=64k,mode=755 none {full}\n"
                               f"head -c 60k /dev/zero >{full}/filler")
        said = self.compare("call", wrapped=wrapped,
                            env={"TASKLESS_OUTPUT": f"file:{full}/records.ndjson"})
        self.assertEqual(len(said), 1, said)
        self.assertIn("records are lost: No space left on device", said[0])
        # Nor has code room there that is still to be compiled.
        self.compare("call", wrapped=wrapped, env={"TASKLESS_CACHE": f"{full}/cache"})
        self.check_records(10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
