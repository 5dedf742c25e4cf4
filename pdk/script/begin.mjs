// begin: an engine as Packs have it, begun and with its prelude: begin.mjs COMPILER RAW PRELUDE OUT [packed]
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { compile } from "./compile.mjs";
import { Machine } from "./snapshot.mjs";

const ONCE = ["_initialize", "begin", "install"];
const [compiler, raw, prelude, out, packed] = process.argv.slice(2);
const bytecode = compile(readFileSync(compiler), readFileSync(prelude, "utf8"), basename(prelude));
const machine = new Machine(readFileSync(raw), { clock_time_get: () => 0, error_set: () => {}, alloc: () => 0n });
machine.exports._initialize();
machine.exports.begin();
if (machine.exports.install(machine.put(bytecode), bytecode.length)) throw new Error(`${prelude} failed`);
machine.exports.settle();
writeFileSync(out, machine.snapshot((name) => !ONCE.includes(name), { packed: packed === "packed" }));
