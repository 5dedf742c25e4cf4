#!/usr/bin/env python3
# What commands do when the reader of their output leaves early, as `head` does, and what of the
# characters that deceive a terminal shows in JSON.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile

CALLS = 3000
DECEIVES = "a\u202eb\u200bc\u2066d\U000e0041e\ufeff"
ESCAPED = json.dumps(DECEIVES)[1:-1]


def expect(what, condition, *said):
    print(f"{'ok' if condition else 'not ok'} - {what}", *([] if condition else map(repr, said)))
    return 0 if condition else 1


def entry(message):
    content = {"mimeType": "application/json", "text": json.dumps({"error": {"message": message}}, ensure_ascii=False)}
    return {"startedDateTime": "2026-01-01T00:00:00Z", "time": 1,
            "request": {"method": "GET", "url": "https://api.test.example/v1/x", "headers": []},
            "response": {"status": 400, "headers": [{"name": "content-type", "value": "application/json"}],
                         "content": content}}


def write_recording(path, count, message="x"):
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry(message)] * count}}, ensure_ascii=False))
    return str(path)


def without_reader(command, env, ignored):
    """Exit code and complaints of a command whose output nobody reads, SIGPIPE ignored or not."""
    reading, writing = os.pipe()
    os.close(reading)
    how = signal.SIG_IGN if ignored else signal.SIG_DFL
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE,
                          preexec_fn=lambda: signal.signal(signal.SIGPIPE, how))
    os.close(writing)
    return done.returncode, done.stderr.decode()


def leaving(folder, env):
    calls = write_recording(folder / "many.har", CALLS)
    one = write_recording(folder / "one.har", 1)
    beside = folder / "beside.ndjson"
    script = 'set -o pipefail; taskless replay --format ndjson "$0" | head -n 2'
    head = subprocess.run(["bash", "-c", script, calls], env=env, capture_output=True, text=True)
    bad = expect("replay | head shows what was asked for, quietly, and ends well",
                 (head.returncode, head.stdout.count("\n"), head.stderr) == (0, 2, ""), head.returncode, head.stderr)
    for ignored in (False, True):
        got = without_reader(["taskless", "replay", calls], env, ignored)
        bad += expect(f"replay without a reader is quiet, SIGPIPE {'ignored' if ignored else 'as usual'}",
                      got == (0, ""), got)
    code, said = without_reader(["taskless", "replay", "--quiet", "--output", f"stdout,file:{beside}", calls], env, True)
    bad += expect("and goes on for another output", (code, said, len(beside.read_text().splitlines())) ==
                  (0, "", CALLS), code, said)
    for command in (["explain", one], ["explain", "--format", "json", one], ["pack", "inspect", "--json", "stripe"],
                    ["doctor", "--json"], ["replay", "--help"]):
        _, said = without_reader(["taskless", *command], env, True)
        bad += expect(f"{' '.join(command[:2])} says nothing of a reader that has left", "Broken pipe" not in said, said)
    with open("/dev/full", "wb") as full:
        lost = subprocess.run(["taskless", "replay", one], env=env, stdout=full, stderr=subprocess.PIPE, text=True)
    return bad + expect("while a full disk is said", lost.returncode == 4 and "No space left" in lost.stderr, lost)


def on_terminal(command, env):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass  # the other side is closed
    process.wait()
    os.close(ours)
    return shown.decode()


def deceiving(folder, env):
    bad, calls = 0, write_recording(folder / "deceives.har", 1, DECEIVES)
    for command in (["replay", "--format", "ndjson", calls], ["replay", "--format", "stable", calls],
                    ["replay", "--format", "taskless", calls], ["explain", "--format", "json", calls]):
        command = ["taskless", *command]
        shown = on_terminal(command, env)
        piped = subprocess.run(command, env=env, capture_output=True).stdout.decode()
        bad += expect(f"{' '.join(command[1:4])} escapes on a terminal",
                      shown.isascii() and ESCAPED in shown, ascii(shown))
        bad += expect("and the same is read from it as from a pipe",
                      values(shown) and values(shown) == values(piped), ascii(piped))
        bad += expect("which has a record as it is", command[1] != "replay" or DECEIVES in piped, ascii(piped))
    return bad


def values(line):
    """Of the record, without what differs from one run to the next."""
    def texts(value):
        if isinstance(value, dict):
            value = list(value.values())
        return [value] if isinstance(value, str) else sum(map(texts, value), []) if isinstance(value, list) else []

    return [text for text in texts(json.loads(line)) if "\u202e" in text]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="taskless-reader-") as name:
        env = dict(os.environ, PATH=f"{build}/bin:{os.environ['PATH']}", HOME=name, TASKLESS_CACHE=f"{build}/docs-cache")
        os.chdir(name)
        return 1 if sum(test(pathlib.Path(name), env) for test in (leaving, deceiving)) else 0


sys.exit(main())
