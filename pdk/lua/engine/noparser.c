// noparser: what stands where Lua's parser does. A Pack is bytecode; `load` is not there.
// SPDX-License-Identifier: Apache-2.0
#include "lprefix.h"

#include "ldebug.h"
#include "llex.h"
#include "lparser.h"

void luaX_init(lua_State *L) {
    (void)L;
}

LClosure *luaY_parser(lua_State *L, ZIO *z, Mbuffer *buff, Dyndata *dyd, const char *name,
                      int firstchar) {
    (void)z, (void)buff, (void)dyd, (void)name, (void)firstchar;
    luaG_runerror(L, "a Pack has no parser");
}
