#!/usr/bin/env python3
# The Stripe Pack in each language gives the same records, byte for byte: all cases of it that have a
# response, in one recording.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

taskless, examples, cases = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])

def pairs(headers):
    named = headers.items() if isinstance(headers, dict) else headers
    return [{"name": name, "value": str(value)} for name, values in named
            for value in (values if isinstance(values, list) else [values])]

def text(body):
    return body if isinstance(body, str) else json.dumps(body)

def entry(case):
    request, response = case["request"], case["response"]
    made = {
        "startedDateTime": "2026-11-23T02:15:04.123Z", "time": 120,
        "request": {"method": request["method"], "url": request["url"], "httpVersion": "HTTP/1.1", "queryString": [],
                    "headers": pairs(request.get("headers", {})), "cookies": [], "headersSize": -1, "bodySize": -1},
        "response": {"status": response["status"], "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                     "headers": pairs(response.get("headers", {})), "redirectURL": "", "headersSize": -1, "bodySize": -1,
                     "content": {"size": -1, "mimeType": "application/json", "text": text(response.get("body", ""))}},
        "cache": {}, "timings": {"send": 1, "wait": 1, "receive": 1},
    }
    if "body" in request:
        made["request"]["postData"] = {"mimeType": "text/plain", "text": text(request["body"])}
    return made

def records(pack, har, work):
    folder = work / pack.name / "stripe"
    folder.mkdir(parents=True)
    for file in [pack / "manifest.json", *pack.glob("*.wasm")]:
        shutil.copy(file, folder)

    done = subprocess.run([taskless, "replay", "--packs", folder.parent, "--format", "stable", har], text=True,
                          capture_output=True, timeout=300, env=dict(os.environ, TASKLESS_CACHE=str(work / "cache")))
    assert done.returncode == 0, (pack.name, done.returncode, done.stderr[-2000:])
    return done.stdout.splitlines()

with tempfile.TemporaryDirectory(prefix="taskless-records-") as work:
    work = pathlib.Path(work)
    recorded = [case for case in (json.loads(file.read_text()) for file in sorted(cases.glob("*.json"))) if "response" in case]
    har = work / "calls.har"
    har.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"},
                                       "entries": [entry(case) for case in recorded]}}))
    expected = records(examples / "stripe-c", har, work)
    assert len(expected) == len(recorded) and sum('"stripe/class"' in line for line in expected) > 30, expected[:3]
    failed = False
    for pack in sorted(examples.glob("stripe-*")):
        wrong = [(ours, line) for ours, line in zip(expected, records(pack, har, work / "again"), strict=True) if ours != line]
        print(f"{pack.name}: {len(expected)} records, {len(wrong)} of them other than in C")
        failed |= bool(wrong)
        for ours, line in wrong[:2]:
            print(f"  in C: {ours}\n  here: {line}")
    sys.exit(failed)
