#!/usr/bin/env python3
# What the program does only where a person watches: progress, remarks and colour.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile

ANSWER = "HTTP/1.1 402 No\nstripe-version: 1\n\n" + json.dumps({"error": {"type": "card_error"}})


def on_terminal(command, env, streams=("stderr",), stdin=b""):
    """What a terminal shows that the named streams lead to."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE,
                               **{name: theirs if name in streams else subprocess.DEVNULL
                                  for name in ("stdout", "stderr")})
    os.close(theirs)
    process.stdin.write(stdin)
    process.stdin.close()
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass  # the other side is closed
    process.wait(60)
    os.close(ours)
    return shown.decode()


def expect(what, condition, *said):
    print(f"{'ok' if condition else 'not ok'} - {what}", *([] if condition else map(repr, said)))
    return 0 if condition else 1


def write_recording(path):
    one = json.dumps({"request": {"url": "https://api.stripe.com/"},
                      "response": {"status": 402, "content": {"text": "{}" + " " * 2000}}})
    path.write_text('{"log": {"entries": [' + ",\n".join([one] * 5000) + "]}}")


def progress(folder, env):
    write_recording(folder / "calls.har")
    command = ["taskless", "replay", "--format", "ndjson", str(folder / "calls.har")]
    shown = on_terminal(command, env)
    both = on_terminal(command, env, ("stdout", "stderr"))
    quiet = on_terminal([*command, "--quiet"], env)
    return (expect("progress says count, rate and share", "/s, " in shown and " %" in shown, shown[:200]) +
            expect("and is taken away before the summary", "\r\033[Ktaskless: 5000 calls" in shown, shown[-200:]) +
            expect("and keeps out of records on the same terminal", "/s, " not in both, both[:200]) +
            expect("and is not shown when quiet is asked for", quiet == "", quiet))


def colour(folder, env):
    plain = dict(env, NO_COLOR="1")
    command = ["taskless", "explain"]
    shown = on_terminal(command, env, ("stdout", "stderr"), ANSWER.encode())
    without = on_terminal(command, plain, ("stdout", "stderr"), ANSWER.encode())
    dumb = on_terminal(command, dict(env, TERM="dumb"), ("stdout", "stderr"), ANSWER.encode())
    return (expect("explain is in colour on a terminal", "\033[" in shown, shown) +
            expect("but not with NO_COLOR", "\033[" not in without and "stripe" in without, without) +
            expect("nor on a dumb terminal", "\033[" not in dumb and "stripe" in dumb, dumb))


def copy_pack(folder, build):
    """A Pack that no cache of this machine has: with a section of its own."""
    pack = folder / "packs" / "stripe"
    shutil.copytree(build / "packs" / "stripe", pack)
    code = (pack / "pack.wasm").read_bytes()
    (pack / "pack.wasm").write_bytes(code + b"\0\x05\x04test")
    for path in (pack.parent, pack, *pack.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return pack.parent


def remarks(folder, env):
    packs = copy_pack(folder, pathlib.Path(sys.argv[1]).resolve())
    command = ["taskless", "run", "--packs", str(packs), "--", "true"]
    fresh = dict(env, TASKLESS_CACHE=str(folder / "cache"))
    first = on_terminal(command, fresh)
    again = on_terminal(command, fresh)
    unseen = subprocess.run(command, capture_output=True, text=True,
                            env=dict(env, TASKLESS_CACHE=str(folder / "other")))
    return (expect("run says what it compiles", "taskless: compiling stripe, once" in first, first) +
            expect("and that only once", again == "", again) +
            expect("and only to a person", unseen.stderr == "", unseen.stderr))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="taskless-terminal-") as name:
        env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        env.update(PATH=f"{build}/bin:{os.environ['PATH']}", HOME=name, TERM="xterm",
                   TASKLESS_CACHE=f"{build}/docs-cache")
        os.chdir(name)
        return 1 if sum(test(pathlib.Path(name), env) for test in (progress, colour, remarks)) else 0


sys.exit(main())
