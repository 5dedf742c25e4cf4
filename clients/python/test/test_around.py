# around: agents and launchers that come in by the same variable as the client, and programs that start
# themselves again. What is loaded is loaded as often as without it.
# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys
import unittest

from support.scenario import (CLIENT, CONFIG, PROGRAMS, PYTHON, TASKLESS, brief, folder, plain_environment, read_lines,
                              server)

CALL = "GET /wire/echo?main 200 done"
CODE = "import ways; ways.call()"

# A sitecustomize of an agent, by how it loads the next: `HERE` is its folder.
AGENTS = {
    # As newrelic-admin does: by its spec, into a module of its own.
    "by_spec": """
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if path != HERE])
if spec is not None:
    spec.loader.exec_module(module_from_spec(spec))
""",
    # As it did before: into the very module that is being loaded.
    "by_load_module": """
import sys, warnings
from importlib.machinery import PathFinder
warnings.simplefilter("ignore")
spec = PathFinder.find_spec("sitecustomize", [path for path in sys.path if path != HERE])
if spec is not None:
    spec.loader.load_module("sitecustomize")
print("agent", len(HERE) > 0)
""",
    # As ddtrace-run does: by its name, when it has left the path.
    "by_name": """
import sys
own = sys.modules.pop("sitecustomize")
sys.path.remove(HERE)
try:
    import sitecustomize
except ImportError:
    sys.modules["sitecustomize"] = own
""",
    # As opentelemetry-instrument does: not at all.
    "not_at_all": "",
}
PLACES = ("before", "behind")
# What puts an agent's folder first and becomes the program, as their commands do.
LAUNCHER = """
import os, sys
os.environ["PYTHONPATH"] = os.pathsep.join([sys.argv[1], os.environ.get("PYTHONPATH", "")])
os.{how}
"""


def write(name, text, file="sitecustomize.py"):
    place = folder / "around" / name
    place.mkdir(parents=True, exist_ok=True)
    header = f"HERE = {str(place)!r}\nprint({name!r}, __name__, __file__)\n"
    (place / file).write_text(header + text)
    return str(place)


class Around(unittest.TestCase):
    maxDiff = None

    def start(self, command, paths, on, run=False):
        records = folder / "around.ndjson"
        records.unlink(missing_ok=True)
        env = {**plain_environment(), "HTTP": f"http://127.0.0.1:{server().ready['http']}",
               "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.pathsep.join(map(str, paths))}
        if on:
            env.update(TASKLESS_CONFIG=str(CONFIG), TASKLESS_OUTPUT=f"file:{records}", TASKLESS_FORMAT="ndjson")
        if run:
            command = [TASKLESS, "run", "--", *command]
        done = subprocess.run(list(map(str, command)), env=env, cwd=folder, capture_output=True, text=True, check=False)
        return (done.returncode, done.stdout, done.stderr), [brief(record) for record in read_lines(records)]

    def check(self, command, paths, observed, expect=(CALL,), run=False):
        plain, none = self.start(command, paths, on=False)
        seen, records = self.start(command, observed, on=True, run=run)
        self.assertEqual((plain[0], none), (0, []), plain)
        self.assertEqual(seen, plain)
        self.assertEqual(records, list(expect))

    def test_agents_load_the_next_once(self):
        own = write("own", "print('once')")
        for agent, text in AGENTS.items():
            if agent == "by_load_module" and sys.version_info >= (3, 12):
                continue
            at = write(agent, text)
            for mine in ([], [own]):
                for place in PLACES:
                    with self.subTest(agent=agent, mine=bool(mine), place=place):
                        ours = [CLIENT, at] if place == "before" else [at, CLIENT]
                        self.check([PYTHON, "-c", CODE], [at, *mine, PROGRAMS], [*ours, *mine, PROGRAMS])

    def test_usercustomize_is_loaded_once(self):
        own, user = write("own", ""), write("user", "", "usercustomize.py")
        for paths in ([own, user], [user], [own, write("not_at_all", ""), user]):
            self.check([PYTHON, "-c", CODE], [*paths, PROGRAMS], [CLIENT, *paths, PROGRAMS])
            self.check([PYTHON, "-c", CODE], [*paths, PROGRAMS], [paths[0], CLIENT, *paths[1:], PROGRAMS])

    def test_launchers_that_put_an_agent_first_leave_the_client_there(self):
        agent = write("not_at_all", "")
        for how in ("execl(sys.executable, sys.executable, '-c', sys.argv[2])",
                    "execve(sys.executable, [sys.executable, '-c', sys.argv[2]], dict(os.environ))",
                    "execve(sys.executable, [sys.executable, '-c', sys.argv[2]], os.environb)"):
            with self.subTest(how):
                launcher = folder / "launcher.py"
                launcher.write_text(LAUNCHER.format(how=how))
                # In an environment of its own there is no usercustomize to come in by.
                self.check([PYTHON, "-s", launcher, agent, CODE], [PROGRAMS], [PROGRAMS], run=True)

    def test_a_program_that_is_not_started_leaves_the_variables_as_they_were(self):
        code = """
import os
os.environ["PYTHONPATH"] = "/first:" + os.environ["PYTHONPATH"]
own = {"PYTHONPATH": "/first"}
for call in (lambda: os.execv("/no/such/python", ["python"]), lambda: os.execvpe("no-such", ["no-such"], own)):
    before = os.environ["PYTHONPATH"]
    try:
        call()
    except OSError as error:
        print(error, before == os.environ["PYTHONPATH"], before.split(":")[0])
"""
        self.check([PYTHON, "-c", code], [PROGRAMS], [PROGRAMS], expect=(), run=True)

    def test_a_program_that_starts_itself_without_variables_is_told(self):
        """As a PEX does where PYTHONPATH is set."""
        for flags in ("-I", "-sE"):
            code = f"import os, sys; os.execv(sys.executable, [sys.executable, {flags!r}, '-c', 'print(1)'])"
            (status, out, err), records = self.start([PYTHON, "-c", code], [PROGRAMS], on=True, run=True)
            self.assertEqual((status, out, records), (0, "1\n", []))
            self.assertRegex(err, rf"\Ataskless: python\S* {flags} reads no PYTHONPATH: .* not observed\n\Z")
        code = "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'print(1)', '-I'])"
        self.check([PYTHON, "-c", code], [PROGRAMS], [PROGRAMS], expect=(), run=True)


if __name__ == "__main__":
    unittest.main()
