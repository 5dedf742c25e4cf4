// sdk: what people really call with, one library a run; `sdk.mjs got got13` names its package.
// SPDX-License-Identifier: Apache-2.0
const [, , name, from = name] = process.argv;

const { default: call } = await import(`./sdk/${name}.mjs`);
await call(await import(from));
// Some libraries keep their connections, and with them the program, open.
process.exit();
