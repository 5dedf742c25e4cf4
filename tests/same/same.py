#!/usr/bin/env python3
# Makes the calls of every case in each way that taskless can observe one; the records are the same.
# SPDX-License-Identifier: Apache-2.0
"""same.py SOURCE BUILD [FILTER]

The columns of its table are the ways of ways.py, each compared byte for byte with the first that can
make the call, and:

    replay    `taskless replay` of a recording made through Node.js, by fetch and node:https in turn
    case      the captures that the case expects, but for how long the call took
    again     `replay` gives the live run's records, ids and times included; twice, and with four workers

What a client says in words of an error without an answer is its own ("socket hang up"), so that text
alone may differ, there and where a Pack repeats it.
"""
import json
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True  # the checkout stays as it is

import cases
import runner
import server
import ways
import world

SKIPPED = 77
SAME = "="
CANNOT = "-"
COLUMNS = (*(way.name for way in ways.WAYS), "replay", "case", "again")

# What a second run over a recording cannot repeat: its own cost, and who it is.
OF_THE_RUN = ("us", "client", "pid")


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


def without_the_run(lines):
    """Full records without what belongs to the run and not to the call."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(inner) for key, inner in value.items() if key not in OF_THE_RUN}
        return [strip(inner) for inner in value] if isinstance(value, list) else value

    return [json.dumps(strip(json.loads(line))) for line in lines]


def per_case(group, way, lines):
    """One line for each case; too few or too many would put them beside the wrong ones."""
    if len(lines) != len(group):
        raise RuntimeError(f"{way}: {len(lines)} records of {len(group)} calls")
    return {case.name: line for case, line in zip(group, lines)}


def again(runs, group):
    """Live records beside those of their recording, everything on."""
    stable, full = (per_case(group, "recorded", lines).values() for lines in runs.recorded())
    replayed = per_case(group, "replay", runs.replayed("stable")).values()
    first, second = (without_the_run(runs.replayed("ndjson")) for _ in range(2))
    crowd = without_the_run(runs.replayed("ndjson", workers=4))
    if sorted(crowd) != sorted(first):
        raise RuntimeError("four workers come to other records than one")
    found = zip(map(replay_differs, stable, replayed), map(replay_differs, without_the_run(full), first),
                map(first_difference, first, second))
    return [next((cell for cell in cells if cell != SAME), SAME) for cells in found]


def live(runs, group):
    """The records by way, then by case; of the calls that the way can make."""
    made = {}
    for way in ways.WAYS:
        able = [case for case in group if not case.needs() & way.cannot.keys()]
        made[way.name] = per_case(able, way.name, runs.live(way, able)) if able else {}
    return made


def compare(runs, group):
    """Rows of the table: a case's name, then a cell for each column."""
    recording = dict(zip((case.name for case in group), again(runs, group)))
    replayed = per_case(group, "replay", runs.replayed("stable", with_duration=False))
    made, rows = live(runs, group), []
    for case in group:
        lines = {way: lines[case.name] for way, lines in made.items() if case.name in lines}
        first = next(iter(lines.values()))
        row = {way.name: CANNOT for way in ways.WAYS}
        row |= {way: first_difference(without_words(first), without_words(line)) for way, line in lines.items()}
        row["replay"] = replay_differs(without_words(first), without_words(replayed[case.name]))
        row["case"] = captures_differ(case, first)
        row["again"] = recording[case.name]
        rows.append((case.name, row))
    return rows


def show(rows):
    width = max((len(name) for name, _ in rows), default=0)
    print(f"{'':{width}}  " + "  ".join(COLUMNS))
    for name, row in rows:
        cells = (row[column] for column in COLUMNS)
        print(f"{name:{width}}  " + "  ".join(f"{cell if len(cell) == 1 else '#':{len(column)}}"
                                              for cell, column in zip(cells, COLUMNS)))
        for column, cell in row.items():
            if cell not in (SAME, CANNOT):
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
                rows += compare(runner.Runner(build, here, room, group), group)
            except RuntimeError as problem:
                broken.append(f"{group[0].name} and {len(group) - 1} more: {problem}")
    show(rows)
    for case in known:
        if not case.place:
            print(f"not made here, where no packet is lost and no client has limits of its own: {case.name}")
    for way, need, why in ((way.name, need, why) for way in ways.WAYS for need, why in way.cannot.items()):
        print(f"- {way} makes no call that {need}: {why}")
    for problem in broken:
        print(problem)
    failed = sum(any(cell not in (SAME, CANNOT) for cell in row.values()) for _, row in rows)
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
