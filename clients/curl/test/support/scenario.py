# scenario: runs a program plainly and under `taskless run`, against a server that starts afresh each time.
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

ROOT = pathlib.Path(__file__).resolve().parents[4]
BUILD = pathlib.Path(os.environ.get("TASKLESS_BUILD", ROOT / "build"))
TESTS = ROOT / "clients/curl/test"
TASKLESS = BUILD / "bin/taskless"
PROGRAMS = BUILD / "clients/curl/programs"
CLIENT = BUILD / "lib/taskless/curl"
TIMEOUT_S = 120

folder = pathlib.Path(tempfile.mkdtemp(prefix="taskless-curl-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)

# Without Packs, but where a test names its own: nothing is compiled first.
CONFIG = folder / "no-packs.json"
CONFIG.write_text('{"version": 1, "packs": []}')
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
    return {name: value for name, value in os.environ.items()
            if not re.match(r"TASKLESS_|LD_PRELOAD$|ASAN_OPTIONS$|.*_proxy$", name, re.IGNORECASE)}


class Seen:
    """What a run came to: `outside` for its user and its server, `records` for ours."""

    def __init__(self, outside, records):
        self.outside, self.records = outside, records

    @property
    def briefs(self):
        return [brief(record) for record in self.records]


_runs = iter(range(1, 1_000_000))


def run(*command, on, env=None, config=CONFIG, stdin=None, records=True):
    """Runs a command, under `taskless run` when `on`. HTTP, HTTPS and CA in its words and in `env` are
    those of the server."""
    file = folder / f"{next(_runs)}.ndjson" if records else "/dev/null"
    ready = server().ready
    names = {"HTTPS": f"https://localhost:{ready['https']}", "HTTP": f"http://127.0.0.1:{ready['http']}",
             "CA": str(ready["ca"]), "TASKLESS": str(TASKLESS)}
    environment = {**plain_environment(), "HOME": str(folder), **names, **(env or {})}
    words = [re.sub(r"\{(\w+)\}", lambda name: names.get(name[1], name[0]), str(word)) for word in command]
    if on:
        words = [str(TASKLESS), "run", "--config", str(config), "--output", f"file:{file}", "--format", "ndjson",
                 "--", *words]
    done = subprocess.run(words, cwd=folder, env=environment, input=stdin, timeout=TIMEOUT_S,
                          stdin=None if stdin is not None else subprocess.DEVNULL, capture_output=True, text=True)
    outside = {"out": done.stdout, "err": done.stderr, "code": done.returncode, "journal": server().journal()}
    return Seen(without_ports(outside), without_ports(read_lines(file) if records else []))


def without_ports(value):
    """What differs from run to run and stands in URLs, headers and messages."""
    ready = server().ready
    text = re.sub(rf"\b({ready['http']}|{ready['https']})\b", "PORT", json.dumps(value))
    text = re.sub(r"\(\d+\.\d+\.\d+\.\d+\) port \d+ \(#\d+\)|(?<=from )127\.0\.0\.1:\d+", "ADDRESS", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "POINTER", text)
    text = re.sub(r"\d+ (ms|milliseconds|bytes/sec)", r"TIME \1", text)
    text = re.sub(r"-{24}[0-9a-f]{16}", "BOUNDARY", text)
    return json.loads(re.sub(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "DATE", text))


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


def same(outside):
    return outside


# At exit a program waits 200 ms at most for what is not written yet: on a busy machine a record may
# be lost, so that a missing one counts only when it is missing each time.
TRIES = 3


def compare(test, expected, *command, tidy=same, order=list, **options):
    """Runs both ways; fails where a program, its user or its server could tell a difference, and where
    the records are not those, in short, as `order` makes them comparable."""
    test.maxDiff = None
    for _ in range(TRIES):
        plain = run(*command, on=False, **options)
        observed = run(*command, on=True, **options)
        test.assertEqual(tidy(observed.outside), tidy(plain.outside))
        if len(observed.records) >= len(expected):
            break
    test.assertEqual(order(observed.briefs), order(expected))
    return observed


def add_cases(suite, cases, **options):
    """A test for each: nobody can tell, and it is recorded."""
    for name, (expected, *command) in cases.items():
        def test(self, expected=expected, command=tuple(command)):
            compare(self, expected, *command, **options)
        setattr(suite, f"test_{name}", test)
