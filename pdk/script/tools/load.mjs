// load: an engine with a Pack's bytecode loaded, as it stands before a hook.
// SPDX-License-Identifier: Apache-2.0
import { Machine } from "./snapshot.mjs";

const HOOKS = ["pre", "post", "chunk"];

/** What is wrong with a Pack, for its author. */
export class Mistake extends Error {}

/** As much of a host as there is while a Pack is built: one block, where an error's text goes. */
function listener() {
  const AT = 16; // no block is at 0
  let block = Buffer.alloc(0);
  return {
    alloc(size) {
      block = Buffer.alloc(Number(size));
      return BigInt(AT);
    },
    store_u8: (to, byte) => void block.writeUInt8(byte & 255, Number(to) - AT),
    store_u64: (to, bytes) => void block.writeBigUInt64LE(BigInt.asUintN(64, bytes), Number(to) - AT),
    error_set() {},
    error: () => block.toString(),
  };
}

/** {machine, hooks}: ready for a snapshot; the hooks that the Pack has. */
export function load(engine, bytecode) {
  const host = listener();
  const machine = new Machine(engine, host);
  machine.exports.prepare();
  if (machine.exports.load(machine.put(bytecode), bytecode.length)) throw new Mistake(`the top level of the Pack failed: ${host.error()}`);
  const hooks = HOOKS.filter((_name, i) => machine.exports.has(i));
  machine.exports.settle();
  return { machine, hooks };
}
