#!/usr/bin/env python3
# Runs every command that the documentation shows, and compares what it prints.
# SPDX-License-Identifier: Apache-2.0
"""A page's fenced blocks are a story, run from top to bottom in an empty folder:

    ```yaml taskless.yaml     a word behind the language names a file, which is written
    ```console                "$ " begins a command, what follows is what it prints, "..." stands
                              for anything within a line, or alone for any lines
    ```sh                     commands that must succeed; their output is not compared

Other blocks are not run. A command may fail only where its output is shown to the end with a line
"(exit N)". Commands that begin with "make" or "sudo" are left to the project's own tests.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w*)[ \t]*(\S*)\n(.*?)^```$", re.M | re.S)


def commands_of(block):
    """[(command, expected lines)] of a console block; a trailing backslash continues a command."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and found[-1][0].endswith("\\"):
            found[-1][0] = found[-1][0][:-1] + line.strip()
        elif found:
            found[-1][1].append(line)
    return found


def matches(expected, got):
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ ]*\n"
    return re.fullmatch(pattern, got) is not None


def run(command, folder, env):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def check(command, expected, folder, env):
    """None, or what is wrong."""
    if command.split()[0] in ("make", "sudo"):
        return None
    code, got = run(command, folder, env)
    wanted = 0
    if expected and (last := re.fullmatch(r"\(exit (\d+)\)", expected[-1])):
        wanted, expected = int(last[1]), expected[:-1]
    if code != wanted:
        return f"exit {code}, not {wanted}\n{got}"
    if expected and not matches(expected, got if got.endswith("\n") or not got else got + "\n"):
        return "it printed\n" + got + "and not\n" + "\n".join(expected)
    return None


def run_page(page, prefix, files):
    failures = ran = 0
    with tempfile.TemporaryDirectory(prefix="taskless-docs-") as folder:
        for file in files:
            shutil.copy(file, folder)
        env = dict(os.environ, PATH=f"{prefix}/bin:{os.environ['PATH']}", HOME=folder, NO_COLOR="1",
                   PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig", TASKLESS_CACHE=f"{folder}/cache",
                   COLUMNS="100", TERM="xterm",
                   TASKLESS_SOURCE=str(pathlib.Path(__file__).resolve().parents[2]))
        for language, name, body in FENCE.findall(page.read_text()):
            if name:
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(body)
                path.chmod(0o600)
                continue
            steps = commands_of(body) if language == "console" else \
                [(body, [])] if language == "sh" else []
            for command, expected in steps:
                ran += 1
                problem = check(command, expected, folder, env)
                if problem:
                    failures += 1
                    print(f"not ok - {page.name}: {command}\n{problem}")
    print(f"{'ok' if not failures else 'not ok'} - {page.name}: {ran} commands")
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix", type=pathlib.Path, help="where taskless is installed")
    parser.add_argument("pages", type=pathlib.Path, nargs="+")
    parser.add_argument("--with", dest="files", action="append", default=[],
                        help="a file that the page's reader has")
    args = parser.parse_args()
    return 1 if sum(run_page(page, args.prefix.resolve(), args.files) for page in args.pages) else 0


sys.exit(main())
