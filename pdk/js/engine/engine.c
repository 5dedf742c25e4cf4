// engine: QuickJS without its parser, as a Pack has it. It is begun once, when the kit is built,
// and kept as it then stood: no instance begins an engine. A Pack is a module in bytecode, loaded
// when the Pack is built (it stands alone) or at the first hook (it shares this engine with
// others). SPDX-License-Identifier: Apache-2.0
#include "host.h"
#include "memory.h"
#include "quickjs.h"
#include <stdlib.h>
#include <wasi/api.h>

// What a script may use of the stack: less than there is, so that it meets a RangeError and not the
// end of the stack. No collection happens in what one exchange makes: counting frees the most.
enum { STACK_BYTES = 40 << 10, COLLECT_FROM = 16 << 20, SPARE_BYTES = 48 << 10 };

static JSRuntime *runtime;
static JSContext *js;
static JSValue hooks = JS_UNDEFINED;             // what the Pack exports
static JSValue headers_prototype = JS_UNDEFINED; // of prelude.js, as is
static bool is_loaded;

// ---- Errors -------------------------------------------------------------------------------------

// "TypeError: ...", and below it where: the names of functions, from the inmost.
static void tell_error(JSValue thrown) {
    JSValue stack = JS_IsObject(thrown) ? JS_GetPropertyStr(js, thrown, "stack") : JS_UNDEFINED;
    const char *what = JS_ToCString(js, thrown), *where = NULL;
    if (!what) JS_FreeValue(js, JS_GetException(js)); // its toString throws as well
    if (JS_IsString(stack)) where = JS_ToCString(js, stack);
    if (!what) what = "an error that cannot be shown";
    size_t size = strlen(what), more = where ? strlen(where) : 0;
    char *text = malloc(size + more + 1);
    if (!text) return;
    memcpy(text, what, size);
    if (more) text[size++] = '\n', memcpy(text + size, where, more);
    while (more && text[size + more - 1] == '\n') more--;
    host_error(text, size + more);
    free(text);
}

static int32_t fail(void) {
    JSValue thrown = JS_GetException(js);
    tell_error(thrown);
    JS_FreeValue(js, thrown);
    return 1;
}

// ---- What a script is given: the natives behind prelude.js --------------------------------------

#define NATIVE(name)                                                                               \
    static JSValue name(JSContext *ctx, JSValueConst self, int count, JSValueConst *values)

static JSValue string_of(JSContext *ctx, host_block block) {
    host_text text = host_take(block);
    if (!text.bytes) return JS_NULL;
    JSValue string = JS_NewStringLen(ctx, text.bytes, text.size);
    free(text.bytes);
    return string;
}

// The block of a value as text; `*failed` when it cannot be made one, and an exception is pending.
static host_block block_of(JSContext *ctx, JSValueConst value, bool *failed) {
    size_t size;
    const char *text = JS_ToCStringLen(ctx, &size, value);
    *failed = !text;
    if (!text) return 0;
    host_block block = host_put(text, size);
    JS_FreeCString(ctx, text);
    return block;
}

NATIVE(config_get) {
    (void)self, (void)count;
    bool failed;
    host_block key = block_of(ctx, values[0], &failed);
    return failed ? JS_EXCEPTION : string_of(ctx, host_config_get(key));
}

NATIVE(var_get) {
    (void)self, (void)count;
    bool failed;
    host_block key = block_of(ctx, values[0], &failed);
    return failed ? JS_EXCEPTION : string_of(ctx, host_var_get(key));
}

// Without a value the variable is removed.
NATIVE(var_set) {
    (void)self, (void)count;
    bool failed = false;
    host_block value = JS_IsUndefined(values[1]) ? 0 : block_of(ctx, values[1], &failed);
    host_block key = failed ? 0 : block_of(ctx, values[0], &failed);
    if (failed) return JS_EXCEPTION;
    host_var_set(key, value);
    return JS_UNDEFINED;
}

