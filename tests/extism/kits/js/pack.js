// A Pack in JavaScript: what Extism's kit gives a script (Host, Config, Var, Http, console), and
// one export for each thing that it can do.
// SPDX-License-Identifier: Apache-2.0
"use strict";

globalThis.Host = {inputString: __inputString, inputBytes: __inputBytes, outputString: __output, outputBytes: __output};
globalThis.Config = {get: __configGet};
globalThis.Var = {getString: __varGet, set: __varSet};
globalThis.Http = {
  request(request, body) {
    const text = JSON.stringify({method: "GET", ...request});
    const answer = body === undefined ? __httpRequest(text) : __httpRequest(text, body);
    return {...answer, headers: answer.headers ? JSON.parse(answer.headers) : {}};
  },
};

const text = (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));
const logger = (level) => (...values) => __log(level, values.map(text).join(" "));
globalThis.console = {trace: logger(0), debug: logger(1), log: logger(2), info: logger(2), warn: logger(3), error: logger(4)};

module.exports = {
  pre() {
    const {request} = JSON.parse(Host.inputString());
    Host.outputString(JSON.stringify({capture: {path: request.path}, context: {path: request.path}}));
  },

  post() {
    const {response, context} = JSON.parse(Host.inputString());
    const error = _.get(response, "body.error") ?? {};
    const capture = _.mapKeys(_.pickBy(_.pick(error, ["code", "doc_url"]), _.isString), (_value, name) => `error.${name}`);
    Host.outputString(JSON.stringify({capture: {...capture, told: _.get(context, "path")}}));
  },

  reflect() {
    Host.outputBytes(Host.inputBytes());
  },

  config_get() {
    Host.outputString(Config.get(Host.inputString()) ?? "none");
  },

  vars() {
    const before = Var.getString("kept");
    Var.set("kept", Host.inputString());
    const kept = Var.getString("kept");
    Var.set("kept", null);
    Host.outputString(`${before} ${kept} ${Var.getString("kept")}`);
  },

  logs() {
    console.log("info", Host.inputString());
    console.warn("warn", Host.inputString());
    console.error("error", Host.inputString());
  },

  http_get() {
    const {status, headers, body} = Http.request({url: Host.inputString(), headers: {"x-kit": "js"}});
    Host.outputString(`${status} ${headers["content-type"] ?? ""} ${body}`);
  },

  fails() {
    throw new TypeError(`failed at ${Host.inputString()}`);
  },

  recurses() {
    const deeper = (n) => 1 + deeper(n + 1);
    return deeper(0);
  },

  // Clock, random numbers, environment and files, as a script sees them.
  chance() {
    const bytes = Array.from(new Uint8Array(__randomBytes()));
    const when = new Date().toISOString();
    Host.outputString(JSON.stringify({when, bytes, home: __environment("HOME"), file: __hasFile("/etc/hosts")}));
  },
};
