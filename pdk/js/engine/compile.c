// compile: JavaScript to the bytecode that engine.c loads, from the same sources of QuickJS. It is
// a module of Wasm as well, which Node.js runs: one file for every machine.
// SPDX-License-Identifier: Apache-2.0
#include "quickjs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

static char message[4096];
static uint8_t *bytecode;
static size_t bytecode_size;

EXPORT("reserve") void *compiler_reserve(size_t size);
EXPORT("compile") int32_t compiler_compile(const char *source, size_t size, const char *name);
EXPORT("result") const void *compiler_result(void);
EXPORT("result_size") size_t compiler_result_size(void);

void *compiler_reserve(size_t size) {
    return calloc(1, size);
}

static void note_error(JSContext *ctx) {
    JSValue thrown = JS_GetException(ctx), stack = JS_GetPropertyStr(ctx, thrown, "stack");
    const char *what = JS_ToCString(ctx, thrown), *where = JS_ToCString(ctx, stack);
    snprintf(message, sizeof message, "%s\n%s", what ? what : "it cannot be compiled",
             where ? where : "");
}

/** Compiles a module; `source` has a zero behind it. 0: result() is bytecode; 1: it is a message.
 */
int32_t compiler_compile(const char *source, size_t size, const char *name) {
    JSContext *ctx = JS_NewContext(JS_NewRuntime());
    JSValue module =
        JS_Eval(ctx, source, size, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
    if (!JS_IsException(module))
        bytecode = JS_WriteObject(ctx, &bytecode_size, module,
                                  JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE |
                                      JS_WRITE_OBJ_STRIP_DEBUG);
    if (!bytecode) note_error(ctx);
    return !bytecode;
}

const void *compiler_result(void) {
    return bytecode ? (const void *)bytecode : message;
}

size_t compiler_result_size(void) {
    return bytecode ? bytecode_size : strlen(message);
}
