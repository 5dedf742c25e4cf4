// unwind: errors that go up through functions, in a module that has neither exceptions nor jumps:
// unwind.mjs FROM TO
//
// After each call that can end in a throw stands a look at a flag, and a return where it is set: what
// a compiler does for a language whose functions return errors. `unwind.s` has the flag, what sets it
// and what stops it. So nothing is asked of the host: exceptions of Wasm, which would be smaller, are
// off in libextism.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { Reader, SECTION, assemble, counted, sections, unsigned, vector } from "./wasm.mjs";

const [from, to] = process.argv.slice(2);
const CALL = 0x10;
const CALL_INDIRECT = 0x11;
// What returns in place of a result that nobody looks at, by type.
const NOTHING = { 0x7f: [0x41, 0], 0x7e: [0x42, 0], 0x7d: [0x43, 0, 0, 0, 0], 0x7c: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] };

/** Past what follows an opcode. */
function skipOperands(reader, opcode) {
  const numbers = (count) => {
    for (let i = 0; i < count; i++) reader.unsigned();
  };
  if ((opcode >= 0x02 && opcode <= 0x04) || opcode === 0x41 || opcode === 0x42) numbers(1); // LEB128, signed or not
  else if (opcode === 0x0c || opcode === 0x0d || opcode === CALL || (opcode >= 0x20 && opcode <= 0x24)) numbers(1);
  else if (opcode === 0x0e) numbers(reader.unsigned() + 1);
  else if (opcode === CALL_INDIRECT || (opcode >= 0x28 && opcode <= 0x3e)) numbers(2);
  else if (opcode === 0x3f || opcode === 0x40) numbers(1);
  else if (opcode === 0x43) reader.take(4);
  else if (opcode === 0x44) reader.take(8);
  else if (opcode === 0xfc) {
    const further = reader.unsigned();
    if (further > 11 || further === 9) throw new Error(`no such instruction is known: 0xfc ${further}`);
    if (further >= 8) numbers(further === 11 ? 1 : 2);
  } else if (opcode > 0xc4 || (opcode > 0x24 && opcode < 0x28) || (opcode > 0x11 && opcode < 0x1a) || opcode === 0x1c)
    throw new Error(`no such instruction is known: 0x${opcode.toString(16)}`);
}

/** A function's body: where its code begins, and its calls: [where it ends, callee or undefined]. */
function readBody(body) {
  const reader = new Reader(body);
  for (let groups = reader.unsigned(); groups > 0; groups--) reader.unsigned(), reader.byte();
  const calls = [];
  while (reader.at < body.length) {
    const opcode = reader.byte();
    const callee = opcode === CALL ? new Reader(body, reader.at).unsigned() : undefined;
    skipOperands(reader, opcode);
    if (opcode === CALL || opcode === CALL_INDIRECT) calls.push([reader.at, callee]);
  }
  return { body, calls };
}

function items(bytes, read) {
  const reader = new Reader(bytes);
  return Array.from({ length: reader.unsigned() }, () => read(reader));
}

const list = sections(readFileSync(from));
const bytesOf = (id) => list.find((section) => section.id === id)?.bytes ?? Uint8Array.of(0);
const results = items(bytesOf(SECTION.type), (reader) => {
  reader.byte();
  reader.take(reader.unsigned());
  return [...reader.take(reader.unsigned())];
});
const imported = items(bytesOf(SECTION.import), (reader) => [reader.name(), reader.name(), reader.byte(), reader.unsigned()]).length;
const types = items(bytesOf(SECTION.function), (reader) => reader.unsigned());
const exported = Object.fromEntries(items(bytesOf(SECTION.export), (reader) => [reader.name(), (reader.byte(), reader.unsigned())]));
const bodies = items(bytesOf(SECTION.code), (reader) => readBody(reader.take(reader.unsigned())));
const { unwinding, unwind_throw: thrower, unwind_try: catcher } = exported;

/** Functions that a throw can leave, those that call what they do not know among them. */
const leaving = new Set([thrower]);
for (let before = 0; before !== leaving.size; ) {
  before = leaving.size;
  bodies.forEach(({ calls }, i) => {
    const leaves = calls.some(([, callee]) => callee === undefined || leaving.has(callee));
    if (leaves && imported + i !== catcher) leaving.add(imported + i);
  });
}

function rewritten({ body, calls }, i) {
  if (!leaving.has(imported + i) || imported + i === thrower) return counted(body);
  const [result] = results[types[i]];
  const leave = [0x23, ...unsigned(unwinding), 0x04, 0x40, ...(result ? NOTHING[result] : []), 0x0f, 0x0b];
  const parts = [];
  let at = 0;
  for (const [end, callee] of calls) {
    if (callee !== undefined && !leaving.has(callee)) continue;
    parts.push(body.subarray(at, end), Uint8Array.from(leave));
    at = end;
  }
  return counted(Buffer.concat([...parts, body.subarray(at)]));
}

const code = vector(bodies.map(rewritten));
writeFileSync(to, assemble(list.map(({ id, bytes }) => ({ id, bytes: id === SECTION.code ? code : bytes })).filter(({ id }) => id !== SECTION.custom)));
