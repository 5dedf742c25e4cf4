// engine: Lua 5.4 as a Pack has it: without its parser, begun when the kit is built, the Pack
// loaded when the Pack is, and kept as it then stood. SPDX-License-Identifier: Apache-2.0
#include "host.h"
#include "json.h"
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"
#include "memory.h"
#include <stdlib.h>
#include <time.h>
#include <wasi/api.h>

// Nothing of what one exchange makes is collected, before there is so much of it.
enum { COLLECT_FROM_KIB = 16 << 10, SPARE_BYTES = 24 << 10 };

static lua_State *L;
static bool has_chance; // random numbers were seeded

// Captures as they come, since a table has no order; of the hook that runs.
static json_text captures;

static void *resize(void *user, void *at, size_t before, size_t size) {
    (void)user, (void)before;
    if (size) return realloc(at, size);
    free(at);
    return NULL;
}

time_t time(time_t *to) {
    __wasi_timestamp_t now = 0;
    (void)!__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1000000, &now);
    time_t seconds = (time_t)(now / 1000000000);
    if (to) *to = seconds;
    return seconds;
}

// ---- What a script is given ---------------------------------------------------------------------

static host_block block_at(lua_State *state, int index) {
    size_t size;
    const char *text = luaL_checklstring(state, index, &size);
    return host_put(text, size);
}

// Pushes what a block holds; nil for none.
static int push_block(lua_State *state, host_block block) {
    host_text text = host_take(block);
    if (text.bytes)
        lua_pushlstring(state, text.bytes, text.size);
    else
        lua_pushnil(state);
    free(text.bytes);
    return 1;
}

static int config_get(lua_State *state) {
    return push_block(state, host_config_get(block_at(state, 1)));
}

static int var_get(lua_State *state) {
    return push_block(state, host_var_get(block_at(state, 1)));
}

static int var_set(lua_State *state) {
    host_block value = lua_isnoneornil(state, 2) ? 0 : block_at(state, 2);
    host_var_set(block_at(state, 1), value);
    return 0;
}

// http.request({url = ..., method = ..., headers = {...}}, body): {status, headers, body}
static int http_request(lua_State *state) {
    json_text request = {0};
    luaL_checktype(state, 1, LUA_TTABLE);
    host_block body = lua_isnoneornil(state, 2) ? 0 : block_at(state, 2);
    json_put_value(state, 1, &request);
    host_block answer = host_http_request(host_put(request.bytes, request.size), body);
    free(request.bytes);
    lua_createtable(state, 0, 3);
    lua_pushinteger(state, host_http_status_code());
    lua_setfield(state, -2, "status");
    host_text headers = host_take(host_http_headers());
    if (headers.bytes) json_read(state, headers.bytes), lua_setfield(state, -2, "headers");
    free(headers.bytes);
    push_block(state, answer);
    lua_setfield(state, -2, "body");
    return 1;
}

// log.info(...): its values as print writes them.
static int log_line(lua_State *state) {
    json_text line = {0};
    int count = lua_gettop(state);
    for (int i = 1; i <= count; i++) {
        size_t size;
        const char *text = luaL_tolstring(state, i, &size);
        if (i > 1) json_put(&line, "\t", 1);
        json_put(&line, text, size);
        lua_pop(state, 1);
    }
    host_log((int)lua_tointeger(state, lua_upvalueindex(1)), line.bytes, line.size);
    free(line.bytes);
    return 0;
}

// json.encode(value)
static int json_encode(lua_State *state) {
    json_text text = {0};
    luaL_checkany(state, 1);
    json_put_value(state, 1, &text);
    lua_pushlstring(state, text.bytes, text.size);
    free(text.bytes);
    return 1;
}

// json.decode(text)
static int json_decode(lua_State *state) {
    json_read(state, luaL_checkstring(state, 1));
    return 1;
}

// capture(name, value): what is no string, number or boolean, and an empty string, is left out.
static int capture(lua_State *state) {
    size_t size, length = 1;
    const char *name = luaL_checklstring(state, 1, &size);
    int type = lua_type(state, 2);
    if (type == LUA_TSTRING) lua_tolstring(state, 2, &length);
    bool is_number = type == LUA_TNUMBER && lua_tonumber(state, 2) - lua_tonumber(state, 2) == 0;
    if (!is_number && type != LUA_TBOOLEAN && (type != LUA_TSTRING || !length)) return 0;
    if (captures.size) json_put(&captures, ",", 1);
    json_put_string(&captures, name, size);
    json_put(&captures, ":", 1);
    json_put_value(state, 2, &captures);
    return 0;
}

// What is not there is nil, and looking into nil, a number or a boolean finds nil: services send
// what they like, and a Pack looks four tables deep.
static int nothing(lua_State *state) {
    lua_pushnil(state);
    return 1;
}

