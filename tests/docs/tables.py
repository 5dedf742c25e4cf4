#!/usr/bin/env python3
# Each row of a table in Markdown stands in its table: below a head and its line of dashes.
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def stray_rows(text):
    """The numbers of rows that belong to no table."""
    lines, fenced, in_table = text.splitlines(), False, False
    for number, line in enumerate(lines, 1):
        fenced ^= line.lstrip().startswith("```")
        row = line.startswith("|") and not fenced
        head = row and re.fullmatch(r"\|(\s*:?-+:?\s*\|)+\s*", lines[number] if number < len(lines) else "")
        in_table = bool(head) or (row and in_table)
        if row and not in_table:
            yield number


def main():
    assert list(stray_rows("| a |\n| --- |\n| b |\ntext\n| c |\n")) == [5]
    assert list(stray_rows("```\n| a |\n```\n| a |\n|---|\n")) == []
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("*/*/README.md")]
    failures = [f"{page.relative_to(ROOT)}:{number}: a row outside its table"
                for page in pages if "build" not in page.parts and "node_modules" not in page.parts
                for number in stray_rows(page.read_text())]
    print("\n".join(failures) or "ok")
    return 1 if failures else 0


sys.exit(main())
