// build: a project in TypeScript or JavaScript to a Pack:
// build.mjs alone|engine ESBUILD ENTRY OUT [MANIFEST]
//
// `alone` is a Pack with its engine, as it stands once the top level has run; `engine` is a shell
// around the bytecode for the engine that its manifest names. Both run the top level here, so that
// what is wrong with it is said now.
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { compile } from "./compile.mjs";
import { load, Mistake } from "./load.mjs";
import { shell } from "./shell.mjs";

const MOST_SOURCE = 16 << 20;

const beside = (name) => readFileSync(new URL(name, import.meta.url));

function bundle(esbuild, entry) {
  const made = spawnSync(
    esbuild,
    [entry, "--bundle", "--format=esm", "--platform=neutral", "--main-fields=module,main", "--target=es2022", "--minify-syntax", "--minify-whitespace", "--log-level=warning"],
    { maxBuffer: MOST_SOURCE, stdio: ["ignore", "pipe", "inherit"] },
  );
  if (made.error) throw new Mistake(`esbuild: ${made.error.message}`);
  if (made.status) throw new Mistake(`${basename(entry)} cannot be bundled: see above`);
  return made.stdout.toString();
}

// Bytecode is for the engine that it was compiled with and no other.
function checkManifest(file, engine) {
  const digest = `sha256:${createHash("sha256").update(engine).digest("hex")}`;
  const named = JSON.parse(readFileSync(file, "utf8")).modules.find(({ name }) => name === "engine");
  if (named.digest !== digest) throw new Mistake(`manifest.json names another engine than this kit has: "digest" has to be "${digest}"`);
}

try {
  const [shape, esbuild, entry, out, manifest] = process.argv.slice(2);
  const engine = beside("engine.wasm");
  if (shape === "engine") checkManifest(manifest, engine);
  const bytecode = compile(beside("compiler.wasm"), bundle(esbuild, entry), basename(entry));
  const { machine, hooks } = load(engine, bytecode);
  if (!hooks.length) throw new Mistake(`${basename(entry)} exports no hook: write \`export function post(input) { ... }\``);
  const kept = ["memory", ...hooks];
  writeFileSync(out, shape === "alone" ? machine.snapshot((name) => kept.includes(name)) : shell(bytecode, hooks));
} catch (error) {
  if (!(error instanceof Mistake || error instanceof SyntaxError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
