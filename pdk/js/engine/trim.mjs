// trim: quickjs.c without the built-in functions that a Pack has no use for: trim.mjs FROM TO
//
// What nobody can reach the linker then leaves out. Each name has to be there, so that another
// version of QuickJS is looked at anew.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";

const ALL = "all";
const LEFT_OUT = {
  js_iterator_funcs: ALL,
  js_iterator_proto_funcs: "chunks drop filter flatMap map take windows every find forEach some includes join reduce toArray [Symbol.dispose]",
  js_iterator_helper_proto_funcs: ALL,
  js_iterator_wrap_proto_funcs: ALL,
  js_disposable_stack_proto_funcs: ALL,
  js_async_disposable_stack_proto_funcs: ALL,
  js_string_proto_funcs: "normalize anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup",
  js_math_funcs: "acos asin atan atan2 cos sin tan cosh sinh tanh acosh asinh atanh expm1 log1p cbrt f16round sumPrecise",
  js_set_proto_funcs: "isDisjointFrom isSubsetOf isSupersetOf intersection difference symmetricDifference union",
  js_map_proto_funcs: "getOrInsert getOrInsertComputed",
  js_error_funcs: "prepareStackTrace",
  js_callsite_proto_funcs: ALL,
  js_bigint_funcs: ALL,
};
// Functions written in JavaScript, in bytecode; and what begins them.
const BUILTINS = ["ITERATOR_ZIP", "ITERATOR_ZIP_KEYED", "ARRAY_FROMASYNC"];
const CONSTRUCTORS = ["DisposableStack", "AsyncDisposableStack"];

const [from, to] = process.argv.slice(2);
let source = readFileSync(from, "utf8");

function replace(what, pattern, by) {
  const trimmed = source.replace(pattern, by);
  if (trimmed === source) throw new Error(`quickjs.c has changed: ${what} was not found`);
  source = trimmed;
}

for (const [table, names] of Object.entries(LEFT_OUT)) {
  const whole = new RegExp(`(JSCFunctionListEntry ${table}\\[\\] = \\{\n)([^]*?)(\n\\};)`);
  if (names === ALL) {
    replace(table, whole, "$1$3");
    continue;
  }
  for (const name of names.split(" ")) {
    const line = new RegExp(`\n *JS_[A-Z_]+DEF2? *\\("${name.replace(/[[\].]/g, "\\$&")}"[^]*?\\),?(?=\n)`);
    replace(`${table}: ${name}`, whole, (_all, open, lines, close) => {
      const shorter = `\n${lines}\n`.replace(line, "");
      if (shorter.length === lines.length + 2) throw new Error(`quickjs.c has changed: ${table} has no ${name}`);
      return open + shorter.slice(1, -1) + close;
    });
  }
}
for (const name of BUILTINS) {
  replace(name, new RegExp(`    case JS_BUILTIN_${name}:\n        \\{\n[^]*?\n        \\}\n`), "");
  replace(name, new RegExp(`    JS_DefineAutoInitProperty\\([^;]*JS_BUILTIN_${name},[^;]*;\n`), "");
}
for (const name of CONSTRUCTORS) replace(name, new RegExp(`    JS_NewGlobalCConstructorMagic\\(ctx, "${name}",[^;]*;\n`), "");
// Where a function has no file and no lines, its name is all that an error's stack says of it.
replace("the stack of an error", "            if (b && sf->cur_pc) {\n", "            if (b && !b->filename) {\n            } else if (b && sf->cur_pc) {\n");
// There is a stack, and a pointer into it, on Wasm too: what overruns it is to be a RangeError.
replace("the stack's limit", "#if defined(__wasi__)\n    rt->stack_limit", "#if 0\n    rt->stack_limit");
// Doubles are read by QuickJS's own reader; the C library's is for 128 bits.
replace("strtod", "strtod((const char *)p_start, NULL)", "read_double((const char *)p_start)");
replace("the includes", '#include "dtoa.h"\n', '#include "dtoa.h"\nstatic double read_double(const char *);\n');
source += "\nstatic double read_double(const char *text) {\n    JSATODTempMem work;\n    return js_atod(text, NULL, 10, 0, &work);\n}\n";
writeFileSync(to, source);
