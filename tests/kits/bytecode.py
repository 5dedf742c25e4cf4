#!/usr/bin/env python3
# Bytecode that somebody spoiled: it can end the hooks of its own Pack and reach nothing else. Packs of
# which bytes were changed at many places run in one process, beside one that was not.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

taskless, pack = sys.argv[1], pathlib.Path(sys.argv[2])
SPOILED, CALLS = 40, 3
RESULTS = {"trap", "time", "memory", "stack", "output", "json", "error", "exit", "abi", "rested"}

BODY = {"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"}}


def entry(number):
    return {
        "startedDateTime": "2026-11-23T02:15:04.123Z", "time": 10 + number,
        "request": {"method": "POST", "url": "https://api.stripe.com/v1/charges", "httpVersion": "HTTP/1.1",
                    "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 402, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
                     "headers": [{"name": "content-type", "value": "application/json"}],
                     "content": {"size": 1, "mimeType": "application/json", "text": json.dumps(BODY)},
                     "headersSize": -1, "bodySize": -1},
        "cache": {}, "timings": {"send": 1, "wait": 1, "receive": 1},
    }


def number(wasm, at):
    """A LEB128 number, and where it ends."""
    value = shift = 0
    while True:
        value |= (wasm[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if wasm[at - 1] < 128:
            return value, at


def begin_of_bytecode(wasm):
    """It is the one segment of the last section."""
    at = 8
    while True:
        kind = wasm[at]
        size, at = number(wasm, at + 1)
        if kind == 11:
            return number(wasm, at + 2)[1]
        at += size


def spoil(wasm, seed):
    """Changes up to eight bytes of the bytecode. Its checksum, which guards against accidents, says that it
    is not to be looked at, as whoever does this on purpose would have it."""
    chance = random.Random(seed)
    changed = bytearray(wasm)
    begin = begin_of_bytecode(wasm)
    changed[begin + 1:begin + 5] = bytes([255] * 4)
    for _ in range(chance.choice([1, 1, 2, 8])):
        changed[chance.randrange(begin + 5, len(wasm))] = chance.randrange(256)
    return bytes(changed)


def add(folder, name, wasm):
    manifest = json.loads((pack / "manifest.json").read_text())
    (folder / name).mkdir()
    manifest.update(name=name, marks=[], charts=[])
    (folder / name / "manifest.json").write_text(json.dumps(manifest))
    (folder / name / "pack.wasm").write_bytes(wasm)


with tempfile.TemporaryDirectory(prefix="taskless-bytecode-") as work:
    work = pathlib.Path(work)
    packs = work / "packs"
    (packs / "modules").mkdir(parents=True)
    digest = json.loads((pack / "manifest.json").read_text())["modules"][0]["digest"].removeprefix("sha256:")
    (packs / "modules" / f"{digest}.wasm").write_bytes((pack / "engine.wasm").read_bytes())
    wasm = (pack / "pack.wasm").read_bytes()
    add(packs, "good", wasm)
    for seed in range(SPOILED):
        add(packs, f"spoiled-{seed}", spoil(wasm, seed))
    (work / "calls.har").write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"},
                                                        "entries": [entry(i) for i in range(CALLS)]}}))
    env = dict(os.environ, TASKLESS_CACHE=str(work / "cache"))
    done = subprocess.run([taskless, "replay", "--packs", packs, "--format", "ndjson", work / "calls.har"],
                          env=env, text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == CALLS, done.stdout
    seen = {}
    for record in records:
        good = {name: value for name, value in record["captures"].items() if name.startswith("good/")}
        assert good["good/class"] == "declined" and good["good/error.code"] == "card_declined", good
        for ran in record["packs"]:
            result = ran.get("result", "ok")
            assert ran["name"] != "good" or result == "ok", ran
            assert result == "ok" or result in RESULTS, ran
            seen[result] = seen.get(result, 0) + 1
    # The bytes are ones that matter: hooks do end.
    assert seen.get("error", 0) + seen.get("trap", 0) >= CALLS, seen
    print("results:", seen)
