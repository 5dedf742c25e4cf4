# observed: what the clients' tests in Python share: a server that starts afresh for each run, an
# environment in which nothing is observed, and what records say in short.
# SPDX-License-Identifier: Apache-2.0
import atexit
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TASKLESS_BUILD", ROOT / "build"))
TASKLESS = BUILD / "bin/taskless"
# Far more than any program takes, on a machine that does much else as well.
TIMEOUT_S = 180

folder = pathlib.Path(tempfile.mkdtemp(prefix="taskless-test-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)

# Without Packs, but where a test names its own: nothing is compiled while a program runs.
CONFIG = folder / "no-packs.json"
CONFIG.write_text('{"version": 1, "shipped": false, "packs": []}')
CONFIG.chmod(0o600)


class Server:
    """tests/servers/api, one for all runs: starting it takes longer than most programs do."""

    def __init__(self):
        command = ["node", ROOT / "tests/servers/api/main.js", "--tls", folder / "tls"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=plain_environment())
        atexit.register(self.stop)
        self.ready = json.loads(self.process.stdout.readline())

    def journal(self):
        """What it has seen since it was asked before."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.communicate()


_servers = []


def server():
    if not _servers:
        _servers.append(Server())
    return _servers[0]


def plain_environment():
    """The environment without what makes a program observed."""
    ours = r"TASKLESS_|PYTHON(PATH|HOME|STARTUP)|(LD_PRELOAD|ASAN_OPTIONS|.*_proxy)$"
    return {name: value for name, value in os.environ.items() if not re.match(ours, name, re.IGNORECASE)}


class Seen:
    """What a run came to: `outside` for its user and its server, `records` and `har` for ours."""

    def __init__(self, outside, records, har=()):
        self.outside, self.records, self.har = outside, records, har

    @property
    def code(self):
        return self.outside["code"]

    @property
    def briefs(self):
        return [brief(record) for record in self.records]


def read_lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def brief(record):
    """What a record says in short: "POST /path 402 done", "GET / ECONNREFUSED failed"."""
    url = urllib.parse.urlsplit(record["url"].replace("PORT", "1"))
    words = [record["method"], url.path + (f"?{url.query}" if url.query else "")]
    if "status" in record:
        words.append(str(record["status"]))
    if record.get("error", {}).get("code"):
        words.append(record["error"]["code"])
    return " ".join([*words, record["ending"]])


# At exit a program waits 200 ms at most for what is not written yet: on a busy machine a record may
# be lost, so that a missing one counts only when it is missing each time.
TRIES = 3


def compare_both(test, run, tidy, least):
    """Runs both ways, `run(on)`; fails where a program, its user or its server could tell a difference.
    Runs again where there are fewer records than `least`. What the observed run came to."""
    test.maxDiff = None
    for _ in range(TRIES):
        plain, observed = run(False), run(True)
        test.assertEqual(tidy(observed.outside), tidy(plain.outside))
        test.assertEqual(plain.records, [])
        if len(observed.records) >= least:
            break
    return observed
