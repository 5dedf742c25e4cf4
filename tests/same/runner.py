# runner: has the calls of one group of cases made, and gives what taskless recorded of them.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess

import cases
import ways

TIMEOUT_S = 60


def expected(build, source):
    """The records that the library makes of the cases themselves, by the command line."""
    folders = [*sorted(source.glob("packs/*/cases")), source / "tests/cases"]
    words = [word for folder in folders for word in ("--cases", folder)]
    done = subprocess.run(list(map(str, [build / "bin/taskless", "conformance", *words, "--print", "records"])),
                          capture_output=True, text=True, timeout=TIMEOUT_S)
    if done.returncode != 0 or done.stderr:
        raise RuntimeError(f"conformance: exit {done.returncode}\n{done.stderr}")
    return done.stdout.splitlines()


class Runner:
    """Runs programs for one group; each run in a folder of its own."""

    def __init__(self, build, world, folder, group):
        self.build = build
        self.world = world
        self.folder = folder
        self.group = group
        self.recording = folder / "calls.har"

    def configure(self, name, outputs=None, with_duration=True, workers=1):
        """A configuration file. How long a call takes is no part of what it comes to, so it is
        left out where calls made at different times are compared."""
        settings = self.group[0].settings
        packs = []
        for pack in (*cases.ALWAYS, *self.group[0].more_packs):
            own = self.build / "packs" / pack
            folder = own if own.exists() else self.build / "share/taskless/conformance/packs" / pack
            entry = {"name": pack, "from": str(folder), "configuration": dict(settings["configuration"].get(pack, {}))}
            if pack == "core" and not with_duration:
                entry["configuration"]["enableDurationMs"] = False
            entry.update({key: settings[key][pack] for key in ("hosts", "allow") if pack in settings[key]})
            packs.append(entry)
        file = self.folder / f"{name}.json"
        whole = {"version": 1, "shipped": False, "packs": packs, "queue": {"workers": workers}}
        file.write_text(json.dumps({**whole, "outputs": outputs} if outputs else whole))
        file.chmod(0o600)
        return file

    def run(self, command, words="", **environment):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.world.folder), **environment,
               "TASKLESS_CACHE": str(self.world.folder / "cache"),
               "NODE_EXTRA_CA_CERTS": str(self.world.authority), "SSL_CERT_FILE": str(self.world.authority)}
        command = list(map(str, command))
        try:
            done = subprocess.run(command, env=env, cwd=self.folder, timeout=TIMEOUT_S, input=words, capture_output=True,
                                  text=True)
        except subprocess.TimeoutExpired as problem:
            raise RuntimeError(f"{' '.join(command)}: did not end\n{problem.stderr}") from problem
        if done.returncode != 0 or done.stderr:
            raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def taskless(self, *words):
        return [self.build / "bin/taskless", *words]

    def call(self, way, able, config):
        """Makes the calls of the cases in `able` in one way."""
        command = way.command(self.build)
        if way.by_run:
            command = self.taskless("run", "--config", config, "--", *command)
        self.run(command, "".join(json.dumps(call) + "\n" for case in able for call in case.calls()), TASKLESS_CONFIG=str(config))

    def live(self, way, able):
        """The stable records of the calls of the cases in `able` in one way."""
        lines = self.folder / f"{way.name}.lines"
        self.call(way, able, self.configure(way.name, [{"to": f"file:{lines}", "format": "stable"}], False))
        return lines.read_text().splitlines()

    def recorded(self, able):
        """Through Node.js by both clients in turn, with a recording: its stable and full records."""
        stable, full = self.folder / "recorded.stable", self.folder / "recorded.full"
        outputs = [{"to": f"file:{stable}", "format": "stable"}, {"to": f"file:{full}", "format": "ndjson"},
                   {"to": f"har:{self.recording}"}]
        self.call(ways.Way("both", ways.node("both")), able, self.configure("recorded", outputs))
        return stable.read_text().splitlines(), full.read_text().splitlines()

    def replayed(self, form, with_duration=True, workers=1):
        config = self.configure("replayed", None, with_duration, workers)
        return self.run(self.taskless("replay", "--quiet", "--config", config, "--format", form,
                                      self.recording)).splitlines()