NATIVE(http_request) {
    (void)self, (void)count;
    bool failed = false;
    host_block body = JS_IsUndefined(values[1]) ? 0 : block_of(ctx, values[1], &failed);
    host_block request = failed ? 0 : block_of(ctx, values[0], &failed);
    if (failed) return JS_EXCEPTION;
    host_block answer = host_http_request(request, body);
    JSValue response = JS_NewObject(ctx);
    JS_SetPropertyStr(ctx, response, "status", JS_NewInt32(ctx, host_http_status_code()));
    JS_SetPropertyStr(ctx, response, "headers", string_of(ctx, host_http_headers()));
    JS_SetPropertyStr(ctx, response, "body", string_of(ctx, answer));
    return response;
}

NATIVE(log_line) {
    (void)self, (void)count;
    int32_t level;
    size_t size;
    if (JS_ToInt32(ctx, &level, values[0])) return JS_EXCEPTION;
    const char *text = JS_ToCStringLen(ctx, &size, values[1]);
    if (!text) return JS_EXCEPTION;
    host_log(level, text, size);
    JS_FreeCString(ctx, text);
    return JS_UNDEFINED;
}

// Asked of the host each time: what QuickJS was seeded with is the same in every exchange.
NATIVE(chance) {
    (void)self, (void)count, (void)values, (void)ctx;
    uint64_t bits = 0;
    (void)!__wasi_random_get((uint8_t *)&bits, sizeof bits);
    return JS_NewFloat64(ctx, (double)(bits >> 11) / (double)(1ull << 53));
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("configGet", 1, config_get), JS_CFUNC_DEF("varGet", 1, var_get),
    JS_CFUNC_DEF("varSet", 2, var_set),       JS_CFUNC_DEF("httpRequest", 2, http_request),
    JS_CFUNC_DEF("log", 2, log_line),         JS_CFUNC_DEF("random", 0, chance),
};

// ---- Before the snapshot ------------------------------------------------------------------------

EXPORT("begin") void engine_begin(void);
EXPORT("prepare") void engine_prepare(void);
EXPORT("settle") void engine_settle(void);

// The first call before a snapshot.
void engine_prepare(void) {
    memory_clears = true;
}

void engine_begin(void) {
    engine_prepare();
    runtime = JS_NewRuntime();
    JS_SetMaxStackSize(runtime, STACK_BYTES);
    JS_SetGCThreshold(runtime, COLLECT_FROM);
    js = JS_NewContextRaw(runtime);
    JS_AddIntrinsicBaseObjects(js);
    JS_AddIntrinsicDate(js);
    JS_AddIntrinsicRegExpCompiler(js);
    JS_AddIntrinsicRegExp(js);
    JS_AddIntrinsicJSON(js);
    JS_AddIntrinsicMapSet(js);
    JS_AddIntrinsicPromise(js);
    JSValue global = JS_GetGlobalObject(js), native = JS_NewObject(js);
    JS_SetPropertyFunctionList(js, native, natives, sizeof natives / sizeof *natives);
    JS_SetPropertyStr(js, global, "native", native);
    JS_FreeValue(js, global);
}

// The last call before a snapshot: what is no longer used goes, and there is room for an exchange.
void engine_settle(void) {
    JS_RunGC(runtime);
    JS_SetGCThreshold(runtime, COLLECT_FROM);
    free(malloc(SPARE_BYTES));
    memory_clears = false;
}

// ---- Loading a Pack -----------------------------------------------------------------------------

EXPORT("reserve") void *engine_reserve(size_t size);
EXPORT("load") int32_t engine_load(void *bytecode, size_t size);

/** Room for a Pack's bytecode; NULL when it is loaded already. */
void *engine_reserve(size_t size) {
    return is_loaded ? NULL : malloc(size);
}

static void run_jobs(void) {
    JSContext *context;
    while (JS_ExecutePendingJob(runtime, &context) > 0) {}
}

