// engine: a Pack of the kind that Extism's kit for JavaScript makes: QuickJS with its parser, the
// objects Host, Config, Var, Http and console, and a script that is run before the snapshot.
// SPDX-License-Identifier: Apache-2.0
#include "quickjs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>

#define IMPORT(name) __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define EXPORT(name) __attribute__((export_name(name)))

IMPORT(alloc) uint64_t host_alloc(uint64_t size);
IMPORT(free) void host_free(uint64_t block);
IMPORT(length) uint64_t host_length(uint64_t block);
IMPORT(length_unsafe) uint64_t host_length_unsafe(uint64_t block);
IMPORT(load_u8) uint32_t host_load_u8(uint64_t at);
IMPORT(load_u64) uint64_t host_load_u64(uint64_t at);
IMPORT(store_u8) void host_store_u8(uint64_t at, uint32_t byte);
IMPORT(store_u64) void host_store_u64(uint64_t at, uint64_t bytes);
IMPORT(input_length) uint64_t host_input_length(void);
IMPORT(input_load_u8) uint32_t host_input_load_u8(uint64_t index);
IMPORT(input_load_u64) uint64_t host_input_load_u64(uint64_t index);
IMPORT(output_set) void host_output_set(uint64_t block, uint64_t length);
IMPORT(error_set) void host_error_set(uint64_t block);
IMPORT(config_get) uint64_t host_config_get(uint64_t key);
IMPORT(var_get) uint64_t host_var_get(uint64_t key);
IMPORT(var_set) void host_var_set(uint64_t key, uint64_t value);
IMPORT(http_request) uint64_t host_http_request(uint64_t request, uint64_t body);
IMPORT(http_status_code) int32_t host_http_status_code(void);
IMPORT(http_headers) uint64_t host_http_headers(void);
IMPORT(log_trace) void host_log_trace(uint64_t text);
IMPORT(log_debug) void host_log_debug(uint64_t text);
IMPORT(log_info) void host_log_info(uint64_t text);
IMPORT(log_warn) void host_log_warn(uint64_t text);
IMPORT(log_error) void host_log_error(uint64_t text);
IMPORT(get_log_level) int32_t host_get_log_level(void);

enum { STACK_BYTES = 512 << 10, MAX_SCRIPT = 256 << 10, GC_BYTES = 8 << 20 };

static JSRuntime *runtime;
static JSContext *js;

// ---- Blocks of the host -------------------------------------------------------------------------

// Moves bytes as the kits do: eight at a time, then one at a time.
static uint64_t block_of(const void *bytes, size_t size) {
    const unsigned char *from = bytes;
    uint64_t block = host_alloc(size);
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t eight;
        memcpy(&eight, from + i, 8);
        host_store_u64(block + i, eight);
    }
    for (; i < size; i++) host_store_u8(block + i, from[i]);
    return block;
}

static uint64_t block_of_value(JSContext *ctx, JSValueConst value) {
    size_t size;
    uint8_t *bytes = JS_GetArrayBuffer(ctx, &size, value);
    if (bytes) return block_of(bytes, size);
    JS_FreeValue(ctx, JS_GetException(ctx)); // it is not a buffer
    const char *text = JS_ToCStringLen(ctx, &size, value);
    uint64_t block = text ? block_of(text, size) : 0;
    JS_FreeCString(ctx, text);
    return block;
}

// The bytes of a block, which is freed; the caller frees what is returned.
static char *take_block(uint64_t block, size_t *size) {
    *size = (size_t)host_length(block);
    char *bytes = malloc(*size + 1);
    size_t i = 0;
    for (; i + 8 <= *size; i += 8) {
        uint64_t eight = host_load_u64(block + i);
        memcpy(bytes + i, &eight, 8);
    }
    for (; i < *size; i++) bytes[i] = (char)host_load_u8(block + i);
    host_free(block);
    return bytes;
}

