# sdk: the vendors' own SDKs under `taskless run`, with the Packs that come with it. What they are told of
# a call is what Node.js's SDK of the same vendor gets for the same answer.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import re
import subprocess
import unittest

from support.scenario import BUILD, ROOT, brief, compare, folder, plain_environment, run

PYTHON = pathlib.Path(os.environ["TASKLESS_TEST_PACKAGES"]).read_text().strip()
NODE_PROGRAM = ROOT / "clients/node/test/programs/sdk.mjs"
PACKAGES = {"stripe": "stripe", "openai": "openai", "anthropic": "@anthropic-ai/sdk"}

CONFIG = folder / "packs.json"
PACKS = {"TASKLESS_CONFIG": str(CONFIG), "TASKLESS_CACHE": str(folder / "cache")}
# How long it took, the runtime's own words for a network's error, the version of its API that an SDK asks
# for, a port.
OWN = ("core/durationMs", "core/error", "core/url", "stripe/stripe-version")

# What an SDK makes up for a call.
CHANCE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def setUpModule():
    names = ("core", "stripe", "openai")
    CONFIG.write_text(json.dumps({"version": 1, "shipped": False, "packs": [
        {"name": name, "from": str(BUILD / "packs" / name), "hosts": ["127.0.0.1"]} for name in names]}))
    subprocess.run([BUILD / "bin/taskless", "compile"], env={**plain_environment(), **PACKS}, check=True,
                   capture_output=True)


def tidy(outside):
    return json.loads(CHANCE.sub("UUID", json.dumps(outside)))


def told(record):
    """How a call ended is the SDK's to say where it stops reading before the end of a stream."""
    ending = "done" if record["ending"] == "aborted" else record["ending"]
    captures = {name: "UUID" if CHANCE.search(str(value)) else value
                for name, value in record.get("captures", {}).items() if name not in OWN}
    return brief({**record, "ending": ending}), captures


class Sdk(unittest.TestCase):
    maxDiff = None

    def check(self, sdk):
        seen = compare(self, "sdk.py", sdk, python=PYTHON, entry="run", client_env=PACKS, tidy=tidy)
        self.assertEqual(seen.code, 0, seen.outside["err"])
        package = f"{ROOT}/clients/node/test/node_modules/{PACKAGES[sdk]}"
        self.assertTrue(os.path.isdir(package), "the Node.js client's own tests fetch its SDKs")
        node = run(NODE_PROGRAM, sdk, PACKAGES[sdk], on=True, python="node", entry="run", client_env=PACKS)
        self.assertEqual([told(record) for record in seen.records], [told(record) for record in node.records])
        return seen

    def test_stripe(self):
        declined = self.check("stripe").records[2]
        self.assertEqual(declined["captures"]["stripe/error.code"], "card_declined")

    def test_openai(self):
        reasons = [record["captures"].get("openai/class") for record in self.check("openai").records]
        self.assertEqual(reasons[1:6], ["rate", "rate", "rate", "quota", "auth"])

    def test_anthropic(self):
        self.check("anthropic")

    def test_no_pack_is_shown_the_key_of_a_call(self):
        seen = run("sdk.py", "stripe", python=PYTHON, on=True, entry="run", client_env=PACKS)
        self.assertNotRegex(json.dumps([seen.records, seen.har]), r"sk_test_(1|busy)\b")


if __name__ == "__main__":
    unittest.main()
