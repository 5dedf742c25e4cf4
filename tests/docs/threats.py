#!/usr/bin/env python3
# What docs/internals/threats.md names as the test of a promise is there.
# SPDX-License-Identifier: Apache-2.0
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    page = (ROOT / "docs/internals/threats.md").read_text()
    named = re.findall(r"`((?:tests|fuzz)/[^`]+)`", page)
    failures = [f"{path} is missing" for path in named if not (ROOT / path).is_file()]
    print("\n".join(failures) or f"{len(set(named))} tests are there")
    return 1 if failures or not named else 0


sys.exit(main())
