// snapshot: an interpreter as it stands after some calls, as a module that begins there.
//
// Memory is all that there is to keep: the one global of a module from clang, the stack pointer, is
// where it was once a call has returned, and tables do not change.
//
// The memory is no active data but one passive segment, which a start function copies to its
// places. So it is no image that a host maps and every instance faults in page by page, 100 us of
// them, but 200 KB that are copied in 15.
// SPDX-License-Identifier: Apache-2.0
import { Reader, SECTION, appended, assemble, countOf, counted, filterExports, sections, signed, unsigned, vector } from "./wasm.mjs";

// Zeros that are rather copied than left out: each run costs four bytes, and a call of the host.
const GAP = 24;
const MOST = 65535; // of a run, and between two
const HEADER = 8;

/** Where `memory` is not zero from `from` on: [start, end] pairs. */
function runs(memory, from) {
  const words = new BigUint64Array(memory.buffer);
  const found = [];
  for (let i = from / 8; i < words.length; i++) {
    if (words[i] === 0n) continue;
    const last = found.at(-1);
    const start = i * 8;
    if (last && start - last[1] <= GAP && start + 8 - last[0] <= MOST) last[1] = start + 8;
    else found.push([start, start + 8]);
  }
  return found;
}

/** The segment: where the first run goes, how many there are; of each, zeros before it and its length; all runs. */
function segment(memory, from) {
  const found = runs(memory, from);
  const table = [];
  const parts = [];
  let at = found[0][0];
  for (const [start, end] of found) {
    for (; start - at > MOST; at += MOST) table.push(MOST, 0);
    table.push(start - at, end - start);
    parts.push(memory.subarray(start, end));
    at = end;
  }
  const head = Uint32Array.of(found[0][0], table.length / 2);
  return Buffer.concat([head, Uint16Array.from(table)].map((part) => Buffer.from(part.buffer)).concat(parts));
}

// Copies the segment to its places. The bottom of the stack serves for its table.
function startFunction() {
  const [to, from, row, end] = [0, 1, 2, 3];
  const i32 = (number) => [0x41, ...signed(number)];
  const get = (local) => [0x20, local];
  const set = (local) => [0x21, local];
  const tee = (local) => [0x22, local];
  const add = [0x6a];
  const load = (offset) => [0x28, 2, offset];
  const load16 = (offset) => [0x2f, 1, offset];
  const memoryInit = [0xfc, 8, 0, 0];
  const dataDrop = [0xfc, 9, 0];
  const loop = (body) => [0x03, 0x40, ...body, 0x0b];
  const branchIf = [0x0d, 0];
  const less = [0x49];
  return counted([
    ...[1, 4, 0x7f], // four locals
    ...[...i32(0), ...i32(0), ...i32(HEADER), ...memoryInit],
    ...[...i32(0), ...load(0), ...set(to)],
    ...[...i32(HEADER), ...tee(row), ...i32(0), ...load(4), ...i32(2), 0x74, ...add, ...tee(end), ...set(from)],
    ...[...i32(HEADER), ...i32(HEADER), ...get(end), ...i32(HEADER), 0x6b, ...memoryInit],
    ...loop([
      ...[...get(to), ...get(row), ...load16(0), ...add, ...tee(to)],
      ...[...get(from), ...get(row), ...load16(2), ...memoryInit],
      ...[...get(to), ...get(row), ...load16(2), ...add, ...set(to)],
      ...[...get(from), ...get(row), ...load16(2), ...add, ...set(from)],
      ...[...get(row), ...i32(4), ...add, ...tee(row), ...get(end), ...less, ...branchIf],
    ]),
    ...dataDrop,
    0x0b,
  ]);
}

/** What a module needs that it starts by itself; one that was a snapshot before has it. */
function withStart(list) {
  if (list.some(({ id }) => id === SECTION.start)) return list;
  const bytesOf = (wanted) => list.find(({ id }) => id === wanted).bytes;
  const functions = countOf(bytesOf(SECTION.function)) + importedFunctions(bytesOf(SECTION.import));
  const changed = {
    [SECTION.type]: (bytes) => appended(bytes, [0x60, 0, 0]),
    [SECTION.function]: (bytes) => appended(bytes, unsigned(countOf(bytesOf(SECTION.type)))),
    [SECTION.code]: (bytes) => appended(bytes, startFunction()),
  };
  const made = list.map(({ id, bytes }) => ({ id, bytes: changed[id]?.(bytes) ?? bytes }));
  return [...made, { id: SECTION.start, bytes: unsigned(functions) }];
}

// An engine imports functions and nothing else.
function importedFunctions(bytes) {
  const reader = new Reader(bytes);
  const count = reader.unsigned();
  for (let i = 0; i < count; i++) {
    reader.name();
    reader.name();
    if (reader.byte() !== 0) throw new Error("an import is no function");
    reader.unsigned();
  }
  return count;
}

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
    this.stackTop = this.exports.__stack_pointer?.value; // of an engine
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
    if (this.stackTop !== this.exports.__stack_pointer.value) throw new Error("the stack is in use");
    const memory = this.memory;
    const left = [SECTION.memory, SECTION.data, SECTION.dataCount, SECTION.custom];
    const kept = sections(this.wasm).filter(({ id }) => !left.includes(id));
    return assemble([
      ...withStart(kept).map(({ id, bytes }) => ({ id, bytes: id === SECTION.export ? filterExports(bytes, keeps) : bytes })),
      { id: SECTION.memory, bytes: [1, 0, ...unsigned(memory.length / 65536)] },
      { id: SECTION.dataCount, bytes: [1] },
      // The stack, which lies below all else, holds nothing between two calls.
      { id: SECTION.data, bytes: vector([[1, ...counted(segment(memory, this.stackTop))]]) },
    ]);
  }
}
