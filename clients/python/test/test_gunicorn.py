# gunicorn: its workers are forks of one process; each is observed for itself, and nothing is lost.
# SPDX-License-Identifier: Apache-2.0
import collections
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import unittest

from support.scenario import CLIENT, CONFIG, PROGRAMS, folder, plain_environment, read_lines, server

PYTHON = pathlib.Path(os.environ["TASKLESS_TEST_PACKAGES"]).read_text().strip()
THREADS, EACH, WORKERS = 5, 40, 3
WAIT_S = 60


class Service:
    def __init__(self, name, flags, variables):
        self.records = folder / f"{name}.ndjson"
        self.path = folder / f"{name}.sock"
        env = {**plain_environment(), "HTTP": f"http://127.0.0.1:{server().ready['http']}", "PYTHONPATH": str(CLIENT),
               "TASKLESS_CONFIG": str(CONFIG), "TASKLESS_OUTPUT": f"file:{self.records}", "TASKLESS_FORMAT": "ndjson", **variables}
        command = [PYTHON, "-m", "gunicorn", "--workers", str(WORKERS), "--bind", f"unix:{self.path}",
                   "--chdir", PROGRAMS, "--log-level", "critical", "--no-control-socket", *flags, "wsgi:app"]
        self.process = subprocess.Popen(command, env=env)

    def ask(self, query):
        connection = http.client.HTTPConnection("service")
        deadline = time.monotonic() + WAIT_S
        while True:
            connection.sock = socket.socket(socket.AF_UNIX)
            try:
                connection.sock.connect(str(self.path))
                break
            except OSError:
                connection.sock.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        connection.request("GET", f"/?{query}")
        status = connection.getresponse().status
        connection.close()
        return status

    def wait_for_records(self, count):
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and len(read_lines(self.records)) < count:
            time.sleep(0.02)

    def seen(self):
        return collections.Counter(record["url"].partition("?")[2] for record in read_lines(self.records))


class Gunicorn(unittest.TestCase):
    def load(self, service, name):
        """Many requests at once; returns what was asked."""
        def ask(thread):
            for n in range(EACH):
                self.assertEqual(service.ask(f"{name}.{thread}.{n}"), 200)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {f"{name}.{thread}.{n}" for thread in range(THREADS) for n in range(EACH)}

    def check(self, name, *flags, first=frozenset(), **variables):
        service = Service(name, flags, variables)
        try:
            asked = self.load(service, "before") | first
            service.wait_for_records(len(asked))
            workers = {record["pid"] for record in read_lines(service.records)}
            self.assertEqual(service.process.pid in workers, bool(first))
            workers.discard(service.process.pid)
            os.kill(workers.pop(), signal.SIGKILL)
            asked |= self.load(service, "after")
            service.wait_for_records(len(asked))
        finally:
            service.process.terminate()
            code = service.process.wait(WAIT_S)
        self.assertEqual(code, 0)
        self.assertEqual(service.seen(), collections.Counter(asked))

    def test_no_record_is_lost_and_none_is_there_twice(self):
        self.check("plain")

    def test_the_same_where_the_program_is_loaded_and_calls_before_the_forks(self):
        self.check("preload", "--preload", first={"first"}, CALL_FIRST="first")


if __name__ == "__main__":
    unittest.main()