static JSValue string_of_block(JSContext *ctx, uint64_t block) {
    if (!block) return JS_NULL;
    size_t size;
    char *bytes = take_block(block, &size);
    JSValue text = JS_NewStringLen(ctx, bytes, size);
    free(bytes);
    return text;
}

static char *input(size_t *size) {
    *size = (size_t)host_input_length();
    char *bytes = malloc(*size + 1);
    size_t i = 0;
    for (; i + 8 <= *size; i += 8) {
        uint64_t eight = host_input_load_u64(i);
        memcpy(bytes + i, &eight, 8);
    }
    for (; i < *size; i++) bytes[i] = (char)host_input_load_u8(i);
    return bytes;
}

// ---- What a script is given ---------------------------------------------------------------------

#define FUNCTION(name)                                                                             \
    static JSValue name(JSContext *ctx, JSValueConst self, int count, JSValueConst *values)

FUNCTION(input_string) {
    (void)self, (void)count, (void)values;
    size_t size;
    char *bytes = input(&size);
    JSValue text = JS_NewStringLen(ctx, bytes, size);
    free(bytes);
    return text;
}

FUNCTION(input_bytes) {
    (void)self, (void)count, (void)values;
    size_t size;
    char *bytes = input(&size);
    JSValue buffer = JS_NewArrayBufferCopy(ctx, (const uint8_t *)bytes, size);
    free(bytes);
    return buffer;
}

FUNCTION(output) {
    (void)self, (void)count;
    uint64_t block = block_of_value(ctx, values[0]);
    host_output_set(block, host_length_unsafe(block));
    return JS_TRUE;
}

FUNCTION(config_get) {
    (void)self, (void)count;
    return string_of_block(ctx, host_config_get(block_of_value(ctx, values[0])));
}

FUNCTION(var_get) {
    (void)self, (void)count;
    return string_of_block(ctx, host_var_get(block_of_value(ctx, values[0])));
}

FUNCTION(var_set) {
    (void)self, (void)count;
    bool removes = JS_IsNull(values[1]);
    uint64_t value = removes ? 0 : block_of_value(ctx, values[1]);
    host_var_set(block_of_value(ctx, values[0]), value);
    return JS_UNDEFINED;
}

// The request as JSON, as http_request wants it; the script's part of Http makes an object of what
// comes back.
FUNCTION(http_request) {
    (void)self;
    uint64_t body = count > 1 ? block_of_value(ctx, values[1]) : 0;
    uint64_t answer = host_http_request(block_of_value(ctx, values[0]), body);
    JSValue response = JS_NewObject(ctx);
    JS_SetPropertyStr(ctx, response, "status", JS_NewInt32(ctx, host_http_status_code()));
    JS_SetPropertyStr(ctx, response, "body", string_of_block(ctx, answer));
    JS_SetPropertyStr(ctx, response, "headers", string_of_block(ctx, host_http_headers()));
    return response;
}

FUNCTION(log_line) {
    (void)self, (void)count;
    static void (*const levels[])(uint64_t) = {host_log_trace, host_log_debug, host_log_info,
                                               host_log_warn, host_log_error};
    int32_t level;
    if (JS_ToInt32(ctx, &level, values[0]) || level < 0 || level > 4) return JS_UNDEFINED;
    if (level >= host_get_log_level()) levels[level](block_of_value(ctx, values[1]));
    return JS_UNDEFINED;
}

FUNCTION(random_bytes) {
    (void)self, (void)count, (void)values;
    uint8_t bytes[16];
    getentropy(bytes, sizeof bytes);
    return JS_NewArrayBufferCopy(ctx, bytes, sizeof bytes);
}

FUNCTION(environment) {
    (void)self, (void)count;
    const char *name = JS_ToCString(ctx, values[0]);
    const char *value = name ? getenv(name) : NULL;
    JSValue text = value ? JS_NewString(ctx, value) : JS_NULL;
    JS_FreeCString(ctx, name);
    return text;
}

