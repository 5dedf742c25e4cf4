# hostile: with each Pack that misbehaves (tests/hostile) a program is as it is without.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import shutil
import subprocess
import unittest

from support.scenario import BUILD, folder, plain_environment, run

CACHE = folder / "cache"


def manifest_of(name):
    return json.loads((BUILD / "hostile" / name / "manifest.json").read_text())


def configure(name):
    """A configuration with this Pack alone, for the test's server."""
    pack = folder / "packs" / name
    shutil.copytree(BUILD / "hostile" / name, pack)
    file = folder / f"{name}.json"
    entry = {"name": manifest_of(name)["name"], "from": str(pack), "hosts": ["127.0.0.1"]}
    file.write_text(json.dumps({"version": 1, "shipped": False, "packs": [entry]}))
    env = {**plain_environment(), "TASKLESS_CONFIG": str(file), "TASKLESS_CACHE": str(CACHE)}
    # What cannot be compiled is for the run to show.
    subprocess.run([BUILD / "bin/taskless", "compile"], env=env, capture_output=True, check=False)
    return {"TASKLESS_CONFIG": str(file), "TASKLESS_CACHE": str(CACHE)}


class Hostile(unittest.TestCase):
    def test_no_pack_is_noticed(self):
        names = sorted(name for name in os.listdir(BUILD / "hostile") if (BUILD / "hostile" / name / "pack.wasm").exists())
        self.assertGreater(len(names), 30)
        plain = run("hostile.py", on=False).outside
        self.assertEqual(plain["code"], 42)
        for name in names:
            with self.subTest(name):
                seen = run("hostile.py", on=True, client_env=configure(name))
                self.assertEqual({**seen.outside, "err": without_log(seen.outside["err"])}, plain)
                self.assertEqual([record["status"] for record in seen.records], [402] * 3)


def without_log(err):
    """What the log says of the Pack is meant for people."""
    return "".join(line for line in err.splitlines(True) if not line.startswith("taskless: "))


if __name__ == "__main__":
    unittest.main()