// What a promise came to, once all that can run has run. Takes `value`.
static JSValue settled(JSValue value) {
    run_jobs();
    if (!JS_IsPromise(value)) return value;
    JSPromiseStateEnum state = JS_PromiseState(js, value);
    JSValue result = JS_PromiseResult(js, value);
    JS_FreeValue(js, value);
    if (state == JS_PROMISE_FULFILLED) return result;
    if (state == JS_PROMISE_REJECTED) return JS_Throw(js, result);
    return JS_ThrowTypeError(js, "a promise is awaited that nothing settles");
}

/** Runs a module's top level and keeps what it exports. 1, and an error set, when it throws. */
int32_t engine_load(void *bytecode, size_t size) {
    JSValue module = JS_ReadObject(js, bytecode, size, JS_READ_OBJ_BYTECODE);
    free(bytecode);
    if (JS_IsException(module)) return fail();
    if (JS_VALUE_GET_TAG(module) != JS_TAG_MODULE) {
        JS_FreeValue(js, module);
        JS_ThrowTypeError(js, "the bytecode of this Pack holds no module");
        return fail();
    }
    JSModuleDef *definition = JS_VALUE_GET_PTR(module);
    if (JS_ResolveModule(js, module) < 0) return fail();
    JSValue done = settled(JS_EvalFunction(js, module));
    if (JS_IsException(done)) return fail();
    JS_FreeValue(js, done);
    JS_FreeValue(js, hooks);
    hooks = JS_GetModuleNamespace(js, definition);
    if (JS_IsException(hooks)) return fail();
    is_loaded = true;
    return 0;
}

EXPORT("install") int32_t engine_install(void *bytecode, size_t size);
/** Runs prelude.js, which is no Pack. */
int32_t engine_install(void *bytecode, size_t size) {
    int32_t failed = engine_load(bytecode, size);
    if (failed) return failed;
    headers_prototype = JS_GetPropertyStr(js, hooks, "headers");
    is_loaded = false;
    return 0;
}

// ---- A hook -------------------------------------------------------------------------------------

static void give_headers_methods(JSValueConst message) {
    if (!JS_IsObject(message)) return;
    JSValue headers = JS_GetPropertyStr(js, message, "headers");
    if (JS_IsArray(headers)) JS_SetPrototype(js, headers, headers_prototype);
    JS_FreeValue(js, headers);
}

static int value_of(unsigned char digit) {
    if (digit >= 'A' && digit <= 'Z') return digit - 'A';
    if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9') return digit - '0' + 52;
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

// A piece of a stream comes in base64; nearly always it is text.
static void add_text_of_chunk(JSValueConst input) {
    JSValue chunk = JS_GetPropertyStr(js, input, "chunk");
    size_t size, length = 0;
    const char *from = JS_IsString(chunk) ? JS_ToCStringLen(js, &size, chunk) : NULL;
    char *text = from ? malloc(size + 1) : NULL;
    uint32_t bits = 0;
    for (size_t i = 0, have = 0; text && i < size; i++) {
        int value = value_of((unsigned char)from[i]);
        if (value < 0) break;
        bits = bits << 6 | (unsigned)value;
        have += 6;
        if (have >= 8) text[length++] = (char)(bits >> (have -= 8));
    }
    if (text) JS_SetPropertyStr(js, input, "text", JS_NewStringLen(js, text, length));
    free(text);
    JS_FreeCString(js, from);
    JS_FreeValue(js, chunk);
}

static JSValue read_input(void) {
    host_text text = host_input();
    if (!text.bytes) return JS_ThrowOutOfMemory(js);
    JSValue input = JS_ParseJSON(js, text.bytes, text.size, "input");
    free(text.bytes);
    if (!JS_IsObject(input)) return input;
    static const char *const messages[] = {"request", "response"};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        JSValue message = JS_GetPropertyStr(js, input, messages[i]);
        give_headers_methods(message);
        JS_FreeValue(js, message);
    }
    add_text_of_chunk(input);
    return input;
}