// headers.name and headers[1]: the first value of that name; a pair.
static int header(lua_State *state) {
    lua_Integer count = (lua_Integer)lua_rawlen(state, 1);
    if (lua_type(state, 2) != LUA_TSTRING) return nothing(state);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(state, 1, i);
        lua_rawgeti(state, -1, 1);
        if (lua_rawequal(state, -1, 2)) return lua_rawgeti(state, -2, 2), 1;
        lua_pop(state, 2);
    }
    return nothing(state);
}

static const luaL_Reg configs[] = {{"get", config_get}, {NULL, NULL}};
static const luaL_Reg vars[] = {
    {"get", var_get}, {"set", var_set}, {"remove", var_set}, {NULL, NULL}};
static const luaL_Reg https[] = {{"request", http_request}, {NULL, NULL}};
static const luaL_Reg jsons[] = {{"encode", json_encode}, {"decode", json_decode}, {NULL, NULL}};
static const struct {
    const char *name;
    const luaL_Reg *functions;
} tables[] = {{"config", configs}, {"var", vars}, {"http", https}, {"json", jsons}};

static void add_log(void) {
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    lua_createtable(L, 0, 4);
    for (int i = 0; i < 4; i++) {
        lua_pushinteger(L, i + 1);
        lua_pushcclosure(L, log_line, 1);
        lua_setfield(L, -2, levels[i]);
    }
    lua_getfield(L, -1, "info");
    lua_setglobal(L, "print");
    lua_setglobal(L, "log");
}

static void add_globals(void) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        lua_newtable(L);
        luaL_setfuncs(L, tables[i].functions, 0);
        lua_setglobal(L, tables[i].name);
    }
    add_log();
    lua_register(L, "capture", capture);
    luaL_newmetatable(L, "headers");
    lua_pushcfunction(L, header);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, nothing);
    lua_setfield(L, -2, "__index");
    lua_pushnil(L);
    lua_pushboolean(L, false);
    lua_pushinteger(L, 0);
    for (int i = 0; i < 3; i++) {
        lua_pushvalue(L, -4 + i);
        lua_setmetatable(L, -2);
        lua_pop(L, 1);
    }
    lua_settop(L, 0);
}

// ---- Before the snapshot ------------------------------------------------------------------------

EXPORT("begin") void engine_begin(void);
EXPORT("prepare") void engine_prepare(void);
EXPORT("settle") void engine_settle(void);
EXPORT("reserve") void *engine_reserve(size_t size);
EXPORT("load") int32_t engine_load(const char *bytecode, size_t size);
EXPORT("has") int32_t engine_has(int32_t hook);

/** The first call before a snapshot. */
void engine_prepare(void) {
    memory_clears = true;
}

void engine_begin(void) {
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
                                         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_STRLIBNAME, luaopen_string},
                                         {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_COLIBNAME, luaopen_coroutine}};
    engine_prepare();
    L = lua_newstate(resize, NULL);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
        lua_pop(L, 1);
    }
    add_globals();
}

/** The last call before a snapshot. */
void engine_settle(void) {
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCSTOP);
    free(malloc(SPARE_BYTES));
    memory_clears = false;
}

void *engine_reserve(size_t size) {
    return malloc(size);
}

// ---- Running ------------------------------------------------------------------------------------

// What was thrown, and below it where.
static int with_traceback(lua_State *state) {
    luaL_traceback(state, state, luaL_tolstring(state, 1, NULL), 1);
    return 1;
}

// Calls what is on the stack below its arguments; 1, and an error set, when it throws.
static int32_t call(int arguments, int results) {
    int handler = lua_gettop(L) - arguments;
    lua_pushcfunction(L, with_traceback);
    lua_insert(L, handler);
    int status = lua_pcall(L, arguments, results, handler);
    if (status != LUA_OK) {
        size_t size;
        const char *text = lua_tolstring(L, -1, &size);
        host_error(text, text ? size : 0);
    }
    lua_remove(L, handler);
    return status != LUA_OK;
}

/** Runs a chunk: what it returns, a table of hooks, or what it set, are the hooks. */
int32_t engine_load(const char *bytecode, size_t size) {
    if (luaL_loadbufferx(L, bytecode, size, "pack", "b") != LUA_OK) {
        host_error(lua_tostring(L, -1), lua_rawlen(L, -1));
        return 1;
    }
    if (call(0, 1)) return 1;
    for (const char *const *name = (const char *const[]){"pre", "post", "chunk", NULL}; *name;
         name++) {
        if (!lua_istable(L, -1)) break;
        lua_getfield(L, -1, *name);
        if (lua_isnil(L, -1))
            lua_pop(L, 1);
        else
            lua_setglobal(L, *name);
    }
    lua_settop(L, 0);
    return 0;
}

