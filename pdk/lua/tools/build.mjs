// build: a project in Lua to a Pack: build.mjs OUT pack.lua
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "./compile.mjs";
import { load, Mistake } from "./load.mjs";

try {
  const [out, entry] = process.argv.slice(2);
  const beside = (name) => readFileSync(new URL(name, import.meta.url));
  const bytecode = compile(beside("compiler.wasm"), readFileSync(entry, "utf8"), "pack.lua");
  const { machine, hooks } = load(beside("engine.wasm"), bytecode);
  if (!hooks.length) throw new Mistake("pack.lua has no hook: write `function post(input) ... end`");
  writeFileSync(out, machine.snapshot((name) => name === "memory" || hooks.includes(name), { packed: true }));
} catch (error) {
  if (!(error instanceof Mistake || error instanceof SyntaxError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
