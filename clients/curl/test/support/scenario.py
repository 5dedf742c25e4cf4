# scenario: runs a program plainly and under `taskless run`, against a server that starts afresh each time.
# SPDX-License-Identifier: Apache-2.0
import itertools
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tests/servers"))
from observed import BUILD, CONFIG, ROOT, TASKLESS, TIMEOUT_S, Seen, compare_both, folder, plain_environment, read_lines, server

TESTS = ROOT / "clients/curl/test"
PROGRAMS = BUILD / "clients/curl/programs"
CLIENT = BUILD / "lib/taskless/curl"

_runs = itertools.count(1)


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


def same(outside):
    return outside


def compare(test, expected, *command, tidy=same, order=list, **options):
    """Runs both ways; fails where a program, its user or its server could tell a difference, and where
    the records are not those, in short, as `order` makes them comparable."""
    observed = compare_both(test, lambda on: run(*command, on=on, **options), tidy, len(expected))
    test.assertEqual(order(observed.briefs), order(expected))
    return observed


def add_cases(suite, cases, **options):
    """A test for each: nobody can tell, and it is recorded."""
    for name, (expected, *command) in cases.items():
        def test(self, expected=expected, command=tuple(command)):
            compare(self, expected, *command, **options)
        setattr(suite, f"test_{name}", test)