EXPORT("install") int32_t engine_install(const char *bytecode, size_t size);
/** Runs prelude.lua, which is no Pack. */
int32_t engine_install(const char *bytecode, size_t size) {
    return engine_load(bytecode, size);
}

int32_t engine_has(int32_t hook) {
    static const char *const names[] = {"pre", "post", "chunk"};
    int type = lua_getglobal(L, names[hook]);
    lua_settop(L, 0);
    return type == LUA_TFUNCTION;
}

static void give_headers_methods(lua_State *state, const char *message) {
    lua_getfield(state, -1, message);
    if (lua_istable(state, -1)) {
        lua_getfield(state, -1, "headers");
        if (lua_istable(state, -1)) luaL_setmetatable(state, "headers");
        lua_pop(state, 1);
    }
    lua_pop(state, 1);
}

static int value_of(unsigned char digit) {
    if (digit >= 'A' && digit <= 'Z') return digit - 'A';
    if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9') return digit - '0' + 52;
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

// A piece of a stream comes in base64; `text` is what it is.
static void add_text_of_chunk(lua_State *state) {
    size_t size;
    lua_getfield(state, -1, "chunk");
    const char *from = lua_tolstring(state, -1, &size);
    if (from) {
        luaL_Buffer buffer;
        luaL_buffinitsize(state, &buffer, size);
        unsigned bits = 0;
        for (size_t i = 0, have = 0; i < size; i++) {
            int value = value_of((unsigned char)from[i]);
            if (value < 0) break;
            bits = bits << 6 | (unsigned)value;
            have += 6;
            if (have >= 8) luaL_addchar(&buffer, (char)(bits >> (have -= 8)));
        }
        luaL_pushresult(&buffer);
        lua_setfield(state, -3, "text");
    }
    lua_pop(state, 1);
}

static void seed(lua_State *state) {
    lua_Integer chance[2] = {0, 0};
    (void)!__wasi_random_get((uint8_t *)chance, sizeof chance);
    lua_getglobal(state, "math");
    lua_getfield(state, -1, "randomseed");
    lua_pushinteger(state, chance[0]);
    lua_pushinteger(state, chance[1]);
    lua_call(state, 2, 0);
    lua_pop(state, 1);
    has_chance = true;
}

static void write_output(lua_State *state) {
    json_text text = {0};
    if (!lua_isnil(state, -1) && !lua_istable(state, -1))
        luaL_error(state, "it returned a %s, not {capture = ..., context = ...} or nothing",
                   luaL_typename(state, -1));
    if (lua_istable(state, -1) && lua_getfield(state, -1, "capture") == LUA_TTABLE) {
        // Sorted, as all that comes out of a table; through capture(), which knows what is one.
        json_text sorted = {0};
        json_put_value(state, -1, &sorted);
        if (captures.size && sorted.size > 2) json_put(&captures, ",", 1);
        json_put(&captures, sorted.bytes + 1, sorted.size - 2);
        free(sorted.bytes);
    }
    lua_settop(state, 1);
    json_put(&text, "{\"capture\":{", 12);
    json_put(&text, captures.bytes, captures.size);
    json_put(&text, "}", 1);
    if (lua_istable(state, 1) && lua_getfield(state, 1, "context") != LUA_TNIL) {
        json_put(&text, ",\"context\":", 11);
        json_put_value(state, -1, &text);
    }
    json_put(&text, "}", 1);
    bool silent = lua_isnil(state, 1) && !captures.size;
    if (!silent && !text.failed && !captures.failed) host_output(text.bytes, text.size);
    free(text.bytes);
}

// Protected: reads the input, runs the hook of that name, writes what it answers.
static int run(lua_State *state) {
    const char *name = lua_touserdata(state, 1);
    host_text text = host_input();
    if (!has_chance) seed(state);
    captures.size = 0;
    if (!text.bytes) return luaL_error(state, "there is no memory for the input");
    lua_settop(state, 0);
    lua_getglobal(state, name);
    json_read(state, text.bytes);
    free(text.bytes);
    if (lua_istable(state, -1)) {
        give_headers_methods(state, "request");
        give_headers_methods(state, "response");
        add_text_of_chunk(state);
    }
    lua_call(state, 1, 1);
    write_output(state);
    return 0;
}

static int32_t run_hook(const char *name) {
    if (lua_gc(L, LUA_GCCOUNT) > COLLECT_FROM_KIB) lua_gc(L, LUA_GCCOLLECT);
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, (void *)name);
    int32_t failed = call(1, 0);
    lua_settop(L, 0);
    return failed;
}

#define HOOK(name)                                                                                 \
    EXPORT(#name) int32_t engine_##name(void);                                                     \
    int32_t engine_##name(void) {                                                                  \
        return run_hook(#name);                                                                    \
    }
HOOK(pre)
HOOK(post)
HOOK(chunk)
