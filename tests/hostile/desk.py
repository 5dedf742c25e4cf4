"""desk: an application, its configuration and its Packs in a folder of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OWN_EXIT_CODE = 42  # of the application, whatever Packs do
COMPANIONS = ("before", "after")  # Packs that behave, around the one that does not


class Result:
    """What a run of the application came to."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "backslashreplace")
        self.log = (done.stderr or b"").decode("utf-8", "backslashreplace")
        lines = self.out.splitlines()
        self.records = [json.loads(line) for line in lines if line.startswith("{")]
        self.said = [line for line in lines if not line.startswith("{")]

    def is_untouched(self):
        return self.code == OWN_EXIT_CODE and self.said == ["application: done"]

    def run_of(self, pack, index=0):
        return next((p for p in self.records[index].get("packs", []) if p["name"] == pack), None)

    def __str__(self):
        return f"exit code {self.code}\n{self.out}\n{self.log}"


class Desk:
    """`with Desk(build) as desk`: everything it makes is removed at the end."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.library = os.path.join(self.build, "lib")
        self.program = os.path.join(self.build, "bin", "taskless")
        self.app = os.path.join(self.build, "hostile", "app")

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="taskless-hostile-")
        self.cache = self.path("cache")
        return self

    def __exit__(self, *ignored):
        # A helper may still be at its Pack, which it writes beside what is being removed.
        for _ in range(100):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                break
            time.sleep(0.1)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def add_pack(self, name, wasm_of=None, changes=None, wasm=None):
        """A folder with the Pack that was built as `wasm_of`, under another name and manifest."""
        built = os.path.join(self.build, "hostile", wasm_of or name)
        with open(os.path.join(built, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        manifest["name"] = name
        manifest.update(changes or {})
        if wasm is None:
            with open(os.path.join(built, "pack.wasm"), "rb") as file:
                wasm = file.read()
        self.write(f"packs/{name}/manifest.json", json.dumps(manifest))
        self.write(f"packs/{name}/pack.wasm", wasm)
        return self.path("packs", name)

    def configure(self, packs, **members):
        """Writes taskless.json for these Packs: names, or entries as the file has them."""
        entries = [p if isinstance(p, dict) else {"name": p} for p in packs]
        for entry in entries:
            entry.setdefault("from", self.path("packs", entry["name"]))
        config = {"version": 1, "shipped": False, "packs": entries, "outputs": [], **members}
        self.write("taskless.json", json.dumps(config))

    def environment(self, **more):
        keep = {k: os.environ[k] for k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS") if k in os.environ}
        return {**keep, "TASKLESS_CONFIG": self.path("taskless.json"), "TASKLESS_CACHE": self.cache,
                "LD_LIBRARY_PATH": self.library, **more}

    def compile(self):
        """Has the program compile what is configured; what cannot be is for the test to show."""
        return subprocess.run([self.program, "compile"], env=self.environment(), cwd=self.folder,
                              capture_output=True, timeout=120, check=False)

    def command(self, *calls, times=1, options=(), app=None):
        paths = [os.path.join(HERE, "calls", f"{call}.call") for call in calls]
        return [app or self.app, *options, str(times), *paths]

    def run(self, *calls, times=1, options=(), app=None, wrapped=(), **how):
        """Runs the application, which reports each call of tests/hostile/calls so many times."""
        how.setdefault("env", self.environment())
        how.setdefault("stderr", subprocess.PIPE)
        command = [*wrapped, *self.command(*calls, times=times, options=options, app=app)]
        return Result(subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, timeout=120,
                                     check=False, **how))

    def library_without_program(self):
        """From now on the library lies where no program is beside it: no helper can be started."""
        self.library = self.path("alone", "lib")
        os.makedirs(self.library)
        shutil.copy(os.path.join(self.build, "lib", "libtaskless.so.0"), self.library)


def build_folder():
    """The build that was named on the command line, which is then unittest's alone."""
    return sys.argv.pop(1)
