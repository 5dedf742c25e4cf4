# hostile: with each Pack that misbehaves (tests/hostile) a program is as it is without.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import shutil
import subprocess
import unittest

from support.scenario import BUILD, PROGRAMS, TASKLESS, folder, plain_environment, run

CACHE = {"TASKLESS_CACHE": str(folder / "cache")}
CALLS = (PROGRAMS / "calls", "patient", "{HTTP}")


def configure(name):
    """A configuration with this Pack alone, for the test's server."""
    pack = folder / "packs" / name
    shutil.copytree(BUILD / "hostile" / name, pack)
    manifest = json.loads((pack / "manifest.json").read_text())
    file = folder / f"{name}.json"
    file.write_text(json.dumps({"shipped": False, "packs": [{"name": manifest["name"], "from": str(pack), "hosts": ["127.0.0.1"]}]}))
    file.chmod(0o600)
    # What cannot be compiled is for the run to show.
    env = {**plain_environment(), **CACHE, "TASKLESS_CONFIG": str(file)}
    subprocess.run([TASKLESS, "compile"], env=env, capture_output=True, check=False)
    return file


def without_log(err):
    """What the log says of the Pack is meant for people."""
    return "".join(line for line in err.splitlines(True) if not line.startswith("taskless: "))


class Hostile(unittest.TestCase):
    def test_no_pack_is_noticed(self):
        names = sorted(name for name in os.listdir(BUILD / "hostile") if (BUILD / "hostile" / name / "pack.wasm").exists())
        self.assertGreater(len(names), 30)
        plain = run(*CALLS, on=False).outside
        self.assertEqual(plain["code"], 0)
        for name in names:
            with self.subTest(name):
                seen = run(*CALLS, on=True, env=CACHE, config=configure(name))
                self.assertEqual({**seen.outside, "err": without_log(seen.outside["err"])}, plain)
                self.assertEqual([record["status"] for record in seen.records], [402] * 3)


if __name__ == "__main__":
    unittest.main()
