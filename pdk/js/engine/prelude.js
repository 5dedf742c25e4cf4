// prelude: what every script finds in place, over the natives of engine.c; run before the snapshot.
// SPDX-License-Identifier: Apache-2.0
const native = globalThis.native;
delete globalThis.native;

const shown = (value) => {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ? `${value}\n${value.stack}` : String(value);
  return JSON.stringify(value) ?? String(value);
};
const logger = (level) => (...values) => native.log(level, values.map(shown).join(" "));

globalThis.log = { debug: logger(1), info: logger(2), warn: logger(3), error: logger(4) };
globalThis.console = { ...log, log: log.info, trace: log.debug };
globalThis.Config = { get: native.configGet };
globalThis.Var = {
  get: native.varGet,
  set: (name, value) => native.varSet(name, String(value)),
  remove: (name) => native.varSet(name, undefined),
};
globalThis.Http = {
  request(request, body) {
    const asked = typeof request === "string" ? { url: request } : request;
    const answer = native.httpRequest(JSON.stringify({ method: "GET", ...asked }), body);
    return { ...answer, headers: JSON.parse(answer.headers ?? "{}"), json: () => JSON.parse(answer.body) };
  },
};
Math.random = native.random;

/** Headers come as pairs, and stay an array of them. */
export const headers = Object.create(Array.prototype, {
  get: {
    value: function get(name) {
      const wanted = name.toLowerCase();
      for (let i = 0; i < this.length; i++) if (this[i][0] === wanted) return this[i][1];
    },
  },
  all: {
    value: function all(name) {
      const wanted = name.toLowerCase();
      return this.filter((pair) => pair[0] === wanted).map((pair) => pair[1]);
    },
  },
});
