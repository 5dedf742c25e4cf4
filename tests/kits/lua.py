#!/usr/bin/env python3
# What a Pack in Lua meets inside a hook: errors that are caught, coroutines, the end of its stack; and what
# its author is told when something is wrong.
# SPDX-License-Identifier: Apache-2.0
from project import build, check, done, judge

SCRIPT = r"""
local ways = {}

function ways.catches()
  local ok, why = pcall(error, { code = 7 })
  local _, line = pcall(function() local x = nil + 1 end)
  local _, text = xpcall(error, function(e) return "seen " .. e end, "e", 0)
  local deep = select(2, pcall(function() error(select(2, pcall(error, "inner", 0)) .. " outer", 0) end))
  capture("ok", ok)
  capture("code", why.code)
  capture("line", line)
  capture("text", text)
  capture("deep", deep)
end

-- Each error leaves the stacks as they were.
function ways.catches_many()
  local function nested(n) if n == 0 then error("end", 0) end return 1 + nested(n - 1) end
  local caught = 0
  for _ = 1, 5000 do
    local ok, why = pcall(nested, 20)
    if not ok and why == "end" then caught = caught + 1 end
  end
  capture("caught", caught)
end

function ways.yields()
  local generate = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
  local inside = coroutine.create(function() error("inside", 0) end)
  local sorted = { 3, 1, 2 }
  table.sort(sorted, function(a, b) return a > b end)
  local across = coroutine.wrap(function() return pcall(function() return coroutine.yield("out") + 1 end) end)
  capture("sum", generate() + generate() + generate())
  capture("dead", select(2, coroutine.resume(inside)))
  capture("sorted", table.concat(sorted, ","))
  capture("across", across() .. " " .. tostring(select(2, across(41))))
end

function ways.closes()
  local said = {}
  pcall(function()
    local held <close> = setmetatable({}, { __close = function(_, e) said[1] = "closed after " .. e end })
    error("it", 0)
  end)
  capture("said", said[1])
end

function ways.prints()
  capture("format", string.format("%5.2f|%g|%d|%s|%q|%x", 3.14159, 0.1, 42, "s", "a\nb", 255))
  capture("numbers", table.concat({ 1e15, 2 ^ 53, 1 / 3, -0.5, 10 // 3, 7.0, 2 ^ -1, 2 ^ 0.5 }, " "))
  capture("find", ("key=value"):match("^(%w+)=(%w+)$"))
  capture("integer", math.tointeger("9007199254740993") or tonumber("9007199254740993"))
end

function ways.finds_nothing(input)
  capture("deep", input.response.body.a.b.c)
  capture("of a number", input.response.body.n.x.y)
  capture("empty", "")
  capture("there", input.response.body.list[2].x)
  capture("header", input.request.headers["x-id"])
  capture("none", input.request.headers["x-none"])
end

function ways.gives(input)
  return { capture = { b = 1, a = "x" }, context = { list = { 1, 2 }, map = { z = true } } }
end

function ways.encodes()
  capture("json", json.encode({ a = { 1, 0.5, "\"\1é\xff" }, b = {} }))
  capture("decoded", json.decode('{"x":[1,{"y":"\\u00e9\\ud83d\\ude00"}]}').x[2].y)
end

function ways.tells() print("told", 1, nil) log.warn("beware") end
function ways.chunks(input) capture("told", input.context) end
function ways.throws() local function fails() error("no money") end fails() end
function ways.throws_table() error({}) end
function ways.number() return 42 end
function ways.recurses() local function deeper(n) return 1 + deeper(n + 1) end return deeper(0) end
function ways.recurses_in_c() local function deeper(s) return (s:gsub(".", deeper)) end return deeper("x") end
function ways.cannot() capture("x", { 1 }) return { context = print } end

function post(input)
  return ways[input.request.path:sub(2)](input)
end

function chunk(input)
  return { context = (input.context or "") .. (input.done and "|end" or input.text:gsub("\n", "")) }
end
"""

folder, code, out, err = build("packs/pack", "pack.lua", SCRIPT)
check("build", code == 0, out, err)
captured = {
    "catches": {"ok": False, "code": 7, "line": "pack.lua:6: attempt to perform arithmetic on a nil value",
                "text": "seen e", "deep": "inner outer"},
    "catches_many": {"caught": 5000},
    "yields": {"sum": 6, "dead": "inside", "sorted": "3,2,1", "across": "out 42"},
    "closes": {"said": "closed after it"},
    "prints": {"format": ' 3.14|0.1|42|s|"a\\\nb"|ff',
               "numbers": "1e+15 9.007199254741e+15 0.33333333333333 -0.5 3 7.0 0.5 1.4142135623731",
               "find": "key", "integer": 9007199254740993},
    "finds_nothing": {"there": 5, "header": "1"},
    "gives": {"a": "x", "b": 1},
    "encodes": {"json": '{"a":[1,0.5,"\\u0022\\u0001\u00e9\ufffd"],"b":{}}', "decoded": "\u00e9\U0001f600"},
    "tells": {},
    "chunks": {"told": "data: \u00e4|end"},
}
refused = {
    "throws": ("pack.lua:", "no money", "in local 'fails'"),
    "throws_table": ("table:",),
    "number": ("it returned a number, not {capture = ..., context = ...} or nothing",),
    "recurses": ("stack overflow",),
    "recurses_in_c": ("stack overflow",),
    "cannot": ("a function cannot be kept",),
}
given = {"finds_nothing": {"headers": [["X-Id", "1"]], "body": '{"n":5,"list":[1,{"x":5}]}'},
         "chunks": {"type": "application/x-ndjson", "body": "data: \u00e4\n"}}
logged = judge(captured, refused, given)
check("tells", "told\\u{9}1\\u{9}nil" in logged or "told\t1\tnil" in logged, logged)
check("warns", "beware" in logged, logged)

for name, source, *texts in [
    ("syntax", "function post(input", "pack.lua:1:", "expected"),
    ("nothing", "local x = 1", "pack.lua has no hook: write `function post(input) ... end`"),
    ("top level", "error('at once')", "the top level of the Pack failed: pack.lua:1: at once"),
    ("too early", "local key = config.get('key')", "config_get is there inside hooks only"),
]:
    _folder, code, out, err = build(name.replace(" ", "-"), "pack.lua", source)
    check(name, code != 0 and all(text in err for text in texts), code, out, err)
_folder, code, out, err = build("returned", "pack.lua", "return { post = function() capture('ok', true) end }")
check("returned", code == 0, out, err)

done()
