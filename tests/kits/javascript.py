#!/usr/bin/env python3
# What a script meets inside a hook, and what its author is told when something is wrong.
# SPDX-License-Identifier: Apache-2.0
from project import build, check, done, judge, run, work

SCRIPT = r"""
const deeper = (n) => 1 + deeper(n + 1);
const fails = () => { throw new TypeError("no money"); };
const later = async (value) => value;

const ways = {
  async waits() {
    const [a, b] = await Promise.all([later(1), later(2)]);
    return { capture: { sum: a + b } };
  },
  never: () => new Promise(() => {}),
  rejects: async () => fails(),
  throws: () => fails(),
  number: () => 42,
  nothing() {},
  recurses: () => deeper(0),
  logs() {
    console.log("told", { a: 1 });
    log.error(new RangeError("bad"));
  },
  left_out: () => ({ capture: { a: "", b: null, c: undefined, d: {}, e: NaN, f: 0, g: false, h: "x" } }),
  headers: ({ request: { headers } }) => ({
    capture: { one: headers.get("X-Id"), all: headers.all("x-id").join(), none: headers.get("x-none"), length: headers.length },
  }),
  has: () => ({ capture: {
    map: new Map([[1, 2]]).get(1), regexp: "a1".replace(/(?<n>\d)/, "$<n>2"), date: new Date(0).toISOString(),
    json: JSON.stringify({ a: [1, 0.1] }), letter: /^\p{Lu}$/u.test("Ä"), parsed: Number("1e-7"), fixed: (1.005).toFixed(2),
    big: String(2n ** 70n), label: `${[3, 1, 2].toSorted()}`, weak: typeof WeakRef,
    now: new Date().toISOString().slice(0, 10), chance: Math.random() !== Math.random(),
  } }),
  chunks: ({ context }) => ({ capture: { told: context } }),
};

export const post = (input) => ways[input.request.path.slice(1)](input);

// Bytes of a stream come in base64, and as text beside it.
export const chunk = ({ text, done, context = "" }) => ({ context: context + (done ? "|end" : text.trim()) });
"""

folder, code, out, err = build("packs/pack", "pack.js", SCRIPT)
check("build", code == 0, out, err)
# Once in each shape: both have the same engine.
captured = {
    "waits": {"sum": 3},
    "nothing": {},
    "left_out": {"f": 0, "g": False, "h": "x"},
    "headers": {"one": "1", "all": "1,2", "length": 3},
    "chunks": {"told": "data: \u00e4|end"},
    "logs": {},
    "has": {
        "map": 2, "regexp": "a12", "date": "1970-01-01T00:00:00.000Z", "json": '{"a":[1,0.1]}', "letter": True,
        "parsed": 1e-7, "fixed": "1.00", "big": str(2 ** 70), "label": "1,2,3", "weak": "undefined",
        "now": "2026-11-23", "chance": True,
    },
}
refused = {
    "throws": ("TypeError: no money", "at fails"),
    "rejects": ("TypeError: no money", "at fails"),
    "never": ("a promise is awaited that nothing settles",),
    "number": ("post returned something else than {capture, context} or nothing",),
    "recurses": ("RangeError", "at deeper"),
}
given = {"headers": {"headers": [["X-Id", "1"], ["X-Id", "2"], ["y", "3"]]},
         "chunks": {"type": "application/x-ndjson", "body": "data: \u00e4\n"}}
logged = judge(captured, refused, given)
check("logs", 'told {"a":1}' in logged and "RangeError: bad" in logged, logged)

for name, source, *texts in [
    ("syntax", "export const post = () => {", "pack.js", "Unexpected end of file"),
    ("types", "export const post = 1;", "exports no hook", "export function post(input)"),
    ("top level", "const now = () => { throw new Error('at once'); }; now(); export const post = () => {};",
     "the top level of the Pack failed: Error: at once", "at now"),
    ("too early", "const key = Config.get('key'); export const post = () => key;",
     "config_get is there inside hooks only, not while the Pack is built"),
    ("no module", "import x from 'not-there'; export const post = () => x;", "not-there"),
]:
    _folder, code, out, err = build(name.replace(" ", "-"), "pack.js", source)
    check(name, code != 0 and all(text in err for text in texts), code, out, err)
_folder, code, out, err = build("engine", "pack.js", "export const post = () => {};",
                                modules=[{"name": "engine", "digest": "sha256:" + "0" * 64}])
check("another engine", code != 0 and 'has to be "sha256:' in err, code, out, err)

# What `pack new` writes for JavaScript, in both shapes; the tutorials do so for the other languages.
for shape in ([], ["--shape", "engine"]):
    folder = work / f"new-{len(shape)}"
    code, out, err = run("new", "--lang", "js", *shape, folder)
    check("new", code == 0, out, err)
    code, out, err = run("build", folder)
    check("build what is new", code == 0 and ("400 KiB" in err + out or shape) and ("5 KiB" in err + out or not shape), out, err)
    code, out, err = run("check", folder)
    check("check what is new", code == 0 and "1 case: 1 passed" in out, out, err)

done()
