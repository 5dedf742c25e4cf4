# descriptors: what a program does with its descriptors and its environment before its first transfer and
# after it, and what becomes of lines of ours: nothing of the program's is touched, and it waits for nobody.
# SPDX-License-Identifier: Apache-2.0
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import tempfile
import unittest

from support.scenario import CLIENT, PROGRAMS, TASKLESS, TIMEOUT_S, folder, plain_environment, read_lines, server

PROGRAM = PROGRAMS / "descriptors"
CACHE = {"TASKLESS_CACHE": str(folder / "cache")}


def make_folder(configuration):
    """A working folder with a configuration in it."""
    made = tempfile.mkdtemp(dir=folder)
    with open(os.path.join(made, "taskless.yaml"), "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(configuration)
    return made


GOOD, BAD = make_folder("version: 1\nshipped: false\npacks: []\n"), make_folder("nonsense: [\n")


def url(path="/wire/empty"):
    return f"http://127.0.0.1:{server().ready['http']}{path}"


def preloaded(**variables):
    """The environment of a program into which the client was loaded by hand."""
    # The loader replaces $LIB.
    return {**plain_environment(), **CACHE, "LD_PRELOAD": f"{CLIENT}/$LIB/libtaskless-curl.so", **variables}


def start(*words, cwd=GOOD, env=None, **streams):
    def with_signals():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    return subprocess.run([str(word) for word in words], cwd=cwd, env=env or preloaded(), timeout=TIMEOUT_S,
                          preexec_fn=with_signals, **streams)


@contextlib.contextmanager
def a_pipe(full):
    """The end to write to: of a pipe that is full, or that nobody reads. It waits, as pipes do."""
    reading, writing = os.pipe()
    flags = fcntl.fcntl(writing, fcntl.F_GETFL)
    fcntl.fcntl(writing, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while full:
            os.write(writing, b"x")
    fcntl.fcntl(writing, fcntl.F_SETFL, flags)
    if not full:
        os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)
        if full:
            os.close(reading)


class Descriptors(unittest.TestCase):
    def path(self, name):
        made = tempfile.mkdtemp(dir=folder)
        return os.path.join(made, name)

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_a_bad_configuration_is_said_where_somebody_reads(self):
        done = start(PROGRAM, "plain", url(), cwd=BAD)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, rb"^taskless: libcurl is not observed: .*taskless\.yaml")
        self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_and_nowhere_else(self):
        for full in (True, False):
            with self.subTest(full=full), a_pipe(full) as pipe:
                self.assertEqual(start(PROGRAM, "plain", url(), cwd=BAD, stderr=pipe).returncode, 0)

    def test_a_reused_number_is_left_alone(self):
        for way in ("reused", "child"):
            for cwd in (GOOD, BAD):
                for number, output in (("2", None), ("2", "stderr"), ("2", "fd:2"), ("1", "stdout"), ("7", "fd:7")):
                    with self.subTest(way=way, cwd=cwd, output=output):
                        file = self.path("database")
                        env = preloaded(**({"TASKLESS_OUTPUT": output} if output else {}))
                        self.assertEqual(start(PROGRAM, way, url(), number, file, cwd=cwd, env=env).returncode, 0)
                        self.assertEqual(self.read(file), b"DATABASE")

    def test_a_number_that_a_configuration_names_is_what_it_was_at_the_start(self):
        for number in ("9", "40", "200"):
            for way in ("reused", "child"):
                for setting in (f"outputs: [{{to: 'fd:{number}'}}]", f"log: {{to: 'fd:{number}', level: debug}}"):
                    with self.subTest(way=way, setting=setting):
                        cwd, file = make_folder(f"shipped: false\npacks: []\n{setting}\n"), self.path("database")
                        # The user's own word: of a file that was found neither counts before consent.
                        env = preloaded(TASKLESS_CONFIG=os.path.join(cwd, "taskless.yaml"))
                        done = start(PROGRAM, way, url(), number, file, cwd=cwd, env=env)
                        self.assertEqual((done.returncode, self.read(file)), (0, b"DATABASE"))
                        self.assertIn(number.encode(), done.stderr)

    def test_a_number_that_was_given_is_written_to(self):
        for number in (7, 200):
            with open(self.path("given"), "w+b") as file, self.subTest(number=number):
                os.dup2(file.fileno(), number)
                try:
                    start(PROGRAM, "cleared", url(), env=preloaded(TASKLESS_OUTPUT=f"fd:{number}"), pass_fds=[number])
                finally:
                    os.close(number)
                self.assertIn(b'"status":204', self.read(file.name))

    def test_a_daemons_files_are_left_alone_and_ours_go_on(self):
        for kind in ("file", "har"):
            for limit in (20, 64, 1024):
                with self.subTest(kind=kind, limit=limit):
                    own, records = tempfile.mkdtemp(dir=folder), self.path("records")
                    done = start("sh", "-c", f'ulimit -Sn {limit}; exec "$@"', "sh", PROGRAM, "daemon", url(), own,
                                 env=preloaded(TASKLESS_OUTPUT=f"{kind}:{records}"))
                    self.assertEqual((done.returncode, done.stderr), (0, b""))
                    self.assertEqual([self.read(f"{own}/own{i}") for i in range(8)], [b"mine\n"] * 8)
                    lines = read_lines(folder / records) if kind == "file" else \
                        json.loads(self.read(records))["log"]["entries"]
                    self.assertEqual(len(lines), 4)

    def test_a_socket_in_the_place_of_our_file_is_given_nothing(self):
        for kind in ("file", "har"):
            for limit in (64, 1024):
                with self.subTest(kind=kind, limit=limit):
                    records, (reading, writing) = self.path("records"), socket.socketpair()
                    with reading, writing:
                        done = start("sh", "-c", f'ulimit -Sn {limit}; exec "$@"', "sh", PROGRAM, "socket", url(),
                                     writing.fileno(), pass_fds=[writing.fileno()],
                                     env=preloaded(TASKLESS_OUTPUT=f"{kind}:{records}"))
                        self.assertEqual((done.returncode, done.stderr), (0, b""))
                        # Nobody has the other end any more: what was written would be here.
                        writing.close()
                        self.assertEqual(reading.recv(4096), b"")
                    lines = read_lines(folder / records) if kind == "file" else \
                        json.loads(self.read(records))["log"]["entries"]
                    self.assertEqual(len(lines), 4)

    def test_a_cleared_environment_is_remembered(self):
        records, cwd = self.path("records"), make_folder("shipped: false\npacks: []\nobserve: {ignore: [ignored.test]}\n"
                                                         "mask: {query: [partner], environment: [PARTNER_KEY]}\n")
        env = preloaded(TASKLESS_OUTPUT=f"file:{records}", PARTNER_KEY="0123456789abcdef",
                        TASKLESS_CONFIG=os.path.join(cwd, "taskless.yaml"))
        done = start(PROGRAM, "cleared", url("/wire/echo?partner=x&a=0123456789abcdef"), env=env)
        start(PROGRAM, "cleared", "http://ignored.test/", env=env)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        [record] = read_lines(folder / records)
        self.assertIn("partner=***", record["url"])
        self.assertNotIn("0123456789abcdef", json.dumps(record))

    def test_what_is_switched_off_stays_so(self):
        done = start(PROGRAM, "cleared", url(), env=preloaded(TASKLESS_DISABLED="1", TASKLESS_OUTPUT="stderr"))
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_closed_standard_output_gets_no_file_of_ours(self):
        for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed):
                records = self.path("records")
                start("sh", "-c", f'exec "$@" {closed}', "sh", TASKLESS, "run", "--output", f"file:{records}", "--",
                      "sh", "-c", 'echo out; echo err >&2; "$@"', "sh", PROGRAM, "plain", url(),
                      env={**plain_environment(), **CACHE})
                [record] = read_lines(folder / records)
                self.assertEqual(record["status"], 204)

    def test_what_could_not_be_written_before_the_end_is_said(self):
        with a_pipe(full=True) as pipe:
            done = start(PROGRAM, "plain", url(), pass_fds=[pipe], env=preloaded(TASKLESS_OUTPUT=f"fd:{pipe}"))
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, b"taskless: calls not recorded, since the program ended first: 1\n")

    def test_a_reader_that_has_gone_is_no_fault(self):
        with a_pipe(full=False) as pipe:
            done = start(PROGRAM, "plain", url(), pass_fds=[pipe], env=preloaded(TASKLESS_OUTPUT=f"fd:{pipe}"))
        self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main()
