// wasm: the few things a kit does to a module: read its sections, replace some, write it again.
// SPDX-License-Identifier: Apache-2.0

/** Kinds of sections, by the numbers that they are written with. */
export const SECTION = { custom: 0, type: 1, import: 2, function: 3, memory: 5, export: 7, start: 8, code: 10, data: 11, dataCount: 12 };

// The order in which they stand, which is not that of the numbers.
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** A whole number as LEB128, without a sign. */
export function unsigned(number) {
  const bytes = [];
  do {
    const low = number % 128;
    number = Math.floor(number / 128);
    bytes.push(number ? low | 128 : low);
  } while (number);
  return bytes;
}

/** A 32-bit number as LEB128, with its sign, as `i32.const` takes it. */
export function signed(number) {
  const bytes = [];
  for (;;) {
    const low = number & 127;
    number >>= 7;
    if ((number === 0 && !(low & 64)) || (number === -1 && low & 64)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

/** A name or bytes, behind their length. */
export function counted(bytes) {
  const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : Uint8Array.from(bytes);
  return Buffer.concat([Uint8Array.from(unsigned(content.length)), content]);
}

/** A vector: how many there are, then each. */
export function vector(items) {
  return Buffer.concat([unsigned(items.length), ...items].map((item) => Uint8Array.from(item)));
}

/** Reads on from a place in bytes. */
export class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }
  byte() {
    return this.bytes[this.at++];
  }
  unsigned() {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      number += (byte & 127) * scale;
      if (byte < 128) return number;
    }
  }
  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }
  name() {
    return Buffer.from(this.take(this.unsigned())).toString();
  }
}

/** The sections of a module, in their order: [{id, bytes}]. */
export function sections(wasm) {
  const reader = new Reader(wasm, 8);
  const found = [];
  while (reader.at < wasm.length) {
    const id = reader.byte();
    found.push({ id, bytes: reader.take(reader.unsigned()) });
  }
  return found;
}

/** A module of these sections, put into their order. */
export function assemble(list) {
  const inOrder = [...list].sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id));
  const parts = inOrder.flatMap(({ id, bytes }) => [Uint8Array.from([id]), counted(bytes)]);
  return Buffer.concat([Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), ...parts]);
}

/** A vector with one more item. */
export function appended(bytes, item) {
  const reader = new Reader(bytes);
  const count = reader.unsigned();
  return Buffer.concat([Uint8Array.from(unsigned(count + 1)), bytes.subarray(reader.at), Uint8Array.from(item)]);
}

/** How many a vector has. */
export const countOf = (bytes) => new Reader(bytes).unsigned();

/** The export section with only those names for which `keeps` is true. */
export function filterExports(bytes, keeps) {
  const reader = new Reader(bytes);
  const kept = [];
  for (let count = reader.unsigned(); count > 0; count--) {
    const start = reader.at;
    const name = reader.name();
    reader.byte();
    reader.unsigned();
    if (keeps(name)) kept.push(bytes.subarray(start, reader.at));
  }
  return vector(kept);
}
