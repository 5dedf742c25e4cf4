#!/usr/bin/env python3
# What the host gives, as a script in each language reaches it: configuration, variables, and a request
# that was not granted.
# SPDX-License-Identifier: Apache-2.0
import json
import os
import pathlib
import subprocess

from project import build, check, done, entry, taskless, work

KIT = pathlib.Path(__file__).resolve().parents[2] / "pdk/as/kit/assembly/taskless.ts"
JAVASCRIPT = """
export const pre = () => ({ context: Config.get("word") });
export function post({ request, context, environment }) {
  if (request.path === "/asks") return { capture: { status: Http.request("https://b.example/").status } };
  const before = Var.get("kept");
  Var.set("kept", `${before}|é`);
  const kept = Var.get("kept");
  Var.remove("kept");
  return { capture: { word: context, none: Config.get("none"), before, kept, after: String(Var.get("kept")) } };
}
"""
LUA = """
function pre() return { context = config.get("word") } end
function post(input)
  if input.request.path == "/asks" then capture("status", http.request({ url = "https://b.example/" }).status) return end
  local before = var.get("kept")
  var.set("kept", tostring(before) .. "|é")
  local kept = var.get("kept")
  var.remove("kept")
  capture("word", input.context)
  capture("none", config.get("none"))
  capture("before", before)
  capture("kept", kept)
  capture("after", tostring(var.get("kept")))
end
"""
ASSEMBLYSCRIPT = """
import { Config, Http, Output, Var, input } from "./taskless";
export function pre(): i32 {
  const output = new Output();
  output.word("seen", Config.get("word")!);
  return output.done();
}
export function post(): i32 {
  const output = new Output();
  if (input().get("request").get("path").is("/asks")) {
    Http.request('{"url":"https://b.example/"}');
    output.count("status", Http.status());
    return output.done();
  }
  const before = Var.get("kept");
  Var.set("kept", (before ? before : "null") + "|e");
  output.word("kept", Var.get("kept")!);
  Var.remove("kept");
  output.flag("gone", Var.get("kept") == null && Config.get("none") == null);
  return output.done();
}
"""
FIELDS = [{"name": "word", "type": "string", "description": "x", "default": "a word"}]
ASKED = {"body": True, "vars": True, "hosts": ["b.example"]}


def project(name, file, source):
    (work / name / "assembly").mkdir(parents=True)
    if name == "as":
        (work / name / "assembly/taskless.ts").write_text(KIT.read_text())
        template = KIT.parents[2] / "template/asconfig.json"
        (work / name / "asconfig.json").write_text(template.read_text())
    return build(name, file, source, name=name, fields=FIELDS, permissions=ASKED)


WORDS = {"word": "a word", "kept": "null|\u00e9", "after": "null"}
EXPECTED = {"js": WORDS, "lua": {**WORDS, "kept": "nil|\u00e9", "after": "nil"},
            "as": {"seen": "a word", "kept": "null|e", "gone": True}}
for name, file, source in [("js", "pack.js", JAVASCRIPT), ("lua", "pack.lua", LUA), ("as", "assembly/pack.ts", ASSEMBLYSCRIPT)]:
    _folder, code, out, err = project(name, file, source)
    check(f"build {name}", code == 0, out, err)

(work / "taskless.yaml").write_text("version: 1\nshipped: false\npacks:\n" + "".join(
    f"  - {{name: {name}, from: ./{name}, allow: {{vars: true}}}}\n" for name in EXPECTED))
har = work / "calls.har"
har.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"},
                                   "entries": [entry("keeps"), entry("asks"), entry("keeps")]}}))
env = dict(os.environ, TASKLESS_CACHE=str(work / "cache"), TASKLESS_CONFIG=str(work / "taskless.yaml"))
replayed = subprocess.run([taskless, "replay", "--format", "ndjson", har], env=env, text=True, capture_output=True, timeout=120)
assert replayed.returncode == 0, replayed
keeps, asks, again = [json.loads(line) for line in replayed.stdout.splitlines()]
for name, expected in EXPECTED.items():
    for record in (keeps, again):
        got = {key.removeprefix(f"{name}/"): value for key, value in record["captures"].items() if key.startswith(f"{name}/")}
        check(name, got == expected, got)
    ran = next(ran for ran in asks["packs"] if ran["name"] == name)
    check(f"{name} asks", ran.get("result") == "refused" and "b.example" in ran["detail"], ran)
done()
