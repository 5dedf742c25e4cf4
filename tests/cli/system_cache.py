#!/usr/bin/env python3
# taskless compile --system: what an image holds, for every user and on any processor. In a mount
# namespace, so that the machine's own /var/cache stays as it is.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess
import sys
import tempfile

INSIDE = "TSKL_CACHE_INSIDE"
SKIPPED = 77
SYSTEM = pathlib.Path("/var/cache/taskless")
CALL = {"request": {"method": "GET", "url": "https://api.stripe.com/v1/balance", "headers": []},
        "response": {"status": 402, "content": {"text": '{"error": {"type": "card_error"}}'}}}


def enter():
    """Returns inside a namespace whose /var/cache is empty; ends where none is permitted."""
    apart = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if not os.environ.get(INSIDE):
        if subprocess.run([*apart, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            sys.exit(SKIPPED)
        os.environ[INSIDE] = "1"
        os.execvp(apart[0], [*apart, sys.executable, *sys.argv])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "none", SYSTEM.parent], check=True)


def mount(how):
    """Read-only while Packs run, or what is missing would be compiled into it."""
    subprocess.run(["mount", "-o", f"remount,{how}", SYSTEM.parent], check=True)


class Story:
    def __init__(self, build, folder):
        self.program = build / "bin" / "taskless"
        self.folder = folder
        # A home that takes nothing, not even from root: what is found is the system's.
        self.env = {"PATH": os.environ["PATH"], "HOME": "/proc/none"}
        (folder / "calls.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [CALL]}}))

    def run(self, *words):
        return subprocess.run([self.program, *words], cwd=self.folder, env=self.env, text=True,
                              capture_output=True, timeout=300, check=False, umask=0o077)

    def replay(self):
        mount("ro")
        done = self.run("replay", "--format", "ndjson", "--quiet", "calls.har")
        mount("rw")
        return json.loads(done.stdout)["packs"][-1], done.stderr


def expect(what, condition, *seen):
    if not condition:
        sys.exit(f"not so: {what}: {seen}")


def main():
    enter()
    with tempfile.TemporaryDirectory() as folder:
        story = Story(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(folder))

        run, said = story.replay()
        expect("without any cache the Pack is off", run.get("result") == "unavailable", run, said)

        done = story.run("compile", "--system")
        expect("it compiles", done.returncode == 0 and "stripe: compiled" in done.stdout, done)
        expect("all may read the folder", SYSTEM.stat().st_mode & 0o777 == 0o755, SYSTEM.stat())
        entries = sorted(SYSTEM.iterdir())
        expect("one entry a Pack", len(entries) == len(done.stdout.splitlines()), entries)
        for entry in entries:
            expect("it is for any processor", entry.name.endswith("-baseline.cwasm"), entry)
            expect("all may read it", entry.stat().st_mode & 0o777 == 0o644, entry.stat())

        run, said = story.replay()
        expect("the library takes it", "result" not in run and said == "", run, said)
        done = story.run("compile", "stripe")
        expect("nothing is compiled twice", done.stdout == "stripe: was compiled before\n", done)

        for entry in entries:
            entry.unlink()
        run, said = story.replay()
        expect("it was that code", run.get("result") == "unavailable", run, said)
        done = story.run("compile", "--system", "--cpu", "host", "stripe")
        names = [entry.name for entry in SYSTEM.iterdir()]
        expect("for this processor alone, where asked", len(names) == 1 and
               not names[0].endswith("-baseline.cwasm"), done, names)
        run, said = story.replay()
        expect("which the library takes as well", "result" not in run, run, said)
    print("ok")


main()
