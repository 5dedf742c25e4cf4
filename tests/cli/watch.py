#!/usr/bin/env python3
# `pack check --watch`: builds and checks on each change, one line a round, and ends quietly.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading

DEADLINE_S = 120


def expect(what, condition, *said):
    print(f"{'ok' if condition else 'not ok'} - {what}", *([] if condition else map(repr, said)))
    return 0 if condition else 1


class Watch:
    """The command under way; its lines come as they are written."""

    def __init__(self, folder, env, *options):
        self.process = subprocess.Popen(["taskless", "pack", "check", "--watch", *options], cwd=folder, env=env, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def round(self):
        """The lines up to the one that ends a round."""
        found = []
        while not found or not re.match(r"\d\d:\d\d:\d\d ", found[-1]):
            found.append(self.lines.get(timeout=DEADLINE_S))
        return found

    def stop(self, number):
        self.process.send_signal(number)
        said = self.process.stderr.read()
        return self.process.wait(DEADLINE_S), said


def edit(path, old, new):
    """As editors do it: another file, and its name."""
    made = path.with_name("." + path.name + ".new")
    made.write_text(path.read_text().replace(old, new))
    made.rename(path)


def story(folder, env):
    subprocess.run(["taskless", "pack", "new", "--lang", "c", "acme"], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    acme = folder / "acme"
    failures = 0
    watch = Watch(acme, env)
    first = watch.round()
    failures += expect("it begins with a build and a check", re.fullmatch(r"\S+ +built, [\d,]+ bytes; 1 case: 1 passed", first[-1]), first)
    edit(acme / "pack.c", '"out_of_credit"', '"out_of_money"')
    second = watch.round()
    failures += expect("a source that changed is built, and what differs is shown",
                       second[0] == "FAIL acme/out_of_credit" and re.search(r"built, .*1 case: 0 passed, 1 failed", second[-1]), second)
    (acme / "pack.c~").write_text("an editor's")
    (acme / ".pack.c.swp").write_text("an editor's")
    case = acme / "cases" / "out_of_credit.json"
    edit(case, '"out_of_credit"', '"out_of_money"')
    third = watch.round()
    failures += expect("a case that changed is run, without a build", re.fullmatch(r"\S+ 1 case: 1 passed", third[-1]) and len(third) == 1, third)
    edit(acme / "pack.c", "return tskl_done();", "return tskl_dnoe();")
    fourth = watch.round()
    failures += expect("what does not compile is not checked", re.fullmatch(r"\S+ +not built", fourth[-1]) and len(fourth) == 1, fourth)
    edit(acme / "pack.c", "return tskl_dnoe();", "return tskl_done();")
    fifth = watch.round()
    failures += expect("and is again when it does", re.search(r"built, .*1 case: 1 passed$", fifth[-1]), fifth)
    (acme / "cases" / "more").mkdir()
    (acme / "cases" / "more" / "again.json").write_text(case.read_text())
    sixth = watch.round()
    while "2 cases" not in sixth[-1]:  # the folder alone may have been a round
        sixth = watch.round()
    failures += expect("a new folder is watched too", "2 cases: 2 passed" in sixth[-1], sixth)
    code, said = watch.stop(signal.SIGINT)
    failures += expect("it ends when it is told to", code == 0, code)
    failures += expect("and says nothing but what the compiler did", said.count("taskless:") == 1 and "tskl_dnoe" in said, said)
    return failures


def others(folder, env):
    """A Pack that nobody here can build is checked when its code changes."""
    built = folder / "built"
    (built / "cases").mkdir(parents=True)
    for name in ("manifest.json", "pack.wasm", "cases/out_of_credit.json"):
        (built / name).write_bytes((folder / "acme" / name).read_bytes())
        (built / name).chmod(0o644)
    watch = Watch(folder, env, "built")
    first = watch.round()
    wasm = (built / "pack.wasm").read_bytes()
    made = built / "made.tmp"
    made.write_bytes(wasm + b"\0\4\3abc")
    made.chmod(0o644)
    made.rename(built / "pack.wasm")
    second = watch.round()
    code, said = watch.stop(signal.SIGTERM)
    return (expect("what another built is checked", re.fullmatch(r"\S+ 1 case: .*", first[-1]), first) +
            expect("and again when it was built again", re.fullmatch(r"\S+ 1 case: .*", second[-1]), second) +
            expect("and SIGTERM ends it as well", (code, said) == (0, ""), code, said))


def refusals(folder, env):
    def said(*words):
        done = subprocess.run(["taskless", "pack", "check", "--watch", *words], cwd=folder, env=env, text=True,
                              capture_output=True, timeout=DEADLINE_S)
        return done.returncode, done.stderr
    return (expect("no folder, nothing to watch",
                   said() == (2, "taskless: --watch needs the folder of a Pack, this one or PACK_DIR\n"), said()) +
            expect("a program reads no rounds",
                   said("--format", "tap", "acme") == (2, "taskless: --watch is for people: it takes no --format tap\n"), said("--format", "tap", "acme")))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="taskless-watch-") as name:
        folder = pathlib.Path(name)
        env = dict(os.environ, PATH=f"{build}/bin:{os.environ['PATH']}", HOME=name, TASKLESS_CACHE=f"{name}/cache", NO_COLOR="1")
        return 1 if story(folder, env) + others(folder, env) + refusals(folder, env) else 0


sys.exit(main())
