#!/usr/bin/env python3
# The manual pages, docs/cli.md and the program's own help name the same commands and options.
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def help_of(program, *words):
    return subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True).stdout


def options_of_help(text):
    return set(re.findall(r"^  --([a-z-]+)", text, re.M))


def options_of_manual(path):
    return set(re.findall(r"^\.It Fl -([a-z-]+)", path.read_text(), re.M))


def main():
    program = pathlib.Path(sys.argv[1]).resolve() / "bin" / "taskless"
    failures = []
    overview = subprocess.run([program, "help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  (\w+(?: \w+)?) {2,}\S", overview.split("Commands")[1].split("To begin")[0], re.M)
    pages = (ROOT / "docs" / "cli.md").read_text()
    main_page = (ROOT / "docs" / "man" / "taskless.1").read_text()
    for command in commands:
        text = help_of(program, *command.split())
        options = options_of_help(text)
        failures += [f"help of {command}: over 80 columns: {line}" for line in text.splitlines() if len(line) > 80]
        after = re.findall(r"^Next\n(.*)", text, re.M)
        failures += [f"help of {command}: nothing stands under Next" for line in after if not line.startswith("  taskless ")]
        if f"Cm {command}" not in main_page:
            failures.append(f"taskless.1 does not name {command}")
        manual = ROOT / "docs" / "man" / f"taskless-{command.replace(' ', '-')}.1"
        if not manual.exists():
            if options != {"help"}:
                failures.append(f"{manual.name} is missing")
            continue
        if options_of_manual(manual) != options:
            failures.append(f"{manual.name}: {options_of_manual(manual) ^ options} differ from --help")
        missing = [option for option in options if f"`--{option}" not in pages]
        if missing:
            failures.append(f"docs/cli.md does not name {missing} of {command}")
    print("\n".join(failures) or "ok")
    return 1 if failures else 0


sys.exit(main())
