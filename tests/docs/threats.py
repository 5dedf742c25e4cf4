#!/usr/bin/env python3
# What docs/internals/threats.md names as the test of a promise is there, and each row names one.
# SPDX-License-Identifier: Apache-2.0
"""A test is cited as `FILE#NAME`: a TEST or a function of C, a function or class of Python, what a row of a JSON file
is called ("it", "pack"), or words of a story in Markdown. A fuzz target has no name besides its file's."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CITED = re.compile(r"`((?:tests|fuzz|clients)/[^`#]+)(?:#([^`]+))?`")
BESIDE = ("make bench",)  # what shows a promise and is no file


def is_in_c(text, name):
    return re.search(rf"^TEST(_ONCE)?\(\w+,\s*{name}\)|^\w.*\b{name}\(.*\{{$", text, re.M)


def is_in_python(text, name):
    return re.search(rf"^ *(def|class) {name}\b", text, re.M)


def is_in_json(text, name):
    return any(name in (row.get("it"), row.get("pack")) for row in json.loads(text))


def is_in_story(text, name):
    return name in text


KINDS = {".c": is_in_c, ".py": is_in_python, ".json": is_in_json, ".md": is_in_story}


def what_is_wrong(path, name):
    """None, or why the citation shows nothing."""
    file = ROOT / path
    if not file.is_file():
        return f"{path} is missing"
    text = file.read_text()
    if name:
        return None if KINDS[file.suffix](text, name) else f"{path} has no {name}"
    if path.startswith("fuzz/"):
        return None if "LLVMFuzzerTestOneInput" in text else f"{path} is no fuzz target"
    return None if file.suffix == ".py" else f"{path}: which test in it?"


def rows_of(page):
    """The cells of each row that says by which test it is shown."""
    shown = False
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            shown = False
        elif cells[-1] == "shown by":
            shown = True
        elif shown and not cells[0].startswith("---"):
            yield cells


def failures_of(rows):
    for cells in rows:
        cited = CITED.findall(cells[-1])
        yield from filter(None, (what_is_wrong(*one) for one in cited))
        left = [word for word in re.findall(r"`([^`]+)`", CITED.sub("", cells[-1])) if word not in BESIDE]
        yield from (f"{cells[0]}: `{word}` is no test" for word in left)
        if not any(name or path.startswith("fuzz/") for path, name in cited):
            yield f"{cells[0]}: no test is named"


def main():
    page = (ROOT / "docs/internals/threats.md").read_text()
    rows = list(rows_of(page))
    failures = list(failures_of(rows))
    # What stands elsewhere on the page is there as well.
    failures += [f"{path} is missing" for path, _ in CITED.findall(page) if not (ROOT / path).is_file()]
    print("\n".join(failures) or f"{len(rows)} rows, {len(set(CITED.findall(page)))} tests are there")
    return 1 if failures or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
