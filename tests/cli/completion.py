#!/usr/bin/env python3
# What the real shells complete with the scripts that the program writes.
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 60

# (the line so far, what must be offered, what must not be)
LINES = [
    ("taskless ", ["run", "replay", "pack", "doctor", "completion"], ["check", "--help"]),
    ("taskless re", ["replay"], ["run"]),
    ("taskless pack ", ["check", "inspect", "call"], ["run"]),
    ("taskless pack check --f", ["--format", "--filter"], ["--cases"]),
    ("taskless pack check --format ", ["text", "tap", "json"], ["pretty"]),
    ("taskless run --format ", ["pretty", "ndjson"], ["tap"]),
    ("taskless replay --log-level=d", ["debug"], ["info"]),
    ("taskless compile --system --cpu ", ["host", "baseline"], ["--quiet"]),
    ("taskless replay ca", ["calls.har"], ["folder"]),
    ("taskless replay --packs fo", ["folder"], ["calls.har"]),
    ("taskless completion ", ["bash", "zsh", "fish"], ["calls.har"]),
    ("taskless help exp", ["explain"], ["calls.har"]),
    ("taskless run --quie", [], ["--quiet"]),
]

BASH = r"""
source "$1"
COMP_LINE=$2 COMP_POINT=${#2}
# As readline parts it: '=' is a word of its own, and the word under the cursor may be empty.
read -ra COMP_WORDS <<<"${2//=/ = }"
[[ $2 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_taskless
printf '%s\n' "${COMPREPLY[@]}"
if ((${#COMPREPLY[@]} == 0)); then compgen -f -- "${COMP_WORDS[COMP_CWORD]}" || true; fi
"""


def run(folder, *words):
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=SECONDS,
                          stdin=subprocess.DEVNULL, check=True).stdout


def bash(script, folder, line):
    return run(folder, "bash", "--norc", "-c", BASH, "bash", script, line).split()


def fish(script, folder, line):
    offered = run(folder, "fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line)
    # Behind '=' fish offers the whole word.
    return [entry.split("\t")[0].split("=")[-1].rstrip("/") for entry in offered.splitlines()]


class Zsh:
    """zsh answers only at a terminal: it lists what it would offer, for Control-D's function. The script
    is sourced, or loaded by name when first needed, as from where it is installed."""

    def __init__(self, load, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", PS1="", COLUMNS="200", LINES="200")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        self.seen = ""
        self.send("unsetopt beep zle_bracketed_paste; PS1= RPS1= LISTMAX=1000; stty -echo cols 200 rows 200\n")
        self.send(load[0] + "autoload -Uz compinit && compinit -u -D\n")
        self.send("zstyle ':completion:*' list-colors ''; bindkey '^D' list-choices\n")
        self.send(load[1] + "echo re''ady\n")
        self.wait_for("ready")

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, mark):
        """What stands before the mark."""
        deadline = time.monotonic() + SECONDS
        while mark not in self.seen:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise TimeoutError(f"zsh never wrote {mark!r}: {self.seen!r}")
            self.seen += os.read(self.fd, 65536).decode(errors="replace")
        before, self.seen = self.seen.split(mark, 1)
        return before

    def offers(self, line):
        self.send(line + "\x04")
        # Control-U takes the line back; then a command marks the end.
        self.send("\x15echo do''ne\n")
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", self.wait_for("done"))
        return [word for word in shown.split() if word not in line.split()]

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def check(shell, line, wanted, unwanted, offered):
    missing = [word for word in wanted if word not in offered]
    surplus = [word for word in unwanted if word in offered]
    if missing or surplus:
        return [f"{shell}: {line!r}: lacks {missing}, has {surplus}: {offered}"]
    return []


def main():
    scripts = pathlib.Path(sys.argv[1]).resolve() / "completion"
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "calls.har").touch()
        (pathlib.Path(folder) / "folder").mkdir()
        installed = pathlib.Path(folder) / "functions" / "_taskless"
        installed.parent.mkdir()
        shutil.copy(scripts / "taskless.zsh", installed)
        sourced = Zsh(("", f"source {scripts / 'taskless.zsh'}; "), folder)
        loaded = Zsh((f"fpath=({installed.parent} $fpath); ", ""), folder)
        for line, wanted, unwanted in LINES:
            failures += check("bash", line, wanted, unwanted, bash(scripts / "taskless.bash", folder, line))
            failures += check("fish", line, wanted, unwanted, fish(scripts / "taskless.fish", folder, line))
            if len(wanted) > 1 or not wanted:  # a single one is completed, not listed
                failures += check("zsh", line, wanted, unwanted, sourced.offers(line))
                failures += check("zsh by name", line, wanted, unwanted, loaded.offers(line))
        sourced.close()
        loaded.close()
    print("\n".join(failures) or "ok")
    return 1 if failures else 0


sys.exit(main())
