"""settings: a taskless.yaml that is wrong in one key after the other. The application runs on, and one line says
which file, line and key."""

import base64
import json
import os
import unittest

from desk import Desk, build_folder

BUILD = build_folder()
PACK = "packs: [{name: behaves%s}]"

# What stands behind `version: 1` on line 2, and what is said of it. Line 1 is a comment.
ROWS = [
    ("verison: 1", "unknown key 'verison', did you mean 'version'?"),
    ("version: 1", "'version' is given twice, first on line 2", 3),
    ("packs: {}", "packs: expected a list of objects, not an object"),
    ("packs: [stripe]", "packs[0]: expected an object, not a string"),
    ("packs: [{from: ./a}]", "packs[0]: 'name' is missing"),
    ("packs: [{name: Not A Name}]", "packs[0].name: \"Not A Name\" is not a Pack's name"),
    (PACK % ", from: 7", "packs[0].from: expected a string, not a number"),
    (PACK % ", from: ''", "packs[0].from: is empty"),
    (PACK % ", module: []", "packs[0].module: expected a string, not an array"),
    (PACK % ", from: ./a, module: QQ==", "packs[0]: has 'from' and 'module': only one"),
    (PACK % ", digest: md5:1", "packs[0].digest: expected sha256: and 64 hex digits"),
    (PACK % ", hosts: api.example.com", "packs[0].hosts: expected a list of strings, not a string"),
    (PACK % ", configuration: [1]", "packs[0].configuration: expected an object, not an array"),
    (PACK % ", allow: all", "packs[0].allow: expected an object, not a string"),
    (PACK % ", allow: {boddy: true}", "packs[0].allow: unknown key 'boddy', did you mean 'body'?"),
    (PACK % ", allow: {body: 1}", "packs[0].allow.body: expected true or false, not a number"),
    (PACK % ", allow: {environment: [A B]}", "packs[0].allow.environment: \"A B\" is not a variable's name"),
    (PACK % ", allow: {hosts: [1]}", "packs[0].allow.hosts[0]: expected a string, not a number"),
    (PACK % ", allow: {vars: x}", "packs[0].allow.vars: expected true or false, not a string"),
    (PACK % ", limits: {time_ms: 0}", "packs[0].limits.time_ms: expected a whole number from 1 to 60000, not 0"),
    (PACK % ", limits: {memory_mib: 65}", "packs[0].limits.memory_mib: expected a whole number from 1 to 64, not 65"),
    (PACK % ", limits: {output: 1}", "packs[0].limits: unknown key 'output'"),
    (PACK % ", enabled: 'no'", "packs[0].enabled: expected true or false, not a string"),
    (PACK % ", enable: true", "packs[0]: unknown key 'enable', did you mean 'enabled'?"),
    ("packs: [{name: a}, {name: a}]", "packs[1]: \"a\" is the name of the Pack on line 3 as well"),
    ("limits: {time_ms: 1.5}", "limits.time_ms: expected a whole number from 1 to 60000, not 1.5"),
    ("limits: {captures: many}", "limits.captures: expected a whole number, not a string"),
    ("limits: {log_line: 1}", "limits: unknown key 'log_line', did you mean 'log_lines'?"),
    ("observe: []", "observe: expected an object, not an array"),
    ("observe: {ignore: a.b}", "observe.ignore: expected a list of strings, not a string"),
    ("observe: {body_kib: 16385}", "observe.body_kib: expected a whole number from 0 to 16384, not 16385"),
    ("observe: {sample: 0.5}", "observe.sample: expected an object, not a number"),
    ("observe: {sample: {success: 1.5}}", "observe.sample.success: expected a number from 0 to 1, not 1.5"),
    ("observe: {sample: {failure: -1}}", "observe.sample.failure: expected a number from 0 to 1, not -1"),
    ("observe: {sample: {failures: 1}}", "observe.sample: unknown key 'failures', did you mean 'failure'?"),
    ("mask: x", "mask: expected an object, not a string"),
    ("mask: {headers: [a b]}", "mask.headers: \"a b\" is not a header's name"),
    ("mask: {query: ['']}", "mask.query[0]: is empty"),
    ("mask: {json: [card]}", "mask.json: \"card\" is not a path such as $.card.number or $..number"),
    ("mask: {environment: KEY}", "mask.environment: expected a list of strings, not a string"),
    ("mask: {header: [a]}", "mask: unknown key 'header', did you mean 'headers'?"),
    ("queue: {exchanges: 0}", "queue.exchanges: expected a whole number from 1 to 1048576, not 0"),
    ("queue: {mib: 99999}", "queue.mib: expected a whole number from 1 to 4096, not 99999"),
    ("queue: {workers: 9}", "queue.workers: expected a whole number from 1 to 8, not 9"),
    ("queue: {worker: 1}", "queue: unknown key 'worker', did you mean 'workers'?"),
    ("outputs: stderr", "outputs: expected a list of objects, not a string"),
    ("outputs: [{format: ndjson}]", "outputs[0]: 'to' is missing"),
    ("outputs: [{to: stderr, format: xml}]", "outputs[0].format: \"xml\" is none of"),
    ("outputs: [{to: 'smtp:x'}]", "outputs[0]: output \"smtp:\" is none of stderr, stdout"),
    ("registries: [{keys: [a]}]", "registries[0]: 'url' is missing"),
    ("registries: [{url: 'http://a'}]", "registries[0].url: expected an https: URL"),
    ("registries: [{url: 'https://a', refresh: soon}]", "registries[0].refresh: expected a time such as 15m"),
    ("log: {level: loud}", "log.level: \"loud\" is none of off, error, warn, info, debug, trace"),
    ("log: {to: file}", "log.to: expected stderr, stdout or fd:N"),
    ("lgo: {level: warn}", "unknown key 'lgo', did you mean 'log'?"),
    ("a: &x 1", "anchor"),
    ("a: [", "line"),
]

