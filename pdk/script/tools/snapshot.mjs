// snapshot: an interpreter as it stands after some calls, as a module that begins there.
//
// Memory is all that there is to keep: the one global of a module from clang, the stack pointer, is
// where it was once a call has returned, and tables do not change.
//
// The memory is no active data but one passive segment, which a start function copies to its
// places. So it is no image that a host maps and every instance faults in page by page, 100 us of
// them, but bytes that are copied in 15. There are two ways to write it: in runs, which is faster, or
// packed, without each four bytes that are zero, which is smaller by a sixth.
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
function copiedSegment(memory, from) {
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
function copyingFunction() {
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

const PACKED_HEADER = 16;
const GROUP = 8; // words behind one byte that says which of them are not zero

/** The packed segment, and how much memory there has to be: where it goes, how many groups there are, where it
 * lies until it is unpacked, its size; of each group which words are there; all words. */
function packedSegment(memory, from) {
  const words = new Uint32Array(memory.buffer);
  const first = words.findIndex((word, i) => i * 4 >= from && word !== 0);
  const last = words.findLastIndex((word) => word !== 0);
  const masks = [];
  const kept = [];
  for (let i = first; i <= last; i += GROUP) {
    let mask = 0;
    for (let bit = 0; bit < GROUP; bit++) {
      if (!words[i + bit]) continue;
      mask |= 1 << bit;
      kept.push(words[i + bit]);
    }
    masks.push(mask);
  }
  const body = Buffer.concat([Uint8Array.from(masks), Buffer.from(Uint32Array.from(kept).buffer)]);
  // The words behind the last are looked at and not used.
  const needed = (last + GROUP) * 4 + body.length + GROUP * 4;
  const pages = Math.max(memory.length / 65536, Math.ceil(needed / 65536));
  const head = Uint32Array.of(first * 4, masks.length, pages * 65536 - body.length - GROUP * 4, body.length);
  return { pages, segment: Buffer.concat([Buffer.from(head.buffer), body]) };
}

// Unpacks without branches: whether a word is there cannot be foreseen.
function unpackingFunction() {
  const [to, masks, words, end, mask] = [0, 1, 2, 3, 4];
  const i32 = (number) => [0x41, ...signed(number)];
  const get = (local) => [0x20, local];
  const set = (local) => [0x21, local];
  const tee = (local) => [0x22, local];
  const [add, subtract, and, shiftLeft, shiftRight] = [[0x6a], [0x6b], [0x71], [0x74], [0x76]];
  const load = (offset) => [0x28, 0, offset];
  const load8 = [0x2d, 0, 0];
  const store = (offset) => [0x36, 0, offset];
  const memoryInit = [0xfc, 8, 0, 0];
  const dataDrop = [0xfc, 9, 0];
  const word = (bit) => [
    ...get(to), // where it goes
    ...[...get(words), ...load(0), ...i32(0), ...get(mask), ...i32(bit), ...shiftRight, ...i32(1), ...and, ...subtract, ...and],
    ...store(bit * 4),
    ...[...get(words), ...get(mask), ...i32(bit), ...shiftRight, ...i32(1), ...and, ...i32(2), ...shiftLeft, ...add, ...set(words)],
  ];
  const group = Array.from({ length: GROUP }, (_none, bit) => word(bit)).flat();
  return counted([
    ...[1, 5, 0x7f],
    ...[...i32(0), ...i32(0), ...i32(PACKED_HEADER), ...memoryInit],
    ...[...i32(0), ...load(0), ...set(to), ...i32(0), ...load(8), ...set(masks)],
    ...[...get(masks), ...i32(PACKED_HEADER), ...i32(0), ...load(12), ...memoryInit],
    ...[...get(masks), ...i32(0), ...load(4), ...add, ...tee(words), ...set(end)],
    ...[0x03, 0x40], // loop
    ...[...get(masks), ...load8, ...tee(mask), 0x04, 0x40, ...group, 0x0b],
    ...[...get(to), ...i32(GROUP * 4), ...add, ...set(to)],
    ...[...get(masks), ...i32(1), ...add, ...tee(masks), ...get(end), 0x49, 0x0d, 0],
    0x0b,
    ...dataDrop,
    // What it was unpacked from would be in the next snapshot.
    ...[...i32(0), ...load(8), ...i32(0), ...i32(0), ...load(12), 0xfc, 11, 0],
    0x0b,
  ]);
}

/** What a module needs that it starts by itself; one that was a snapshot before has it. */
function withStart(list, start) {
  if (list.some(({ id }) => id === SECTION.start)) return list;
  const bytesOf = (wanted) => list.find(({ id }) => id === wanted).bytes;
  const functions = countOf(bytesOf(SECTION.function)) + importedFunctions(bytesOf(SECTION.import));
  const changed = {
    [SECTION.type]: (bytes) => appended(bytes, [0x60, 0, 0]),
    [SECTION.function]: (bytes) => appended(bytes, unsigned(countOf(bytesOf(SECTION.type)))),
    [SECTION.code]: (bytes) => appended(bytes, start()),
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
  snapshot(keeps, { packed = false } = {}) {
    if (this.stackTop !== this.exports.__stack_pointer.value) throw new Error("the stack is in use");
    const memory = this.memory;
    const left = [SECTION.memory, SECTION.data, SECTION.dataCount, SECTION.custom];
    const kept = sections(this.wasm).filter(({ id }) => !left.includes(id));
    // The stack, which lies below all else, holds nothing between two calls.
    const { pages, segment } = packed
      ? packedSegment(memory, this.stackTop)
      : { pages: memory.length / 65536, segment: copiedSegment(memory, this.stackTop) };
    return assemble([
      ...withStart(kept, packed ? unpackingFunction : copyingFunction).map(({ id, bytes }) => ({
        id,
        bytes: id === SECTION.export ? filterExports(bytes, keeps) : bytes,
      })),
      { id: SECTION.memory, bytes: [1, 0, ...unsigned(pages)] },
      { id: SECTION.dataCount, bytes: [1] },
      { id: SECTION.data, bytes: vector([[1, ...counted(segment)]]) },
    ]);
  }
}
