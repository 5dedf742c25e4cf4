#!/usr/bin/env python3
# Makes the calls of every case in each way that taskless can observe one; the records are the same.
# SPDX-License-Identifier: Apache-2.0
"""same.py SOURCE BUILD [FILTER]

The columns of its table are the ways of ways.py, each compared byte for byte with what the command line
makes of the case itself, as data (`taskless conformance --print records`), and:

    replay    `taskless replay` of a recording made through Node.js, by fetch and node:https in turn
    case      the captures that the case expects, but for how long the call took
    again     `replay` gives the live run's records, ids and times included; twice, and with four workers

What a client says in words of an error without an answer is its own ("socket hang up"), so that text
alone may differ, there and where a Pack repeats it; and so may the code of an error, where it is none of
the system's.
"""
import json
import os
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True  # the checkout stays as it is

import cases
import runner
import ways
import world

SKIPPED = 77
SAME = "="
CANNOT = "-"
COLUMNS = (*(way.name for way in ways.WAYS), "replay", "case", "again")

RECORDER = ways.Way("both", ways.node("both"), {ways.FOLLOW: "node:https follows none", ways.HTTP_2: "fetch has none",
                                               "headers_folded": "node:https refuses it",
                                               "packed_unknown": "a recording has no body that cannot be unpacked"}, for_all=True)

# What every client calls by the same name.
SYSTEM_CODES = ("ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT")
# Kinds of errors that come before a request is sent.
NEVER_SENT = ("dns", "connect", "tls")
# What a second run over a recording cannot repeat: its own cost, and who it is.
OF_THE_RUN = ("us", "client", "pid")


def first_difference(expected, got):
    if expected == got:
        return SAME
    at = next((i for i, (a, b) in enumerate(zip(expected, got)) if a != b), min(len(expected), len(got)))
    start = max(0, at - 30)
    return f"...{got[start:at + 60]}... and not ...{expected[start:at + 60]}..."


def is_of_system(code):
    return code in SYSTEM_CODES


def as_said(line, other):
    """A record without what its client says in its own words: the text of an error, and its code where that
    is none of the system's; Packs may repeat them. `other` is the record that it is to equal. Of a
    request that was never sent libcurl does not know what headers it would have had of its own."""
    error, others = (json.loads(one).get("error", {}) for one in (line, other))
    own = [("message", "(its words)")]
    if error.get("kind") == others.get("kind") and not (is_of_system(error.get("code")) and is_of_system(others.get("code"))):
        own.append(("code", "(its code)"))
    for member, instead in own:
        if error.get(member):
            line = line.replace(json.dumps(error[member], ensure_ascii=False), f'"{instead}"')
    return re.sub(r"content-length: \d+; ", "", line) if error.get("kind") in NEVER_SENT else line


def says_the_same(expected, got):
    return first_difference(as_said(expected, got), as_said(got, expected))


def replay_differs(live, replayed):
    """A recording masks a secret wherever an answer repeats it, so that a capture which was withheld
    may be there in a replay (docs/record.md): the rest of such a record has to be the same."""
    if "withheld" not in json.loads(live):
        return first_difference(live, replayed)
    rest = [{name: value for name, value in json.loads(line).items() if name not in ("captures", "withheld")}
            for line in (live, replayed)]
    return first_difference(*map(json.dumps, rest))


def replayed_differs(expected, got):
    return replay_differs(as_said(expected, got), as_said(got, expected))


def captures_differ(case, line):
    """Whether the captures are what the case expects of its Packs, but for the time that the call took."""
    if case.expected is None:
        return SAME
    record = json.loads(line)
    words = record.get("error", {}).get("message")
    got = {name: case.words if words and value == words else value
           for name, value in record.get("captures", {}).items() if name.split("/")[0] in case.packs}
    expected = {name: value for name, value in case.expected.items() if name != "core/durationMs"}
    return first_difference(json.dumps(expected), json.dumps(got))