# Of one Pack alone: the others run. `CONFIG` is its `configuration`, on line 6; then its config.json.
VALUES = [
    ("{verbose: 1}", None, "taskless.yaml:6: pack behaves: configuration: verbose: expected true or false, not a number"),
    ("{verbos: true}", None, "taskless.yaml:6: pack behaves: configuration: verbos: the manifest has no such field, "
                             "did you mean 'verbose'?"),
    ("{names: [a, 2]}", None, "taskless.yaml:6: pack behaves: configuration: names[1]: expected a string, not a number"),
    ("{}", '{\n "verbose": "x"}', "taskless.yaml:4: pack behaves: config.json:2: verbose: expected true or false"),
    ("{}", '{\n\n "a": 1}', "taskless.yaml:4: pack behaves: config.json:3: a: the manifest has no such field"),
]


class Settings(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(BUILD).__enter__()
        self.addCleanup(self.desk.__exit__)
        fields = [{"name": "verbose", "type": "boolean"}, {"name": "names", "type": "string[]"}]
        self.desk.add_pack("behaves", changes={"fields": fields})
        self.desk.add_pack("other", wasm_of="behaves")

    def run_with(self, text):
        self.desk.write("taskless.yaml", text)
        return self.desk.run("declined", env=self.desk.environment(TASKLESS_CONFIG=self.desk.path("taskless.yaml")))

    def test_each_wrong_key_is_named_with_file_and_line(self):
        for text, says, *_ in ROWS:
            with self.subTest(text):
                result = self.run_with(f"# settings\nversion: 1\n{text}\n")
                self.assertEqual(result.code, 42, result)
                self.assertEqual((result.said[-1], len(result.said), result.log), ("application: done", 2, ""), result)
                said = result.said[0].removeprefix("application: not observed: ")
                self.assertIn(says, said)
                self.assertTrue(said.startswith(self.desk.path("taskless.yaml")), said)
                self.assertRegex(said, r"taskless\.yaml:3: |line [34]")

    def test_a_value_of_a_pack_is_named_where_it_stands(self):
        for given, packaged, says in VALUES:
            with self.subTest(says):
                self.desk.write("packs/behaves/config.json", packaged or "{}")
                text = ("# settings\nshipped: false\npacks:\n  - name: behaves\n    from: packs/behaves\n"
                        f"    configuration: {given}\n  - {{name: other, from: packs/other}}\noutputs: []\n")
                self.check_left_out(self.run_with(text), "behaves", says)

    def check_left_out(self, result, name, says):
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual([p["name"] for p in result.records[0]["packs"]], ["other"])
        self.assertEqual(len(result.log.splitlines()), 1, result)
        self.assertIn(f"Pack {name} is left out: ", result.log)
        self.assertIn(says, result.log)

    def test_two_packs_of_one_name_are_noticed(self):
        self.desk.add_pack("other2", wasm_of="behaves", changes={"name": "other"})
        os.rename(self.desk.path("packs"), self.desk.path(".taskless"))
        for name in ("behaves",):
            for file in ("manifest.json", "pack.wasm"):
                os.unlink(self.desk.path(".taskless", name, file))
        result = self.run_with("version: 1\nshipped: false\noutputs: []\n")
        self.check_left_out(result, ".taskless/other2", 'its manifest calls it "other", as that of another Pack does')

    def test_a_module_that_is_none_is_named(self):
        no_bundle = base64.b64encode(b"no bundle at all").decode()
        empty = base64.b64encode(b"").decode() or "===="
        rows = [("QUJD*", "module: byte 5 is not base64"), ("QUJDQ", "module: the base64 text is cut"),
                (no_bundle, "module: not a bundle"), (empty, "module: byte 3 is not base64")]
        for module, says in rows:
            with self.subTest(says):
                text = (f"shipped: false\noutputs: []\npacks:\n  - {{name: other, from: packs/other}}\n  - name: inlined\n"
                        f"    module: {json.dumps(module)}\n")
                self.check_left_out(self.run_with(text), "inlined", "taskless.yaml:6: pack inlined: " + says)

    def test_a_module_in_base64_is_a_pack_and_its_digest_is_checked(self):
        bundle = self.bundle()
        text = ("shipped: false\noutputs: []\npacks:\n  - {name: other, from: packs/other}\n  - name: behaves\n"
                f"    module: {base64.b64encode(bundle).decode()}\n")
        result = self.run_with(text)
        self.assertTrue(result.is_untouched(), result)
        self.assertEqual([p["name"] for p in result.records[0]["packs"]], ["other", "behaves"])
        result = self.run_with(text + f"    digest: sha256:{'0' * 64}\n")
        self.check_left_out(result, "behaves", "taskless.yaml:7: pack behaves: digest: the bundle is sha256:")

    def bundle(self):
        import io
        import tarfile
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as tar:
            for name in ("manifest.json", "pack.wasm"):
                tar.add(self.desk.path("packs/behaves", name), name)
        return out.getvalue()


if __name__ == "__main__":
    unittest.main(verbosity=2)
