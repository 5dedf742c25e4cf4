// compile: a source to the bytecode of an engine, by a compiler that is a module of Wasm.
// SPDX-License-Identifier: Apache-2.0
import { Machine } from "./snapshot.mjs";

const encode = (text) => new TextEncoder().encode(text);

/** `compiler` is compiler.wasm; throws a SyntaxError that says where. */
export function compile(compiler, source, name) {
  const machine = new Machine(compiler, { clock_time_get: () => 0, random_get: () => 0 });
  machine.exports._initialize();
  const size = encode(source).length;
  const failed = machine.exports.compile(machine.put(encode(source), 1), size, machine.put(encode(name), 1));
  const at = machine.exports.result();
  const end = at + machine.exports.result_size();
  if (failed) throw new SyntaxError(Buffer.from(machine.memory.subarray(at, end)).toString());
  return machine.memory.slice(at, end);
}
