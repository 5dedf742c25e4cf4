# load: the ways into a program, and what happens where there is none.
# SPDX-License-Identifier: Apache-2.0
import json
import pathlib
import shutil
import subprocess
import unittest

from support.scenario import BUILD, CLIENT, CONFIG, PYTHON, compare, folder, plain_environment, run

ECHO = "GET /wire/echo 200 done"
BY_HAND = {
    "auto": [ECHO],
    "load": [ECHO],
    "again": [f"GET /wire/echo?{n} 200 done" for n in range(3)],
    "underway": ["GET /wire/slow/300 aborted"],
}


def broken_client(name, content):
    """A copy of the client whose native file is missing, or something else."""
    copy = folder / name / "python"
    shutil.copytree(CLIENT, copy)
    native = copy / "taskless/_taskless.abi3.so"
    native.unlink()
    if content is not None:
        native.write_bytes(content)
    return str(copy)


class Load(unittest.TestCase):
    def test_taskless_run_has_it_loaded(self):
        records = folder / "run.ndjson"
        code = "import urllib.request\ntry: urllib.request.urlopen('http://127.0.0.1:1/x')\nexcept OSError: pass"
        subprocess.run([BUILD / "bin/taskless", "run", "--config", CONFIG, "--format", "ndjson", "--output",
                        f"file:{records}", "--", PYTHON, "-c", code], env=plain_environment(), check=True)
        self.assertEqual(json.loads(records.read_text())["error"]["code"], "ECONNREFUSED")

    def test_record_says_which_runtime_reported_it(self):
        version = subprocess.check_output([PYTHON, "-c", "import platform; print(platform.python_version())"], text=True)
        self.assertEqual(run("http_client.py", "get", on=True).records[0]["client"], f"python/{version.strip()}")

    def test_disabled_it_does_nothing_and_says_nothing(self):
        for variables in ({"TASKLESS_DISABLED": "1"}, {"TASKLESS_DISABLED": "1", "TASKLESS_OUTPUT": ""}):
            self.assertEqual(compare(self, "http_client.py", "get", client_env=variables).records, [])

    def test_without_its_native_file_it_says_so_once(self):
        for name, content in (("missing", None), ("damaged", b"no library at all")):
            seen = run("http_client.py", "get", on=True, entry="", env={"PYTHONPATH": broken_client(name, content)})
            self.assertEqual(seen.code, 0)
            self.assertEqual(seen.outside["err"], "")
            self.assertEqual(seen.records, [])

    def test_a_configuration_that_cannot_be_read_is_said_once(self):
        bad = folder / "bad.json"
        bad.write_text('{"version": 1, "no-such-key": true}')
        seen = run("http_client.py", "get", on=True, client_env={"TASKLESS_CONFIG": str(bad)})
        self.assertEqual((seen.code, seen.records), (0, []))
        self.assertRegex(seen.outside["err"], r"\Ataskless: .*no-such-key.*\n\Z")

    def test_the_users_own_sitecustomize_is_loaded_as_ever(self):
        for name, text in (("says", "print('own sitecustomize', __name__, __file__)"), ("raises", "1 / 0"),
                           ("none", ""), ("imports", "import no_such_module")):
            own = folder / "own" / name
            own.mkdir(parents=True)
            (own / "sitecustomize.py").write_text(text)
            compare(self, "http_client.py", "get", env={"PYTHONPATH": str(own)})

    def test_what_a_program_sees_of_its_paths_is_its_own(self):
        (folder / "path").mkdir()
        compare(self, "paths.py", env={"PYTHONPATH": str(folder / "path")})
        compare(self, "paths.py")

    def test_older_pythons_do_nothing(self):
        """No other Python need be here: one that says it is older."""
        site = (CLIENT / "sitecustomize.py").read_text()
        old = folder / "older"
        old.mkdir()
        (old / "sitecustomize.py").write_text(f"import sys; sys.version_info = (3, 8, 0, 'final', 0)\n{site}")
        seen = run("http_client.py", "get", on=True, entry="", env={"PYTHONPATH": f"{old}:{CLIENT}"})
        self.assertEqual((seen.code, seen.records, seen.outside["err"]), (0, [], ""))

    def test_free_threaded_pythons_do_nothing(self):
        """Nor need one of these be here."""
        site = (CLIENT / "sitecustomize.py").read_text()
        free = folder / "free"
        free.mkdir()
        (free / "sitecustomize.py").write_text(f"import sys; sys.abiflags += 't'\n{site}")
        seen = run("http_client.py", "get", on=True, entry="", env={"PYTHONPATH": f"{free}:{CLIENT}"})
        self.assertEqual((seen.code, seen.records, seen.outside["err"]), (0, [], ""))

    def test_add_says_what_is_wrong_with_a_pack(self):
        seen = run("byhand.py", "add", on=True, entry="")
        said = seen.outside["out"].splitlines()
        self.assertEqual(said[0], "False")
        self.assertRegex(said[1], r"^taskless: manifest: .*schema")
        self.assertRegex(said[2], r"^taskless: manifest: line 1: ")
        self.assertEqual(said[3], "taskless: wasm: not bytes")
        self.assertEqual(seen.briefs, [ECHO])

    def test_options_hold_where_no_variable_says_otherwise(self):
        file = folder / "by-hand.ndjson"
        unset = {"TASKLESS_OUTPUT": "", "TASKLESS_CONFIG": "", "RECORDS": str(file), "CONFIG": str(CONFIG)}
        seen = run("byhand.py", "options", on=True, entry="", client_env=unset)
        self.assertEqual(seen.code, 0, seen.outside["err"])
        self.assertEqual(len(file.read_text().splitlines()), 1)

    def test_loaded_again_each_call_is_told_once(self):
        self.assertEqual(run("byhand.py", "twice", on=True).briefs, [ECHO])

    def test_nothing_is_imported_that_the_program_did_not_ask_for(self):
        plain, seen = (run("modules.py", on=on).outside["out"].split() for on in (False, True))
        ours = {name for name in set(seen) - set(plain) if not name.startswith("taskless")}
        self.assertLessEqual(ours, {"atexit"})


def add_case(name, expected):
    def test(self):
        seen = run("byhand.py", name, on=True, entry="")
        self.assertEqual(seen.code, 0, seen.outside["err"])
        self.assertEqual(seen.briefs, expected)
    setattr(Load, f"test_by_hand_{name}", test)


for name, expected in BY_HAND.items():
    add_case(name, expected)

if __name__ == "__main__":
    unittest.main()
