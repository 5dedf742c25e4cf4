// config: what Lua is told before each of its files. It knows neither files, nor locales, nor
// jumps. SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_LUA_CONFIG_H
#define TASKLESS_LUA_CONFIG_H
#include <stddef.h>

void unwind_throw(void);
int unwind_try(void (*function)(void *, void *), void *a, void *b);
int lua_write_number(char *to, double number);

// In luaD_rawrunprotected, whose parameters these are.
#define LUAI_THROW(L, jump) unwind_throw()
#define LUAI_TRY(L, jump, call) ((void)unwind_try((void (*)(void *, void *))f, L, ud));
#define luai_jmpbuf int
#define l_signalT int

#define LUA_USE_JUMPTABLE 0 // labels have no addresses in Wasm
#define luai_makeseed(L) 0
#define l_randomizePivot() 0
#define lua_getlocaledecpoint() '.'
#define LUAI_MAXCCALLS 100 // a KB of the stack each, at most

#endif
