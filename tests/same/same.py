#!/usr/bin/env python3
# Makes the calls of every case in each way that taskless can observe one; the records are the same.
# SPDX-License-Identifier: Apache-2.0
"""same.py SOURCE BUILD [FILTER]

The columns of its table, each compared byte for byte with the first. What a client says in words of
an error without an answer is its own ("socket hang up"), so that text alone may differ, there and
where a Pack repeats it.

    fetch     a Node.js program under `taskless run`, by the built-in fetch
    https     the same by node:https
    replay    the same with a recording, by both in turn; then `taskless replay` of it
    libcurl   examples/libcurl, over the C API
    python    a Python program under `taskless run`, by http.client
    httpx     the same by httpx
    aiohttp   the same by aiohttp
    case      the captures that the case expects, but for how long the call took
    again     `replay` gives the live run's records, ids and times included; twice, and with four workers
"""
import json
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True  # the checkout stays as it is

import cases
import server
import ways
import world

SKIPPED = 77
SAME = "="
COLUMNS = ("https", "replay", "libcurl", "python", "httpx", "aiohttp", "case", "again")


def first_difference(expected, got):
    if expected == got:
        return SAME
    at = next((i for i, (a, b) in enumerate(zip(expected, got)) if a != b), min(len(expected), len(got)))
    start = max(0, at - 30)
    return f"...{got[start:at + 60]}... and not ...{expected[start:at + 60]}..."


def without_words(line):
    """A record with what the client itself said of an error made unreadable: each has words of its
    own for it, and Packs may repeat them."""
    record = json.loads(line)
    words = record.get("error", {}).get("message")
    return line.replace(json.dumps(words, ensure_ascii=False), '"(its words)"') if words else line


def replay_differs(live, replayed):
    """A recording masks a secret wherever an answer repeats it, so that a capture which was withheld
    may be there in a replay (docs/record.md): the rest of such a record has to be the same."""
    if "withheld" not in json.loads(live):
        return first_difference(live, replayed)
    rest = [{name: value for name, value in json.loads(line).items() if name not in ("captures", "withheld")}
            for line in (live, replayed)]
    return first_difference(*map(json.dumps, rest))


def captures_differ(case, line):
    """Whether the captures are what the case expects, but for the time that the call took."""
    if case.expected is None:
        return SAME
    record = json.loads(line)
    words = record.get("error", {}).get("message")
    got = {name: case.words if words and value == words else value
           for name, value in record.get("captures", {}).items()}
    expected = {name: value for name, value in case.expected.items() if name != "core/durationMs"}
    return first_difference(json.dumps(expected), json.dumps(got))


def per_case(group, way, lines):
    """One line for each case; too few or too many would put them beside the wrong ones."""
    if len(lines) != len(group):
        raise RuntimeError(f"{way}: {len(lines)} records of {len(group)} calls")
    return lines


def again(runner, group):
    """Live records beside those of their recording, everything on."""
    stable, full = (per_case(group, "recorded", lines) for lines in runner.recorded())
    replayed = per_case(group, "replay", runner.replayed("stable"))
    first, second = (ways.without_the_run(runner.replayed("ndjson")) for _ in range(2))
    crowd = ways.without_the_run(runner.replayed("ndjson", workers=4))
    if sorted(crowd) != sorted(first):
        raise RuntimeError("four workers come to other records than one")
    found = zip(map(replay_differs, stable, replayed), map(replay_differs, ways.without_the_run(full), first),
                map(first_difference, first, second))
    return [next((cell for cell in cells if cell != SAME), SAME) for cells in found]


def compare(runner, group):
    """Rows of the table: a case's name, then a cell for each column."""
    fetch = per_case(group, "fetch", runner.live("fetch"))
    recording = again(runner, group)
    lines = {"https": runner.live("https"), "replay": runner.replayed("stable", with_duration=False)}
    if not group[0].given_up:  # the example never gives a call up
        lines["libcurl"] = runner.by_libcurl()
    for way, library in (("python", "http.client"), ("httpx", "httpx"), ("aiohttp", "aiohttp")):
        lines[way] = runner.by_python(library)
    columns = {"case": list(map(captures_differ, group, fetch)), "again": recording}
    for way in lines:
        differs = replay_differs if way == "replay" else first_difference
        columns[way] = [differs(without_words(a), without_words(b))
                        for a, b in zip(fetch, per_case(group, way, lines[way]))]
    return [(case.name, {way: column[i] for way, column in columns.items()}) for i, case in enumerate(group)]


def show(rows):
    width = max((len(name) for name, _ in rows), default=0)
    print(f"{'':{width}}  " + "  ".join(COLUMNS))
    for name, row in rows:
        cells = (row.get(column, "-") for column in COLUMNS)
        print(f"{name:{width}}  " + "  ".join(f"{cell if len(cell) == 1 else '#':{len(column)}}"
                                              for cell, column in zip(cells, COLUMNS)))
        for column, cell in row.items():
            if cell != SAME:
                print(f"    {column}: {cell}")


def run(source, build, text):
    known = [case for case in cases.read_cases(source) if text in case.name]
    made = [case for case in known if case.place]
    if not made:
        print(f"no case has {text!r} in its name")
        return 1
    rows, broken = [], []
    with tempfile.TemporaryDirectory(prefix="taskless-same-") as folder:
        here = world.World(folder, {case.host for case in made})
        server.start(world.SERVER, here.tls(), made)
        for number, group in enumerate(cases.grouped(made)):
            room = pathlib.Path(folder, str(number))
            room.mkdir()
            here.lead_to(group[0].place)
            try:
                rows += compare(ways.Runner(build, here, room, group), group)
            except RuntimeError as problem:
                broken.append(f"{group[0].name} and {len(group) - 1} more: {problem}")
    show(rows)
    for case in known:
        if not case.place:
            print(f"not made here, where no packet is lost and no client has limits of its own: {case.name}")
    print(*broken, sep="\n")
    failed = sum(any(cell != SAME for cell in row.values()) for _, row in rows)
    print(f"{len(rows)} cases, {failed} of them not the same, {len(broken)} groups broken")
    return 1 if failed or broken else 0


def main():
    if not world.enter():
        print("skipped: namespaces are not permitted here, and the vendors' own hosts are not called")
        return SKIPPED
    source, build, text = [*sys.argv[1:], ""][:3]
    return run(pathlib.Path(source).resolve(), pathlib.Path(build).resolve(), text)


if __name__ == "__main__":
    sys.exit(main())
