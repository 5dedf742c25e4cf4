# What tests of kits share: a project that is built, calls replayed with it.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import tempfile

taskless, tools = sys.argv[1:3]
temporary = tempfile.TemporaryDirectory(prefix="taskless-kits-")
work = pathlib.Path(temporary.name)
(work / "packs").mkdir()

# A script that overflows its stack takes about the 100 ms that a hook has.
PACK = {"schema": "pre2", "name": "scripts", "version": "1.0.0", "description": "x", "hosts": ["a.example"],
        "permissions": {"body": True}, "limits": {"time_ms": 500}}
failures = 0


def check(name, holds, *what):
    global failures
    if not holds:
        failures += 1
        print(f"FAILED {name}:", *what)


def run(*arguments, folder=None):
    env = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}", TASKLESS_CACHE=str(work / "cache"))
    done = subprocess.run([taskless, "pack", *map(str, arguments)], env=env, cwd=folder, text=True,
                          capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr


def build(folder, file, source, **manifest):
    """The folder, and what `pack build` came to."""
    folder = work / folder
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({**PACK, **manifest}))
    (folder / file).write_text(source)
    return folder, *run("build", folder)


def entry(way, **given):
    """A call of which the request says what the script does."""
    return {
        "startedDateTime": "2026-11-23T02:15:04.123Z", "time": 1,
        "request": {"method": "POST", "url": f"https://a.example/{way}", "httpVersion": "HTTP/1.1",
                    "headers": [{"name": name, "value": value} for name, value in given.get("headers", [])],
                    "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 200, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
                     "headers": [{"name": "content-type", "value": given.get("type", "application/json")}],
                     "content": {"size": 1, "mimeType": "text/plain", "text": given.get("body", "{}")},
                     "headersSize": -1, "bodySize": -1},
        "cache": {}, "timings": {"send": 1, "wait": 1, "receive": 1},
    }


def replay(entries):
    """The records, and what was logged."""
    har = work / "calls.har"
    # The Packs that come with taskless would stand before those of the folder.
    (work / "packs" / "taskless.json").write_text('{"version": 1, "shipped": false}')
    har.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": entries}}))
    env = dict(os.environ, TASKLESS_CACHE=str(work / "cache"), TASKLESS_LOG_LEVEL="info")
    done = subprocess.run([taskless, "replay", "--packs", work / "packs", "--format", "ndjson", har], env=env,
                          text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def judge(captured, refused, given):
    """Calls whose path says what the script does: what it captures, or what its error says. Returns what was
    logged."""
    # After five failures in a row a Pack would rest.
    ways = [*captured, *(way for bad in refused for way in (bad, next(iter(captured))))]
    records, logged = replay([entry(way, **given.get(way, {})) for way in ways])
    for way, record in zip(ways, records, strict=True):
        ran = record["packs"][0]
        if way in captured:
            got = {name.removeprefix("scripts/"): value for name, value in record.get("captures", {}).items()}
            check(way, list(got.items()) == list(captured[way].items()) and "result" not in ran, got, ran)
        else:
            told = ran.get("detail", "")
            check(way, ran.get("result") == "error" and all(text in told for text in refused[way]), ran)
    return logged


def done():
    temporary.cleanup()
    sys.exit(f"{failures} failed" if failures else 0)
