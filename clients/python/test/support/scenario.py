# scenario: runs a program plainly and with the client, against a server that starts afresh each time.
# SPDX-License-Identifier: Apache-2.0
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tests/servers"))
from observed import BUILD, CONFIG, ROOT, TASKLESS, TIMEOUT_S, Seen, brief, compare_both, folder, plain_environment, read_lines, server

CLIENT = BUILD / "lib/taskless/python"
PROGRAMS = ROOT / "clients/python/test/programs"
# The program under test may run on another Python than what looks at it.
PYTHON = os.environ.get("TASKLESS_TEST_PYTHON", sys.executable)

_runs = itertools.count(1)


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
        command = [str(TASKLESS), "run", "--", *command]
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


def read_har(file):
    return json.loads(file.read_text())["log"]["entries"] if file.exists() else []


def compare(test, program, *args, tidy=lambda outside: outside, least=0, **options):
    """Runs both ways; fails where a program, its user or its server could tell a difference."""
    return compare_both(test, lambda on: run(program, *args, on=on, **options), tidy, least)


def compare_records(test, expected, *args, brief=list, **options):
    """The same; and the records are those, in short, as `brief` makes them comparable."""
    seen = compare(test, *args, least=len(expected), **options)
    test.assertEqual(brief(seen.briefs), expected)
    return seen


def add_cases(suite, program, cases, **options):
    """A test for each case of a program: nobody can tell, and it is recorded."""
    for name, expected in cases.items():
        def test(self, name=name, expected=expected):
            seen = compare_records(self, expected, program, name, **options)
            self.assertEqual(seen.code, 0, seen.outside["err"])
        setattr(suite, f"test_{name}", test)