def without_the_run(lines):
    """Full records without what belongs to the run and not to the call."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(inner) for key, inner in value.items() if key not in OF_THE_RUN}
        return [strip(inner) for inner in value] if isinstance(value, list) else value

    return [json.dumps(strip(json.loads(line))) for line in lines]


def mark_of(line):
    """The case's name where the Pack `witness` saw the call, else the call's URL."""
    record = json.loads(line)
    return record.get("captures", {}).get("witness/case", record["url"])


def per_case(group, lines, who):
    """The records of each case, found by what the Pack `witness` saw: one that is missing or too many
    puts none beside the wrong case."""
    by_mark, found = {}, {}
    for line in lines:
        by_mark.setdefault(mark_of(line), []).append(line)
    for case in group:
        wanted = case.records()
        came = by_mark.pop(case.name, None) or by_mark.pop(case.url, [])
        if len(came) > len(wanted):
            raise RuntimeError(f"{who}: {case.name}: {len(came)} records in place of {len(wanted)}")
        for one, line in zip(wanted, came):
            found.setdefault(one.name, []).append(line)
    if by_mark:
        raise RuntimeError(f"{who}: records of no case: {', '.join(map(str, by_mark))}")
    return found


def again(runs, group):
    """By case: live records beside those of their recording, everything on."""
    recorded = runs.recorded(group)
    stable, full = (per_case(group, lines, "recorded") for lines in recorded)
    replayed = per_case(group, runs.replayed("stable"), "replay")
    first, second = (per_case(group, runs.replayed("ndjson"), "replay") for _ in range(2))
    crowd = runs.replayed("ndjson", workers=4)
    if sorted(without_the_run(crowd)) != sorted(without_the_run(line for lines in first.values() for line in lines)):
        raise RuntimeError("four workers come to other records than one")
    cells = {}
    for name in stable:
        pairs = [(stable[name], replayed.get(name, [])), (without_the_run(full[name]), without_the_run(first.get(name, []))),
                 (without_the_run(first.get(name, [])), without_the_run(second.get(name, [])))]
        cells[name] = next((cell for a, b in pairs if (cell := all_differ(replay_differs, a, b)) != SAME), SAME)
    return cells


def all_differ(compare_two, expected, got):
    if len(expected) != len(got):
        return f"{len(got)} records, not {len(expected)}"
    return next((cell for cell in map(compare_two, expected, got) if cell != SAME), SAME)


def is_able(way, case):
    return not case.needs() & way.cannot.keys() and (way.for_all or not any(case.settings.values()) or case.is_story)


def compare(runs, group, expected, broken):
    """Rows of the table: a case's name, then a cell for each column."""
    by_node = [case for case in group if is_able(RECORDER, case)]
    recording = again(runs, by_node) if by_node else {}
    replayed = per_case(by_node, runs.replayed("stable", with_duration=False), "replay") if by_node else {}
    made, rows = {}, []
    for way in ways.WAYS:
        able = [case for case in group if is_able(way, case)]
        try:
            made[way.name] = per_case(able, runs.live(way, able), way.name) if able else {}
        except RuntimeError as problem:
            broken.append(problem)
            made[way.name] = {}
    for case in (one for first in group for one in dict.fromkeys(first.records())):
        # Those that are made up here have no file for the command line to read; and those that fix their time
        # are from then, and live calls from now.
        told = None if case.is_of_its_time else expected.get(case.name)
        told = told or next(lines[case.name] for lines in made.values() if case.name in lines)
        wanted = told
        row = {}
        for way in ways.WAYS:
            got = made[way.name].get(case.name, [])
            able = is_able(way, case) and (not case.follows or is_able(way, first_of(group, case)))
            row[way.name] = all_differ(says_the_same, wanted, got) if able else CANNOT
        there = case.name in recording
        row["replay"] = all_differ(replayed_differs, wanted, replayed.get(case.name, [])) if there else CANNOT
        row["case"] = captures_differ(case, told[0])
        row["again"] = recording.get(case.name, CANNOT)
        rows.append((case.name, row))
    return rows


def first_of(group, case):
    return next(one for one in group if one.name == case.mark)


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
    import server  # needs what the Python of the tests has

    known = cases.read_cases(source)
    made = [case for case in known if text in case.name and not case.follows and not case.why_not]
    if not made:
        print(f"no case has {text!r} in its name")
        return 1
    rows, broken = [], []
    with tempfile.TemporaryDirectory(prefix="taskless-same-") as folder:
        here = world.World(folder, {case.host for case in known})
        server.start(world.SERVER, here.tls(), known)
        expected = per_case([case for case in known if case.is_told and not case.follows], runner.expected(build, source), "the command line")
        for number, group in enumerate(cases.grouped(made)):
            room = pathlib.Path(folder, str(number))
            room.mkdir()
            here.lead_to(group[0].place)
            try:
                rows += compare(runner.Runner(build, here, room, group), group, expected, broken)
            except RuntimeError as problem:
                broken.append(f"{group[0].name} and {len(group) - 1} more: {problem}")
    show(rows)
    for way, need, why in ((way.name, need, why) for way in ways.WAYS for need, why in way.cannot.items()):
        print(f"- {way} makes no call that {need}: {why}")
    few = ", ".join(way.name for way in ways.WAYS if way.for_all)
    print(f"- calls whose configuration alone differs are made by one way of each runtime: {few}")
    for case in known:
        if case.why_not:
            print(f"- {case.name} is made by nobody: {case.why_not}")
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
    build = pathlib.Path(build).resolve()
    python = (build / "clients/python/test-packages").read_text().strip()
    if sys.executable != python:
        os.execv(python, [python, *sys.argv])
    return run(pathlib.Path(source).resolve(), build, text)


if __name__ == "__main__":
    sys.exit(main())
