"""manifests: a Pack whose manifest is wrong in one field after the other: manifests.json."""

import json
import os
import unittest

from desk import COMPANIONS, HERE, Desk, build_folder

BUILD = build_folder()


class Manifests(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        for name in COMPANIONS:
            self.desk.add_pack(name, wasm_of="behaves")
        self.desk.configure(COMPANIONS)
        self.desk.compile()

    def add_bad_pack(self, row):
        wasm = row["wasm"].encode() if "wasm" in row else None
        folder = self.desk.add_pack("bad", wasm_of="behaves", changes=row.get("wrong"), wasm=wasm)
        path = os.path.join(folder, "manifest.json")
        if "text" in row:
            self.desk.write(path, row["text"])
        if "without" in row:
            with open(path, encoding="utf-8") as file:
                manifest = json.load(file)
            del manifest[row["without"]]
            self.desk.write(path, json.dumps(manifest))

    def check(self, row):
        self.add_bad_pack(row)
        self.desk.configure([COMPANIONS[0], "bad", COMPANIONS[1]])
        result = self.desk.run("declined", times=2)
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual(len(result.records), 2)
        for record in result.records:
            self.assertEqual([p["name"] for p in record["packs"]], list(COMPANIONS))
            self.assertIs(record["captures"]["after/post"], True)
        lines = result.log.splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith("taskless: Pack bad is left out: ") and lines[0].isprintable(), lines)
        self.assertIn(row["says"], lines[0])

    def test_names_the_field_at_fault_and_runs_the_others(self):
        with open(os.path.join(HERE, "manifests.json"), encoding="utf-8") as file:
            for row in json.load(file):
                with self.subTest(row.get("says")):
                    self.check(row)


if __name__ == "__main__":
    unittest.main(verbosity=2)