// Calls the export of that name with what was read. Takes `input`.
static JSValue call_export(const char *name, JSValue input) {
    JSValue function = JS_GetPropertyStr(js, hooks, name);
    JSValue result = JS_EXCEPTION;
    if (JS_IsException(input)) {
    } else if (!JS_IsFunction(js, function))
        JS_ThrowTypeError(js, "this Pack has no %s: write `export function %s(input) { ... }`",
                          name, name);
    else
        result = settled(JS_Call(js, function, JS_UNDEFINED, 1, &input));
    JS_FreeValue(js, function);
    JS_FreeValue(js, input);
    return result;
}

static bool is_capture(JSValueConst value) {
    if (JS_IsString(value)) return JS_ToBool(js, value); // not an empty one
    if (!JS_IsNumber(value)) return JS_IsBool(value);
    double number = 0;
    return JS_ToFloat64(js, &number, value) == 0 && number - number == 0; // neither NaN nor endless
}

// What a Pack captured without what is no capture, so that it may name what is not there.
static JSValue kept_of(JSValueConst capture) {
    JSPropertyEnum *names;
    uint32_t count;
    if (!JS_IsObject(capture)) return JS_UNDEFINED;
    if (JS_GetOwnPropertyNames(js, &names, &count, capture, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
        return JS_EXCEPTION;
    JSValue kept = JS_NewObject(js);
    for (uint32_t i = 0; i < count; i++) {
        JSValue value = JS_GetProperty(js, capture, names[i].atom);
        if (is_capture(value))
            JS_SetProperty(js, kept, names[i].atom, value);
        else
            JS_FreeValue(js, value);
    }
    JS_FreePropertyEnum(js, names, count);
    return kept;
}

// {capture, context} as JSON; what else there is nobody asks for.
static JSValue json_of(JSValueConst result) {
    JSValue capture = JS_GetPropertyStr(js, result, "capture");
    JSValue kept = JS_IsException(capture) ? JS_EXCEPTION : kept_of(capture);
    JSValue context = JS_GetPropertyStr(js, result, "context");
    JSValue answer = JS_NewObject(js), json = JS_EXCEPTION;
    if (!JS_IsException(kept) && !JS_IsException(context)) {
        JS_SetPropertyStr(js, answer, "capture", kept);
        JS_SetPropertyStr(js, answer, "context", context);
        json = JS_JSONStringify(js, answer, JS_UNDEFINED, JS_UNDEFINED);
    }
    JS_FreeValue(js, capture);
    JS_FreeValue(js, answer);
    return json;
}

static int32_t write_output(const char *name, JSValueConst result) {
    size_t size;
    if (JS_IsUndefined(result) || JS_IsNull(result)) return 0;
    if (!JS_IsObject(result) || JS_IsArray(result) || JS_IsFunction(js, result)) {
        JS_ThrowTypeError(js, "%s returned something else than {capture, context} or nothing",
                          name);
        return fail();
    }
    JSValue json = json_of(result);
    const char *text = JS_IsException(json) ? NULL : JS_ToCStringLen(js, &size, json);
    JS_FreeValue(js, json);
    if (!text) return fail();
    host_output(text, size);
    JS_FreeCString(js, text);
    return 0;
}

static int32_t run_hook(const char *name) {
    JSValue result = call_export(name, read_input());
    if (JS_IsException(result)) return fail();
    int32_t failed = write_output(name, result);
    JS_FreeValue(js, result);
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

EXPORT("has") int32_t engine_has(int32_t hook);
/** 1 when the Pack that is loaded exports pre (0), post (1) or chunk (2) as a function. */
int32_t engine_has(int32_t hook) {
    static const char *const names[] = {"pre", "post", "chunk"};
    JSValue function = JS_GetPropertyStr(js, hooks, names[hook]);
    int32_t has = JS_IsFunction(js, function);
    JS_FreeValue(js, function);
    return has;
}