// True when a folder that the host opened beforehand holds this path: asked of WASI, never opened.
FUNCTION(has_file) {
    (void)self, (void)count;
    const char *folder, *path = JS_ToCString(ctx, values[0]);
    char room[256], *rest = room;
    bool has = path && __wasilibc_find_relpath(path, &folder, &rest, sizeof room) >= 0;
    JS_FreeCString(ctx, path);
    return JS_NewBool(ctx, has);
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("__inputString", 0, input_string),
    JS_CFUNC_DEF("__inputBytes", 0, input_bytes),
    JS_CFUNC_DEF("__output", 1, output),
    JS_CFUNC_DEF("__configGet", 1, config_get),
    JS_CFUNC_DEF("__varGet", 1, var_get),
    JS_CFUNC_DEF("__varSet", 2, var_set),
    JS_CFUNC_DEF("__httpRequest", 2, http_request),
    JS_CFUNC_DEF("__log", 2, log_line),
    JS_CFUNC_DEF("__randomBytes", 0, random_bytes),
    JS_CFUNC_DEF("__environment", 1, environment),
    JS_CFUNC_DEF("__hasFile", 1, has_file),
};

// ---- Before the snapshot, and after -------------------------------------------------------------

static void fail_with_exception(JSContext *ctx) {
    JSValue exception = JS_GetException(ctx);
    size_t size;
    const char *text = JS_ToCStringLen(ctx, &size, exception);
    if (text) host_error_set(block_of(text, size));
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, exception);
}

EXPORT("wizer.initialize") void initialize(void) {
    char *script = malloc(MAX_SCRIPT);
    size_t size = fread(script, 1, MAX_SCRIPT - 1, stdin);
    script[size] = 0;
    runtime = JS_NewRuntime();
    JS_SetMaxStackSize(runtime, STACK_BYTES);
    js = JS_NewContext(runtime);
    JSValue global = JS_GetGlobalObject(js);
    JS_SetPropertyFunctionList(js, global, functions, sizeof functions / sizeof *functions);
    JSValue made = JS_Eval(js, script, size, "pack.js", JS_EVAL_TYPE_GLOBAL);
    free(script);
    if (JS_IsException(made)) {
        const char *text = JS_ToCString(js, JS_GetException(js));
        fprintf(stderr, "pack.js: %s\n", text);
        exit(1);
    }
    JS_FreeValue(js, made);
    JS_FreeValue(js, global);
    // Or what the script left would be collected after the snapshot, in each fresh instance.
    JS_RunGC(runtime);
    JS_SetGCThreshold(runtime, GC_BYTES);
}

// Calls module.exports[name]; what it throws is the Pack's error.
static int32_t call(const char *name) {
    JSContext *ctx;
    JSValue global = JS_GetGlobalObject(js);
    JSValue module = JS_GetPropertyStr(js, global, "module");
    JSValue exports = JS_GetPropertyStr(js, module, "exports");
    JSValue function = JS_GetPropertyStr(js, exports, name);
    JSValue returned = JS_Call(js, function, JS_UNDEFINED, 0, NULL);
    bool failed = JS_IsException(returned);
    if (failed) fail_with_exception(js);
    while (JS_ExecutePendingJob(runtime, &ctx) > 0) {}
    int32_t code = 0;
    if (!failed && JS_IsNumber(returned)) JS_ToInt32(js, &code, returned);
    JS_FreeValue(js, returned);
    JS_FreeValue(js, function);
    JS_FreeValue(js, exports);
    JS_FreeValue(js, module);
    JS_FreeValue(js, global);
    return failed ? 1 : code;
}

#define HOOK(name)                                                                                 \
    EXPORT(#name) int32_t hook_##name(void);                                                       \
    int32_t hook_##name(void) {                                                                    \
        return call(#name);                                                                        \
    }
HOOK(pre)
HOOK(post)
HOOK(reflect)
HOOK(config_get)
HOOK(vars)
HOOK(logs)
HOOK(http_get)
HOOK(fails)
HOOK(recurses)
HOOK(chance)
