// compile: Lua to the bytecode that engine.c loads, from the same sources with the parser.
// SPDX-License-Identifier: Apache-2.0
#include "lauxlib.h"
#include "lua.h"
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

typedef struct bytes {
    char *at;
    size_t size;
} bytes;

static bytes result;

EXPORT("reserve") void *compiler_reserve(size_t size);
EXPORT("compile") int32_t compiler_compile(const char *source, size_t size, const char *name);
EXPORT("result") const void *compiler_result(void);
EXPORT("result_size") size_t compiler_result_size(void);

void *compiler_reserve(size_t size) {
    return calloc(1, size);
}

static void *resize(void *user, void *at, size_t before, size_t size) {
    (void)user, (void)before;
    if (size) return realloc(at, size);
    free(at);
    return NULL;
}

static int add(lua_State *L, const void *from, size_t size, void *user) {
    bytes *to = user;
    (void)L;
    char *at = realloc(to->at, to->size + size);
    if (!at) return 1;
    memcpy(at + to->size, from, size);
    *to = (bytes){at, to->size + size};
    return 0;
}

/** Compiles a chunk. 0: result() is bytecode; 1: it is a message. */
int32_t compiler_compile(const char *source, size_t size, const char *name) {
    lua_State *L = lua_newstate(resize, NULL);
    char chunk[256] = "@";
    strncat(chunk, name, sizeof chunk - 2);
    if (luaL_loadbufferx(L, source, size, chunk, "t") == LUA_OK)
        return lua_dump(L, add, &result, 0);
    size_t length;
    const char *message = lua_tolstring(L, -1, &length);
    (void)add(L, message, length, &result);
    return 1;
}

const void *compiler_result(void) {
    return result.at;
}

size_t compiler_result_size(void) {
    return result.size;
}
