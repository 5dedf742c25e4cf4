// trim: Lua's libraries without what a Pack has no use for or cannot have: trim.mjs FOLDER
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LEFT_OUT = {
  "lstrlib.c": "dump pack packsize unpack",
  "lbaselib.c": "dofile loadfile load print",
  "lmathlib.c": "sin cos tan asin acos atan exp log deg rad",
};

const folder = process.argv[2];
for (const [file, names] of Object.entries(LEFT_OUT)) {
  let source = readFileSync(join(folder, file), "utf8");
  for (const name of names.split(" ")) {
    const trimmed = source.replace(new RegExp(`\n *\\{"${name}", *\\w+\\},`), "");
    if (trimmed === source) throw new Error(`${file} has changed: it has no ${name}`);
    source = trimmed;
  }
  writeFileSync(join(folder, file), source);
}
