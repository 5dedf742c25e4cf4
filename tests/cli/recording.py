#!/usr/bin/env python3
# Large recordings: every entry becomes a record, in order, within memory that does not grow with
# the recording.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ENTRY_MAX = 16 * 1024 * 1024


def entry(number, body="{}"):
    return json.dumps({
        "startedDateTime": "2026-09-21T14:13:20.000Z", "time": 5,
        "request": {"method": "GET", "url": f"https://api.stripe.com/v1/charges/{number}", "headers": []},
        "response": {"status": 200 if number % 10 else 404, "headers": [], "content": {"text": body}}})


def write(path, entries):
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"log": {"entries": [\n')
        for number, text in enumerate(entries):
            file.write(("," if number else "") + text + "\n")
        file.write("]}}\n")


def replay(path, env, options=()):
    """Records, what was said, the exit code, and the most memory in KiB."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(["taskless", "replay", "--format", "ndjson", *options, str(path)],
                                   env=env, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        err.seek(0)
        records = [json.loads(line) for line in out.read().decode().splitlines()]
        return records, err.read().decode(), os.waitstatus_to_exitcode(status), usage.ru_maxrss


def expect(what, condition, *said):
    print(f"{'ok' if condition else 'not ok'} - {what}", *([] if condition else said))
    return 0 if condition else 1


def all_in_order(folder, env):
    path = folder / "thousand.har"
    write(path, (entry(n) for n in range(1000)))
    records, said, code, _ = replay(path, env)
    urls = [record["url"].rsplit("/", 1)[1] for record in records]
    return (expect("1000 entries become 1000 records, in order", urls == [str(n) for n in range(1000)], len(urls)) +
            expect("the summary counts them", said.startswith("taskless: 1000 calls, 100 failed: "), said) +
            expect("that is done", code == 0, code))


def flat_memory(folder, env):
    body = json.dumps({"filler": "x" * 30000})
    sizes = []
    for count in (500, 5000):
        write(folder / "large.har", (entry(n, body) for n in range(count)))
        records, _, _, memory = replay(folder / "large.har", env)
        sizes.append(memory)
        if len(records) != count:
            return expect(f"{count} large entries become records", False, len(records))
    return expect("ten times the recording takes no more memory", sizes[1] < sizes[0] * 1.3 + 8192, sizes)


def too_large(folder, env):
    path = folder / "huge.har"
    write(path, [entry(0), entry(1, "x" * (ENTRY_MAX + 1000)), entry(2)])
    records, said, code, _ = replay(path, env)
    return (expect("an entry over 16 MiB is passed over", len(records) == 2, len(records)) +
            expect("and named", "entry 2: line 3: larger than 16 MiB" in said, said) +
            expect("and counted", "; 1 bad" in said and code == 3, said, code))


def small_queue(folder, env):
    """The observer's bound never makes a replay lose a call."""
    (folder / "taskless.json").write_text('{"version": 1, "queue": {"exchanges": 4, "mib": 1}}')
    (folder / "taskless.json").chmod(0o600)
    write(folder / "calls.har", (entry(n, "y" * 100000) for n in range(300)))
    records, said, _, _ = replay(folder / "calls.har", env, ["--config", str(folder / "taskless.json")])
    whole = all("truncated" not in record for record in records)
    return expect("a small queue drops nothing", len(records) == 300 and whole, len(records), said)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="taskless-recording-") as name:
        env = dict(os.environ, PATH=f"{build}/bin:{os.environ['PATH']}", HOME=name,
                   TASKLESS_CACHE=f"{build}/docs-cache")
        os.chdir(name)
        folder = pathlib.Path(name)
        return 1 if sum(test(folder, env) for test in (all_in_order, flat_memory, too_large, small_queue)) else 0


sys.exit(main())
