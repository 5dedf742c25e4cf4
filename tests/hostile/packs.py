"""packs: each Pack that misbehaves, between two that do not: scenarios.json."""

import json
import os
import unittest

from desk import COMPANIONS, HERE, Desk, build_folder

BUILD = build_folder()
SECRET = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"


def load_scenarios():
    with open(os.path.join(HERE, "scenarios.json"), encoding="utf-8") as file:
        return json.load(file)


class Packs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.desk = Desk(BUILD).__enter__()
        for name in COMPANIONS:
            cls.desk.add_pack(name, wasm_of="behaves")
        names = sorted({s["pack"] for s in load_scenarios()})
        for name in names:
            cls.desk.add_pack(name)
        cls.desk.configure([*COMPANIONS, *names])
        cls.desk.compile()

    @classmethod
    def tearDownClass(cls):
        cls.desk.__exit__()

    def run_scenario(self, s):
        entry = {"name": s["pack"], "configuration": s.get("configuration", {}), **s.get("entry", {})}
        members = {"limits": s["limits"]} if "limits" in s else {}
        self.desk.configure([COMPANIONS[0], entry, COMPANIONS[1]], **members)
        return self.desk.run(s.get("call", "declined"), "elsewhere", times=s.get("times", 3))

    def check_application(self, s, result):
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual(len(result.records), 2 * s.get("times", 3), result)
        self.assertNotIn(SECRET, result.out + result.log)

    def check_companions(self, record):
        for name in COMPANIONS:
            self.assertEqual(record["captures"].get(f"{name}/pre"), True)
            self.assertEqual(record["captures"].get(f"{name}/post"), True)
            self.assertNotIn("result", next(p for p in record["packs"] if p["name"] == name))

    def check_run(self, s, run, index):
        expected = s["then"] if index >= s.get("failures", 99) else s["result"]
        self.assertEqual(run.get("result", "ok"), expected, run)
        if expected == s["result"] != "ok":
            self.assertEqual(run["hook"], s["hook"], run)
            self.assertIn(s.get("detail", ""), run["detail"])

    def check_captures(self, s, record):
        for name, value in s.get("captures", {}).items():
            self.assertEqual(record["captures"].get(name), value, name)
        for name in s.get("not_captured", []):
            self.assertNotIn(name, record["captures"])
        if "withheld" in s:
            self.assertEqual(record.get("withheld", 0), s["withheld"])

    def check_log(self, s, log):
        self.assertIn(s.get("log", ""), log)
        if "log_lines" in s:
            self.assertEqual(log.count(f"Pack {s['pack']}: "), s["log_lines"])
        for line in log.splitlines():
            self.assertTrue(line.startswith("taskless: "), line)
            self.assertTrue(line.isprintable(), line)

    def check(self, s):
        result = self.run_scenario(s)
        self.check_application(s, result)
        for index, record in enumerate(result.records[0::2]):
            self.check_companions(record)
            self.check_run(s, next(p for p in record["packs"] if p["name"] == s["pack"]), index)
            self.check_captures(s, record)
        for record in result.records[1::2]:  # the next exchange, which no Pack is for
            self.assertEqual((record["status"], record.get("packs")), (200, None))
        self.check_log(s, result.log)


def add_test(number, scenario):
    def test(self):
        self.check(scenario)

    test.__doc__ = f"a Pack that {scenario['it']}"
    setattr(Packs, f"test_{number:02}_{scenario['pack']}", test)


for number, scenario in enumerate(load_scenarios()):
    add_test(number, scenario)

if __name__ == "__main__":
    unittest.main(verbosity=2)
