"""older: Packs of schema `pre1` and its configuration file, right and wrong. The application is never touched."""

import base64
import json
import unittest

from desk import Desk, build_folder

BUILD = build_folder()
CAPTURE = {"post": {"type": "boolean", "description": "It ran."}}

# Members in place of a good Pack's, and what is said of it.
WRONG = [
    ({"name": "Not A Name"}, 'manifest: name: "Not A Name" is not a Pack\'s name'),
    ({"version": None}, "manifest: version: expected a string, not null"),
    ({"hosts": ["a"]}, "manifest: unknown key 'hosts'"),
    ({"permissions": {}}, "manifest: permissions: 'domains' is missing"),
    ({"permissions": {"domains": "a"}}, "manifest: permissions.domains: expected a list of strings"),
    ({"permissions": {"domains": [".*", "(a"]}}, "manifest: permissions.domains[1]: at byte 2: ')' is missing"),
    ({"permissions": {"domains": ["(a)\\1"]}}, "permissions.domains[0]: at byte 5: back-references are not supported"),
    ({"permissions": {"domains": ["((a{9}){9}){9}"]}}, "permissions.domains[0]: at byte 14: the pattern is too large"),
    ({"permissions": {"domains": [".*"], "request": ["cookies"]}},
     'permissions.request[0]: "cookies" is not headers or body'),
    ({"permissions": {"domains": [".*"], "response": "body"}}, "permissions.response: expected a list of strings"),
    ({"capture": ["post"]}, "manifest: capture: expected an object, not an array"),
    ({"capture": {"post": {"type": "date"}}}, "manifest: capture.post.type: \"date\" is none of string, number, boolean"),
    ({"capture": {"post": {}}}, "manifest: capture.post: 'type' is missing"),
    ({"module": 5}, "manifest: module: expected a string, not a number"),
    ({"module": "AGFz*"}, "manifest: module: byte 5 is not base64"),
    ({"module": "QUJD"}, "manifest: module is not WebAssembly"),
    ({"module": None, "url": {"source": "https://packs.example.com/a.wasm", "signature": "x"}},
     "manifest: module: expected a string, not null"),
    ({"url": {"signature": "x"}}, "manifest: url: 'source' is missing"),
]


class Older(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        self.desk.add_pack("other", wasm_of="behaves")
        with open(self.desk.path("packs/other/pack.wasm"), "rb") as file:
            self.wasm = file.read()
        self.pack = {"schema": "pre1", "name": "older", "version": "1",
                     "permissions": {"domains": [r"^api\.(example|stripe)\.com$"], "request": ["headers"],
                                     "response": ["headers", "body"]},
                     "capture": CAPTURE, "module": base64.b64encode(self.wasm).decode()}

    def run_file(self, packs, name="taskless.json", **members):
        whole = {"schema": "pre1", "organizationId": "org_1", "packs": packs, **members}
        self.desk.write(name, json.dumps(whole))
        # The file of this schema has no outputs: records come through the callback.
        environment = self.desk.environment(TASKLESS_CONFIG=self.desk.path(name), TASKLESS_OUTPUT="fd:9")
        self.desk.compile()
        return self.desk.run("declined", "elsewhere", env=environment)

    def good(self, name="other"):
        return {**self.pack, "name": name}

    def packs_of(self, result, index=0):
        return [p["name"] for p in result.records[index].get("packs", [])]

    def test_its_file_is_a_configuration(self):
        for name in ("taskless.json", "taskless.yaml"):
            with self.subTest(name):
                result = self.run_file([self.pack], name)
                self.assertTrue(result.is_untouched(), result)
                self.assertEqual(self.packs_of(result), ["older"])
                self.assertEqual(self.packs_of(result, 1), [], "its domains do not take that host")

    def test_only_declared_captures_are_kept(self):
        captures = self.run_file([self.pack]).records[0]["captures"]
        self.assertEqual(captures, {"older/post": True})
        without = {key: value for key, value in self.pack.items() if key != "capture"}
        captures = self.run_file([without]).records[0]["captures"]
        self.assertEqual(captures, {"older/pre": True, "older/post": True})

    def test_it_lies_in_a_folder_as_well(self):
        for beside in (False, True):
            with self.subTest(beside=beside):
                manifest = {key: value for key, value in self.pack.items() if not beside or key != "module"}
                self.desk.write("packs/older/manifest.json", json.dumps(manifest))
                if beside:
                    self.desk.write("packs/older/pack.wasm", self.wasm)
                self.desk.configure(["older"])
                self.desk.compile()
                result = self.desk.run("declined")
                self.assertEqual(result.records[0]["captures"], {"older/post": True}, result)

    def check_left_out(self, result, says):
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual(self.packs_of(result), ["other"], result)
        lines = [line for line in result.log.splitlines() if "is left out" in line]
        self.assertEqual(len(lines), 1, result)
        self.assertIn(says, lines[0])
        self.assertIn("taskless.json:1: ", lines[0])

    def test_each_wrong_member_is_named_and_the_others_run(self):
        for wrong, says in WRONG:
            with self.subTest(says):
                self.check_left_out(self.run_file([self.good(), {**self.pack, **wrong}]), says)

    def test_what_cannot_be_fetched_is_refused_with_what_to_do(self):
        fetched = {**self.pack, "url": {"source": "https://packs.example.com/a.wasm", "signature": "x"}}
        del fetched["module"]
        self.check_left_out(self.run_file([self.good(), fetched]),
                            "manifest: url: without a digest nothing is fetched: put the code beside the manifest as "
                            "pack.wasm, or into it as module")

    def test_a_file_that_is_wrong_is_named(self):
        for members, says in [({"packs": {}}, "packs: expected a list of objects, not an object"),
                              ({"packs": [1]}, "packs[0]: expected an object, not a number"),
                              ({"organisationId": "x"}, "unknown key 'organisationId', did you mean 'organizationId'?"),
                              ({"organizationId": 5}, "organizationId: expected a string, not a number"),
                              ({"packs": [self.pack, self.pack]}, "packs[1]: \"older\" is the name of the Pack on line 1")]:
            with self.subTest(says):
                result = self.run_file(**{"packs": [], **members})
                self.assertEqual((result.code, len(result.said)), (42, 2), result)
                self.assertIn("taskless.json:1: " + says, result.said[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
