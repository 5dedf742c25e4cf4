# wheel: installed into an empty environment it does what its README says.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess
import sys
import unittest

from support.scenario import BUILD, ROOT, brief, folder, plain_environment, server

CALL = """
import http.client, sys
connection = http.client.HTTPConnection(sys.argv[1])
connection.request("GET", "/v1/balance", headers={"authorization": "Bearer sk_test_busy"})
print(connection.getresponse().read() != b"")
"""


# For `sh -c`, the place behind it.
CURL = "curl -s -o /dev/null -H 'authorization: Bearer sk_test_busy' http://$0/v1/balance && echo True"


def make(name):
    subprocess.run([ROOT / "scripts/python-wheel.py", BUILD, folder / name], check=True, stdout=subprocess.DEVNULL)
    return next((folder / name).glob("*.whl"))


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bin = folder / "venv/bin"
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        pip = [cls.bin / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        env = {**plain_environment(), "TASKLESS_BUILD": str(BUILD), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([*pip, "wheel", "--no-index", "--wheel-dir", folder / "wheel", ROOT / "clients/python"],
                       env=env, check=True)
        cls.wheel = next((folder / "wheel").glob("*.whl"))
        subprocess.run([*pip, "install", "--no-index", cls.wheel], check=True)

    def call(self, *command, **variables):
        env = {**plain_environment(), "PATH": f"{self.bin}:{os.environ['PATH']}", **variables}
        return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=True).stdout

    def test_the_same_build_gives_the_same_bytes(self):
        self.assertEqual(make("again").read_bytes(), self.wheel.read_bytes())

    def test_its_program_is_the_program(self):
        self.assertIn((ROOT / "VERSION").read_text().strip(), self.call("taskless", "--version"))

    def test_a_program_is_observed_and_its_packs_run(self):
        api = f"127.0.0.1:{server().ready['http']}"
        config = folder / "wheel.json"
        packs = next(self.bin.parent.glob("lib/*/site-packages/taskless/_tree/share/taskless/packs"))
        config.write_text(json.dumps({"version": 1, "shipped": False, "packs": [
            {"name": "stripe", "from": str(packs / "stripe"), "hosts": ["127.0.0.1"]}]}))
        for number, command in enumerate((["taskless", "run", "--", "python", "-c", CALL],
                                          ["python", "-c", "import taskless.auto\n" + CALL],
                                          ["taskless", "run", "--", "sh", "-c", CURL])):
            records = folder / f"wheel-{number}.ndjson"
            out = self.call(*command, api, TASKLESS_CONFIG=str(config), TASKLESS_OUTPUT=f"file:{records}",
                            TASKLESS_CACHE=str(folder / "cache"), TASKLESS_FORMAT="ndjson")
            self.assertEqual(out, "True\n")
            record = json.loads(records.read_text())
            self.assertEqual(brief(record), "GET /v1/balance 429 done")
            self.assertEqual(record["captures"]["stripe/error.code"], "rate_limit")


if __name__ == "__main__":
    unittest.main()
