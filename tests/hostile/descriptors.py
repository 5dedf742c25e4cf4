"""descriptors: programs that close, reuse and count theirs, with Packs at work. What is theirs stays theirs:
no number of ours means a file of the program's, and its files get the numbers that they have without us."""

import ast
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import threading
import unittest

from desk import COMPANIONS, Desk, build_folder

BUILD = os.path.abspath(build_folder())
FILES = 8
OWN = [b"mine\n"] * FILES

# Each program is given the server's URL, and a folder of its own.
CALL = """
import os, sys, time, urllib.request
url, folder = sys.argv[1:3]
def call():
    try:
        urllib.request.urlopen(url).read()
    except OSError:
        pass
def write_own(count):
    files = [os.open(f"{folder}/own{i}", os.O_WRONLY | os.O_CREAT, 0o600) for i in range(count)]
    print(files, flush=True)
    for i in range(3):
        call()
    for file in files:
        os.write(file, b"mine\\n")
"""
DAEMON = CALL + f"""
call()
time.sleep(0.1)
os.closerange(3, 65536)
write_own({FILES})
"""
FORKS = CALL + f"""
call()
child = os.fork()
if child == 0:
    os.setsid()
    os.closerange(0, 65536)
    for file in range(3):
        os.open(f"{{folder}}/own{{file}}", os.O_RDWR | os.O_CREAT, 0o600)
        os.write(file, b"mine\\n")
    for i in range(3, {FILES}):
        os.write(os.open(f"{{folder}}/own{{i}}", os.O_RDWR | os.O_CREAT, 0o600), b"mine\\n")
    call()
    sys.exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
COUNTS = CALL + """
for i in range(3):
    call()
time.sleep(0.2)
seen = {}
for fd in os.listdir("/proc/self/fd"):
    try:
        seen[int(fd)] = os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        pass
print({fd: file for fd, file in sorted(seen.items()) if "socket:" not in file and "/proc/" not in file}, flush=True)
write_own(2)
"""
CLEARS = CALL + """
os.environ.clear()
call()
print(len(os.environ))
"""
WRITES = CALL + """
call()
os.write(1, b"out\\n")
"""


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(402)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *ignored):
        pass


class Descriptors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}/"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        for name in COMPANIONS:
            self.desk.add_pack(name, wasm_of="behaves", changes={"hosts": ["127.0.0.1"]})
        self.desk.configure(COMPANIONS)
        self.desk.compile()

    def run_program(self, text, output=None, shell='exec "$@"', stderr=subprocess.PIPE):
        """Plainly, or observed where an output is named. Exit code, output, complaints and own files."""
        own = self.desk.path("own")
        shutil.rmtree(own, ignore_errors=True)
        os.mkdir(own)
        command = [shutil.which("python3"), "-c", text, self.url, own]
        if output:
            command = [self.desk.program, "run", "--output", output, "--", *command]
        done = subprocess.run(["sh", "-c", shell, "sh", *command], cwd=self.desk.folder, env=self.desk.environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, timeout=120, check=False)
        files = [pathlib.Path(own, name).read_bytes() for name in sorted(os.listdir(own))]
        return done.returncode, done.stdout, done.stderr, files

    def check_same(self, text, outputs=("file", "har"), shell='exec "$@"', records=None):
        plain = self.run_program(text, shell=shell)
        for kind in outputs:
            with self.subTest(kind):
                path = self.desk.path(f"records.{kind}")
                self.assertEqual(self.run_program(text, f"{kind}:{path}", shell), plain)
                if records is not None:
                    self.assertEqual(len(self.read(path, kind)), records)
        return plain

    def read(self, path, kind):
        with open(path, encoding="utf-8") as file:
            return json.load(file)["log"]["entries"] if kind == "har" else [json.loads(line) for line in file]

    def test_a_daemon_keeps_its_files_and_we_go_on(self):
        for limit in ("256", "1024"):
            plain = self.check_same(DAEMON, shell=f'ulimit -Sn {limit}; exec "$@"')
            self.assertEqual(plain[3], OWN)
            for kind in ("file", "har"):
                records = self.read(self.desk.path(f"records.{kind}"), kind)
                self.assertEqual(len(records), 4)
                os.unlink(self.desk.path(f"records.{kind}"))

    def test_packs_go_on_without_any_descriptor(self):
        path = self.desk.path("records.ndjson")
        self.run_program(DAEMON, f"file:{path}")
        for record in self.read(path, "file"):
            self.assertEqual([pack.get("result") for pack in record["packs"]], [None, None], record)

    def test_a_forked_daemon_keeps_its_files(self):
        for kind in ("file", "har", "stderr", "stdout", "fd"):
            with self.subTest(kind):
                output = {"stderr": "stderr", "stdout": "stdout", "fd": "fd:2"}.get(kind)
                code, _, _, files = self.run_program(FORKS, output or f"{kind}:{self.desk.path('records.' + kind)}")
                self.assertEqual((code, files), (0, OWN))

    def test_a_program_finds_one_descriptor_more_far_up(self):
        plain = self.run_program(COUNTS)
        for kind in ("file", "har"):
            path = self.desk.path(f"records.{kind}")
            code, out, said, files = self.run_program(COUNTS, f"{kind}:{path}", 'ulimit -Sn 1024; exec "$@"')
            self.assertEqual((code, said, files), (plain[0], plain[2], plain[3]))
            (before, own_before), (after, own_after) = ([ast.literal_eval(line.decode()) for line in lines.splitlines()]
                                                        for lines in (plain[1], out))
            self.assertEqual(own_after, own_before)
            [ours] = [(fd, file) for fd, file in after.items() if fd not in before]
            self.assertEqual((ours[0] >= 768, ours[1]), (True, path))

    def test_closed_standard_descriptors_get_no_file_of_ours(self):
        for closed in (">&-", "2>&-", "<&-", "<&- 2>&-"):
            self.check_same(WRITES, shell=f'exec "$@" {closed}', records=1)
            os.unlink(self.desk.path("records.file"))
            os.unlink(self.desk.path("records.har"))

    def test_a_cleared_environment_changes_nothing(self):
        plain = self.check_same(CLEARS, records=1)
        self.assertEqual(plain[1], b"0\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
