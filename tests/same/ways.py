# ways: how the calls of one group of cases are made, and what taskless recorded of them.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT_S = 120

# What a second run over a recording cannot repeat: its own cost, and who it is.
OF_THE_RUN = ("us", "client", "pid")


class Runner:
    """Runs programs for one group; each run in a folder of its own."""

    def __init__(self, build, world, folder, group):
        self.build = build
        self.world = world
        self.folder = folder
        self.group = group
        self.calls = folder / "calls.json"
        self.calls.write_text(json.dumps([case.call() for case in group]))

    def configure(self, name, outputs=None, with_duration=True, workers=1):
        """A configuration file. How long a call takes is no part of what it comes to, so it is
        left out where calls made at different times are compared."""
        settings = self.group[0].settings
        packs = []
        for pack in self.group[0].packs:
            entry = {"name": pack, "from": str(self.build / "packs" / pack),
                     "configuration": dict(settings["configuration"].get(pack, {}))}
            if pack == "core" and not with_duration:
                entry["configuration"]["enableDurationMs"] = False
            entry.update({key: settings[key][pack] for key in ("hosts", "allow") if pack in settings[key]})
            packs.append(entry)
        file = self.folder / f"{name}.json"
        whole = {"version": 1, "packs": packs, "queue": {"workers": workers}}
        file.write_text(json.dumps({**whole, "outputs": outputs} if outputs else whole))
        file.chmod(0o600)
        return file

    def run(self, *command, **environment):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.world.folder), **self.group[0].environment, **environment,
               "TASKLESS_CACHE": str(self.world.folder / "cache"),
               "NODE_EXTRA_CA_CERTS": str(self.world.authority), "SSL_CERT_FILE": str(self.world.authority)}
        done = subprocess.run(list(map(str, command)), env=env, cwd=self.folder, timeout=TIMEOUT_S,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0 or done.stderr:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def taskless(self, *words):
        return self.run(self.build / "bin/taskless", *words)

    def live(self, client):
        """Through Node.js, by `client`: fetch or https."""
        lines = self.folder / f"{client}.lines"
        outputs = [{"to": f"file:{lines}", "format": "stable"}]
        config = self.configure(client, outputs, with_duration=False)
        self.taskless("run", "--config", config, "--", "node", HERE / "calls.mjs", client, self.calls)
        return lines.read_text().splitlines()

    def by_python(self, library):
        """Through Python: http.client, httpx or aiohttp."""
        lines = self.folder / f"{library}.lines"
        config = self.configure(library, [{"to": f"file:{lines}", "format": "stable"}], with_duration=False)
        python = (self.build / "clients/python/test-packages").read_text().strip()
        self.taskless("run", "--config", config, "--", python, HERE / "calls.py", library, self.calls)
        return lines.read_text().splitlines()

    def by_libcurl(self):
        """Through the C API: the example program, which takes its calls as a file of requests."""
        requests, lines = self.folder / "calls.txt", self.folder / "libcurl.lines"
        requests.write_text("\n".join(self.request_text(case) for case in self.group))
        config = self.configure("libcurl", [{"to": f"file:{lines}", "format": "stable"}], with_duration=False)
        # Nothing compiles inside a program; `taskless run` has done it for the ways before.
        self.run(self.build / "examples/libcurl/fetch", "--cacert", self.world.authority, "--calls", requests,
                 TASKLESS_CONFIG=str(config))
        return lines.read_text().splitlines()

    def request_text(self, case):
        headers = "".join(f"{name}: {value}\n" for name, value in case.headers_in())
        body = ""
        if case.body:
            file = self.folder / f"{case.name.replace('/', '-')}.body"
            file.write_bytes(case.body)
            body = f"@{file}\n"
        return f"{case.method} {case.url}\n{headers}{body}"

    def recorded(self):
        """Through Node.js by both clients in turn, with a recording: its stable and full records."""
        self.recording = self.folder / "calls.har"
        stable, full = self.folder / "recorded.stable", self.folder / "recorded.full"
        outputs = [{"to": f"file:{stable}", "format": "stable"}, {"to": f"file:{full}", "format": "ndjson"},
                   {"to": f"har:{self.recording}"}]
        config = self.configure("recorded", outputs)
        self.taskless("run", "--config", config, "--", "node", HERE / "calls.mjs", "both", self.calls)
        return stable.read_text().splitlines(), full.read_text().splitlines()

    def replayed(self, form, with_duration=True, workers=1):
        config = self.configure("replayed", None, with_duration, workers)
        return self.taskless("replay", "--quiet", "--config", config, "--format", form,
                             self.recording).splitlines()


def without_the_run(lines):
    """Full records without what belongs to the run and not to the call."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(inner) for key, inner in value.items() if key not in OF_THE_RUN}
        return [strip(inner) for inner in value] if isinstance(value, list) else value

    return [json.dumps(strip(json.loads(line))) for line in lines]
