// shell: a Pack that is bytecode and little else. It imports an engine, puts its bytecode into the
// engine's memory at the first hook, and hands each hook on.
// SPDX-License-Identifier: Apache-2.0
import { SECTION, assemble, counted, signed, unsigned, vector } from "./wasm.mjs";

const ENGINE = "engine";
const I32 = 0x7f;
const EMPTY = 0x40; // a block without a result
const FUNCTION = 0;
const MEMORY = 2;
// Types of functions, in the order of the type section.
const TYPES = [
  [[I32], [I32]], // reserve
  [[I32, I32], [I32]], // load
  [[], [I32]], // a hook
];
const HOOK = 2;

const op = {
  if: (body) => [0x04, EMPTY, ...body, 0x0b],
  return: [0x0f],
  call: (index) => [0x10, ...unsigned(index)],
  get: (local) => [0x20, local],
  tee: (local) => [0x22, local],
  i32: (number) => [0x41, ...signed(number)],
  memoryInit: (segment) => [0xfc, 8, segment, 0],
};

const body = (locals, code) => counted([...locals, ...code, 0x0b]);

/** A module with these hooks, which `engine` runs. */
export function shell(bytecode, hooks) {
  const imported = ["reserve", "load", ...hooks];
  const ready = imported.length; // the first function of its own: 0 once the engine has the bytecode
  const size = op.i32(bytecode.length);
  const readyBody = body(
    [1, 1, I32],
    [
      ...size,
      ...op.call(0),
      ...op.tee(0),
      ...op.if([
        ...[...op.get(0), ...op.i32(0), ...size, ...op.memoryInit(0)],
        ...[...op.get(0), ...size, ...op.call(1), ...op.return],
      ]),
      ...op.i32(0),
    ],
  );
  const hookBody = (index) => body([0], [...op.call(ready), ...op.if([...op.i32(1), ...op.return]), ...op.call(2 + index)]);
  const imports = imported.map((name, i) => [...counted(ENGINE), ...counted(name), FUNCTION, Math.min(i, HOOK)]);
  return assemble([
    { id: SECTION.type, bytes: vector(TYPES.map(([from, to]) => [0x60, ...vector(from.map((type) => [type])), ...vector(to.map((type) => [type]))])) },
    { id: SECTION.import, bytes: vector([[...counted(ENGINE), ...counted("memory"), MEMORY, 0, 1], ...imports]) },
    { id: SECTION.function, bytes: vector([[HOOK], ...hooks.map(() => [HOOK])]) },
    { id: SECTION.export, bytes: vector(hooks.map((name, i) => [...counted(name), FUNCTION, ...unsigned(ready + 1 + i)])) },
    { id: SECTION.dataCount, bytes: Uint8Array.from([1]) },
    { id: SECTION.code, bytes: vector([readyBody, ...hooks.map((_name, i) => hookBody(i))]) },
    { id: SECTION.data, bytes: vector([[1, ...counted(bytecode)]]) }, // passive: copied when asked for
  ]);
}
