# scenario: runs a program plainly and with the client, against a server that starts afresh each time.
# SPDX-License-Identifier: Apache-2.0
import atexit
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[4]
BUILD = pathlib.Path(os.environ.get("TASKLESS_BUILD", ROOT / "build"))
CLIENT = BUILD / "lib/taskless/python"
PROGRAMS = pathlib.Path(__file__).resolve().parents[1] / "programs"
TIMEOUT_S = 120
# The program under test may run on another Python than what looks at it.
PYTHON = os.environ.get("TASKLESS_TEST_PYTHON", sys.executable)

folder = pathlib.Path(tempfile.mkdtemp(prefix="taskless-python-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)

# Without Packs, but where a test names its own: nothing is compiled while a program runs.
CONFIG = folder / "no-packs.json"
CONFIG.write_text('{"version": 1, "packs": []}')


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
            if not re.match(r"TASKLESS_|PYTHON(PATH|HOME|STARTUP)|.*_proxy$", name, re.IGNORECASE)}


class Seen:
    """What a run came to: `outside` for its user and its server, `records` and `har` for ours."""

    def __init__(self, outside, records, har):
        self.outside, self.records, self.har = outside, records, har

    @property
    def code(self):
        return self.outside["code"]

    @property
    def briefs(self):
        return [brief(record) for record in self.records]


_runs = iter(range(1, 1_000_000))


def run(program, *args, on, entry="PYTHONPATH", env=None, client_env=None, flags=(), during=None,
        python=PYTHON):
    """Runs a program of programs/, observed when `on`: by PYTHONPATH as `taskless run` sets it, with
    entry="run" by that, or with entry="" by what it does itself. `during` is called with the process."""
    number = next(_runs)
    records, har = folder / f"{number}.ndjson", folder / f"{number}.har"
    ready = server().ready
    environment = {**plain_environment(), "HTTP": f"http://127.0.0.1:{ready['http']}",
                   "HTTPS": f"https://localhost:{ready['https']}", "SSL_CERT_FILE": ready["ca"],
                   "REQUESTS_CA_BUNDLE": ready["ca"], "TASKLESS_CLIENT": str(CLIENT),
                   "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **(env or {})}
    if on:
        outputs = {"TASKLESS_CONFIG": str(CONFIG), "TASKLESS_OUTPUT": f"file:{records},har:{har}",
                   "TASKLESS_FORMAT": "ndjson", **(client_env or {})}
        environment.update(outputs)
        if entry == "PYTHONPATH":
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(CLIENT), environment.get("PYTHONPATH")]))
    command = [python, *flags, str(PROGRAMS / program), *args]
    if on and entry == "run":
        command = [str(BUILD / "bin/taskless"), "run", "--", *command]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        if during:
            during(process)
        out, err = process.communicate(timeout=TIMEOUT_S)
    finally:
        process.kill()
    outside = {"out": out, "err": err, "code": process.returncode, "journal": server().journal()}
    ports = [ready["http"], ready["https"]]
    return Seen(*(without_ports(value, ports) for value in (outside, read_lines(records), read_har(har))))


def without_ports(value, ports):
    """Ports and dates differ from run to run and stand in URLs, headers and messages."""
    text = re.sub(rf"\b({'|'.join(map(str, ports))})\b", "PORT", json.dumps(value))
    return json.loads(re.sub(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "DATE", text))


def read_lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def read_har(file):
    return json.loads(file.read_text())["log"]["entries"] if file.exists() else []


def brief(record):
    """What a record says in short: "POST /path 402 done", "GET / ECONNREFUSED failed"."""
    url = urllib.parse.urlsplit(record["url"].replace("PORT", "1"))
    words = [record["method"], url.path + (f"?{url.query}" if url.query else "")]
    if "status" in record:
        words.append(str(record["status"]))
    if record.get("error", {}).get("code"):
        words.append(record["error"]["code"])
    return " ".join([*words, record["ending"]])


def compare(test, program, *args, tidy=lambda outside: outside, **options):
    """Runs both ways; fails where a program, its user or its server could tell a difference."""
    plain = run(program, *args, on=False, **options)
    observed = run(program, *args, on=True, **options)
    test.maxDiff = None
    test.assertEqual(tidy(observed.outside), tidy(plain.outside))
    test.assertEqual(plain.records, [])
    return observed


# At exit a program waits 200 ms at most for what is not written yet: on a busy machine a record may
# be lost, so that a missing one counts only when it is missing each time.
TRIES = 3


def compare_records(test, expected, *args, brief=list, **options):
    """The same; and the records are those, in short, as `brief` makes them comparable."""
    for _ in range(TRIES):
        seen = compare(test, *args, **options)
        if len(seen.records) >= len(expected):
            break
    test.assertEqual(brief(seen.briefs), expected)
    return seen


def add_cases(suite, program, cases, **options):
    """A test for each case of a program: nobody can tell, and it is recorded."""
    for name, expected in cases.items():
        def test(self, name=name, expected=expected):
            seen = compare_records(self, expected, program, name, **options)
            self.assertEqual(seen.code, 0, seen.outside["err"])
        setattr(suite, f"test_{name}", test)
