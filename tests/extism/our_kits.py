#!/usr/bin/env python3
# Packs of our kits in libextism: each answers there what it answers here, and what it answers in C;
# one instance takes thousands of calls without growing.
# SPDX-License-Identifier: Apache-2.0
"""our_kits.py BUILD"""
import ctypes
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CALLS = 1500

# What a hook may be shown: a failure, a success, OAuth's form, a proxy's page, no answer.
ANSWERS = [
    {"status": 200, "headers": [["request-id", "req_1"]], "body": None},
    {"status": 400, "headers": [], "body": {"error": "invalid_grant", "error_description": "used"}},
    {"status": 402, "headers": [["stripe-should-retry", "false"]],
     "body": {"error": {"code": "a\"b\\\u00e9\U0001f600\n", "param": -1.5e3, "type": "card_error", "charge": ""}}},
    {"status": 429, "headers": [["retry-after", "7"], ["stripe-rate-limited-reason", "global-rate"]], "body": "text"},
]
SENT = {"method": "POST", "url": "https://api.stripe.com/v1/charges", "headers": [["idempotency-key", "k-1"]], "body": ""}
ALWAYS = {"requestId": "", "request": SENT, "context": None, "environment": {}, "configuration": {"captureMessage": True}}
INPUTS = [(HERE / "../../bench/post.json").read_text()]
INPUTS += [json.dumps(ALWAYS | {"response": answer}) for answer in ANSWERS]
INPUTS += [json.dumps(ALWAYS | {"error": {"kind": "timeout", "code": "ETIMEDOUT"}})]


class Plugin:
    """A plugin in libextism."""

    def __init__(self, library, wasm):
        self.library = library
        message = ctypes.c_char_p()
        self.plugin = library.extism_plugin_new(wasm, len(wasm), None, 0, True, ctypes.byref(message))
        if not self.plugin:
            raise SystemExit(f"libextism: {message.value}")

    def call(self, hook, text):
        status = self.library.extism_plugin_call(self.plugin, hook, text, len(text))
        if status != 0:
            return f"status {status}: {self.library.extism_plugin_error(self.plugin)}"
        length = self.library.extism_plugin_output_length(self.plugin)
        return ctypes.string_at(self.library.extism_plugin_output_data(self.plugin), length).decode()

    def free(self):
        self.library.extism_plugin_free(self.plugin)


def load(path):
    library = ctypes.CDLL(path)
    size = ctypes.c_uint64
    library.extism_plugin_new.restype = ctypes.c_void_p
    library.extism_plugin_new.argtypes = [ctypes.c_char_p, size, ctypes.c_void_p, size, ctypes.c_bool, ctypes.c_void_p]
    library.extism_plugin_call.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, size]
    for name, result in (("error", ctypes.c_char_p), ("output_length", size), ("output_data", ctypes.c_void_p), ("free", None)):
        function = getattr(library, f"extism_plugin_{name}")
        function.argtypes, function.restype = [ctypes.c_void_p], result
    return library


def here(taskless, wasm, text, cache):
    """What the Pack answers in our sandbox."""
    with tempfile.NamedTemporaryFile("w", dir=cache) as file:
        file.write(text)
        file.flush()
        done = subprocess.run([taskless, "pack", "call", wasm, "post", "--input", f"@{file.name}"], text=True, timeout=120,
                              env=dict(os.environ, TASKLESS_CACHE=cache), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.stdout if done.returncode == 0 else f"exit {done.returncode}: {done.stderr}"


def resident_kib():
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())[1])


def said(answer):
    """An answer with its captures in order, however it is spelt."""
    return [(name, list(value.items())) for name, value in json.loads(answer).items()] if answer else []


def check(library, taskless, pack, expected, cache):
    """The faults of one Pack, and what it answered."""
    faults, answers = [], []
    wasm = pack / "pack.wasm"
    plugin = Plugin(library, wasm.read_bytes())
    for text in INPUTS:
        there = plugin.call(b"post", text.encode())
        ours = here(taskless, wasm, text, cache)
        answers.append(there)
        if there != ours:
            faults.append(f"{text!r}: in libextism {there!r}, here {ours!r}")
        elif expected and said(there) != said(expected[len(answers) - 1]):
            faults.append(f"{text!r}: {there!r}, in C {expected[len(answers) - 1]!r}")
    text = INPUTS[0].encode()
    for count in range(CALLS):
        if count == CALLS // 3:
            before = resident_kib()
        answer = plugin.call(b"post", text)
        if answer != answers[0]:
            faults.append(f"call {count}: {answer!r}")
            break
    else:
        grown = resident_kib() - before
        print(f"{pack.name}: {len(INPUTS)} inputs, {CALLS} calls, {grown} KiB grown")
        if grown > 4096:
            faults.append(f"{grown} KiB grown in {CALLS} calls")
    plugin.free()
    return faults, answers


def main():
    build = pathlib.Path(sys.argv[1])
    library = load(subprocess.check_output([HERE / "../../scripts/libextism.sh"], text=True).strip())
    # Those on the shared engine need a host that links it.
    packs = sorted(pack.parent for pack in build.glob("examples/stripe-*/pack.wasm") if not pack.parent.name.endswith("-engine"))
    packs.sort(key=lambda pack: pack.name != "stripe-c")
    expected, failed = None, False
    with tempfile.TemporaryDirectory(prefix="taskless-libextism-") as cache:
        for pack in packs:
            faults, answers = check(library, build / "bin/taskless", pack, expected, cache)
            expected = expected or answers
            for fault in faults:
                failed = True
                print(f"FAIL {pack.name}: {fault}")
    sys.exit(failed or len(packs) < 3)


main()
