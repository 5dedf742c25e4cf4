// snapshot: an interpreter as it stands after some calls, as a module that begins there.
//
// Memory is all that there is to keep: the one global of a module from clang, the stack pointer, is
// where it was once a call has returned, and tables do not change.
// SPDX-License-Identifier: Apache-2.0
import { SECTION, assemble, filterExports, sections, signed, counted, unsigned, vector } from "./wasm.mjs";

// A run of zeros costs nothing to leave out but what begins the next segment.
const SEGMENT_COST = 10;

/** Where `memory` is not zero from `from` on: [start, end] pairs, short gaps included. */
function runs(memory, from) {
  const found = [];
  const words = new BigUint64Array(memory.buffer);
  for (let i = from / 8; i < words.length; i++) {
    if (words[i] === 0n) continue;
    const last = found.at(-1);
    if (last && i * 8 - last[1] <= SEGMENT_COST) last[1] = i * 8 + 8;
    else found.push([i * 8, i * 8 + 8]);
  }
  for (const run of found) {
    while (memory[run[0]] === 0) run[0]++;
    while (memory[run[1] - 1] === 0) run[1]--;
  }
  return found;
}

const dataSection = (memory, from) =>
  vector(runs(memory, from).map(([start, end]) => Buffer.concat([Uint8Array.from([0, 0x41, ...signed(start), 0x0b]), counted(memory.subarray(start, end))])));

/**
 * A module begun: its imports answer to `host` by name, and whatever else it asks the host for is
 * an error that says so, since there is no host yet.
 */
export class Machine {
  constructor(wasm, host = {}) {
    this.wasm = wasm;
    const module = new WebAssembly.Module(wasm);
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][name] = host[name] ?? (() => {
        throw new Error(`${name} is there inside hooks only, not while the Pack is built: move it into pre, post or chunk`);
      });
    }
    this.exports = new WebAssembly.Instance(module, imports).exports;
    this.stackTop = this.exports.__stack_pointer?.value;
  }

  get memory() {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /** Puts bytes where the module gives room for them; undefined when it wants none. */
  put(bytes, zeros = 0) {
    const at = this.exports.reserve(bytes.length + zeros);
    if (at) this.memory.set(bytes, at);
    return at || undefined;
  }

  text(at, length) {
    return Buffer.from(this.memory.subarray(at, at + length)).toString();
  }

  /** The module as it stands, with the exports for which `keeps` is true. */
  snapshot(keeps) {
    const { stackTop } = this;
    if (stackTop !== this.exports.__stack_pointer?.value) throw new Error("the stack is in use");
    const memory = this.memory;
    const replaced = {
      [SECTION.memory]: Uint8Array.from([1, 0, ...unsigned(memory.length / 65536)]),
      [SECTION.data]: dataSection(memory, stackTop ?? 0), // the stack lies below all else
      [SECTION.dataCount]: null,
      [SECTION.custom]: null,
    };
    return assemble(
      sections(this.wasm).map(({ id, bytes }) => ({
        id,
        bytes: id === SECTION.export ? filterExports(bytes, keeps) : id in replaced ? replaced[id] : bytes,
      })),
    );
  }
}
