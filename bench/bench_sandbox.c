// bench_sandbox: what running a hook costs, beside libextism.
// SPDX-License-Identifier: Apache-2.0
#include "extism.h"
#include "file.h"
#include "measure.h"
#include "sandbox/sandbox.h"
#include "store/code_cache.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const tskl_sandbox_limits limits = {
    .time_ms = 100, .wall_ms = 2000, .memory_mib = 64, .output_kib = 4096};
static tskl_sandbox_host host = {.log_level = TSKL_LOG_WARN, .seed = {1, 2}};

// One plugin, for both: what a row's ways share.
typedef struct plugin {
    tskl_slice wasm, code, input;
    tskl_engine *engine;
    tskl_module *module;
    tskl_instance *warm; // kept from one turn to the next
    tskl_arena arena;
    tskl_sha256 digest;
    const tskl_bench_extism *extism;
    ExtismCompiledPlugin *compiled;
    ExtismPlugin *reused;
} plugin;

static void must(bool holds, const char *what) {
    if (holds) return;
    printf("bench_sandbox: %s failed\n", what);
    exit(1);
}

// ---- Ours ---------------------------------------------------------------------------------------

static tskl_instance *open_instance(plugin *p) {
    tskl_instance *instance;
    must(tskl_instance_open(p->module, &host, &limits, &instance, NULL) == TSKL_OK, "an instance");
    return instance;
}

static void call(plugin *p, tskl_instance *instance) {
    tskl_slice output;
    tskl_outcome outcome = tskl_instance_call(instance, "post", p->input, &p->arena, &output);
    must(outcome.kind == TSKL_OUTCOME_OK, "a hook");
    tskl_arena_reuse(&p->arena);
}

static void call_warm(void *state, size_t times) {
    plugin *p = state;
    if (!p->warm) p->warm = open_instance(p);
    for (size_t i = 0; i < times; i++) call(p, p->warm);
}

static void call_fresh(void *state, size_t times) {
    plugin *p = state;
    for (size_t i = 0; i < times; i++) {
        tskl_instance *instance = open_instance(p);
        call(p, instance);
        tskl_instance_close(instance);
    }
}

static void load_cached(void *state, size_t times) {
    plugin *p = state;
    for (size_t i = 0; i < times; i++) {
        tskl_code code;
        tskl_module *module;
        must(tskl_code_find(&p->digest, tskl_engine_key(), &code, NULL) == TSKL_OK, "the cache");
        must(tskl_module_load(p->engine, code.bytes, &module, NULL) == TSKL_OK, "loading");
        tskl_code_unmap(&code);
        tskl_module_free(module);
    }
}

static void start_engine(void *state, size_t times) {
    (void)state;
    for (size_t i = 0; i < times; i++) {
        tskl_engine *engine;
        must(tskl_engine_new(&engine, NULL) == TSKL_OK, "an engine");
        tskl_engine_free(engine);
    }
}

// ---- libextism ----------------------------------------------------------------------------------

static void call_extism(const plugin *p, ExtismPlugin *made) {
    int32_t status = p->extism->call(made, "post", (const uint8_t *)p->input.ptr, p->input.len);
    must(status == 0, "libextism's call");
    // Whoever calls a hook looks at its output.
    must(p->extism->output_length(made) == 0 || p->extism->output_data(made), "its output");
}

static void extism_reused(void *state, size_t times) {
    plugin *p = state;
    if (!p->reused) p->reused = p->extism->plugin_from_compiled(p->compiled, NULL);
    must(p->reused, "libextism's plugin");
    for (size_t i = 0; i < times; i++) call_extism(p, p->reused);
}

static void extism_fresh(void *state, size_t times) {
    plugin *p = state;
    for (size_t i = 0; i < times; i++) {
        ExtismPlugin *made = p->extism->plugin_from_compiled(p->compiled, NULL);
        must(made, "libextism's plugin");
        call_extism(p, made);
        p->extism->plugin_free(made);
    }
}

static void extism_load(void *state, size_t times) {
    plugin *p = state;
    for (size_t i = 0; i < times; i++) {
        ExtismPlugin *made =
            p->extism->plugin_new((const uint8_t *)p->wasm.ptr, p->wasm.len, NULL, 0, true, NULL);
        must(made, "libextism's plugin");
        p->extism->plugin_free(made);
    }
}

// ---- Rows ---------------------------------------------------------------------------------------

// As `taskless compile` made it for this processor; guests of the bench alone are made for any.
static tskl_slice code_of(const tskl_sha256 *digest, const char *folder, const char *name) {
    char file[64];
    tskl_code code; // mapped until the program ends
    if (tskl_code_find(digest, tskl_engine_key(), &code, NULL) == TSKL_OK) return code.bytes;
    snprintf(file, sizeof file, "%s.cwasm", name);
    return tskl_bench_read(folder, file);
}

static plugin load(tskl_engine *engine, const tskl_bench_extism *extism, const char *folder,
                   const char *name, tskl_slice input) {
    char file[64];
    plugin p = {.engine = engine, .extism = extism, .input = input};
    snprintf(file, sizeof file, "%s.wasm", name);
    p.wasm = tskl_bench_read(folder, file);
    p.digest = tskl_sha256_of(p.wasm);
    p.code = code_of(&p.digest, folder, name);
    must(tskl_module_load(engine, p.code, &p.module, NULL) == TSKL_OK, "loading");
    if (extism)
        p.compiled =
            extism->compiled_new((const uint8_t *)p.wasm.ptr, p.wasm.len, NULL, 0, true, NULL);
    must(!extism || p.compiled, "libextism's compiler");
    return p;
}

static tskl_part *load_part(tskl_engine *engine, const char *folder, const char *name) {
    char file[64];
    tskl_part *part;
    snprintf(file, sizeof file, "%s.wasm", name);
    tskl_sha256 digest = tskl_sha256_of(tskl_bench_read(folder, file));
    must(tskl_part_load(engine, &digest, code_of(&digest, folder, name), &part, NULL) == TSKL_OK,
         "loading a module");
    return part;
}

// A Pack of two modules; libextism is not asked.
static plugin load_linked(tskl_engine *engine, const char *folder, const char *name,
                          const char *other) {
    plugin p = {.engine = engine, .input = tskl_bench_read(folder, "post.json")};
    tskl_part *own = load_part(engine, folder, name), *part = load_part(engine, folder, other);
    const tskl_link link = {TSKL_S("engine"), part};
    must(tskl_module_link(own, &link, 1, &p.module, NULL) == TSKL_OK, "linking");
    tskl_part_release(own);
    tskl_part_release(part);
    return p;
}

static void unload(plugin *p) {
    tskl_instance_close(p->warm);
    tskl_module_free(p->module);
    tskl_arena_reset(&p->arena);
    if (p->reused) p->extism->plugin_free(p->reused);
    if (p->compiled) p->extism->compiled_free(p->compiled);
}

// Without libextism only our own ways are run.
static void row(const char *title, tskl_bench_unit unit, plugin *p, const tskl_bench_way *ways,
                size_t count) {
    tskl_bench_way run[4];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool ours = strncmp(ways[i].name, "libextism", 9) != 0;
        if (!ours && !p->extism) continue;
        run[kept] = ways[i];
        run[kept++].state = p;
    }
    tskl_bench_row(title, unit, 2, run, kept);
}
#define ROW(title, unit, p, ...)                                                                   \
    row(title, unit, p, (const tskl_bench_way[]){__VA_ARGS__},                                     \
        sizeof((const tskl_bench_way[]){__VA_ARGS__}) / sizeof(tskl_bench_way))

static void bench_hooks(tskl_engine *engine, const tskl_bench_extism *extism, const char *folder) {
    plugin noop = load(engine, extism, folder, "noop", TSKL_S(""));
    ROW("a plugin that does nothing", tskl_bench_us, &noop, {"taskless, warm", call_warm, NULL},
        {"libextism, warm", extism_reused, NULL}, {"taskless, fresh", call_fresh, NULL},
        {"libextism, fresh", extism_fresh, NULL});
    unload(&noop);
    plugin pack = load(engine, extism, folder, "stripe", tskl_bench_read(folder, "post.json"));
    ROW("the stripe Pack on a declined payment", tskl_bench_us, &pack,
        {"taskless, fresh", call_fresh, NULL}, {"libextism, fresh", extism_fresh, NULL},
        {"libextism, reused", extism_reused, NULL},
        {"taskless, reused (never done)", call_warm, NULL});
    unload(&pack);
}

// Packs of one source each, where scripts/bench.sh has put them.
static void bench_packs(tskl_engine *engine, const tskl_bench_extism *extism, const char *folder) {
    static const struct {
        const char *title, *name;
    } rows[] = {{"the stripe Pack in Rust", "stripe-rust"},
                {"the stripe Pack in AssemblyScript", "stripe-as"},
                {"the stripe Pack in Go", "stripe-go"},
                {"the stripe Pack in Lua", "stripe-lua"},
                {"the stripe Pack in TypeScript", "stripe-ts"},
                {"a Pack by Extism's kit for Rust, 110 KB", "rust"},
                {"a script in QuickJS, snapshotted, 2.3 MB", "js"}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char file[256];
        snprintf(file, sizeof file, "%s/%s.wasm", folder, rows[i].name);
        if (access(file, R_OK) != 0) continue; // its toolchain is not here
        plugin p = load(engine, extism, folder, rows[i].name, tskl_bench_read(folder, "post.json"));
        ROW(rows[i].title, tskl_bench_us, &p, {"taskless, fresh", call_fresh, NULL},
            {"libextism, fresh", extism_fresh, NULL}, {"libextism, reused", extism_reused, NULL},
            {"taskless, reused (never done)", call_warm, NULL});
        unload(&p);
    }
}

// The same bytecode, brought to an engine that other Packs have too.
static void bench_shared_engine(tskl_engine *engine, const char *folder) {
    char file[256];
    snprintf(file, sizeof file, "%s/stripe-ts-engine.wasm", folder);
    if (access(file, R_OK) != 0) return;
    plugin p = load_linked(engine, folder, "stripe-ts-engine", "engine");
    ROW("the stripe Pack in TypeScript, on the shared engine", tskl_bench_us, &p,
        {"taskless, fresh", call_fresh, NULL}, {"taskless, reused (never done)", call_warm, NULL});
    unload(&p);
}

static void bench_bytes(tskl_engine *engine, const tskl_bench_extism *extism, const char *folder) {
    static const char bytes[1 << 20];
    static const struct {
        const char *title;
        size_t size;
    } rows[] = {{"64 KiB in and out", 64 << 10}, {"1 MiB in and out", 1 << 20}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        plugin echo = load(engine, extism, folder, "echo", (tskl_slice){bytes, rows[i].size});
        tskl_bench_unit a_byte = {"ns a byte", 1.0 / (double)rows[i].size};
        ROW(rows[i].title, a_byte, &echo, {"taskless", call_warm, NULL},
            {"libextism", extism_reused, NULL});
        unload(&echo);
    }
}

static void bench_loading(tskl_engine *engine, const tskl_bench_extism *extism,
                          const char *folder) {
    static const struct {
        const char *title, *name;
    } rows[] = {{"the stripe Pack", "stripe"}, {"2 MB of native code", "large"}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        plugin p = load(engine, extism, folder, rows[i].name, TSKL_S(""));
        must(tskl_code_store(NULL, &p.digest, tskl_engine_key(), p.code, NULL) == TSKL_OK,
             "filling the cache");
        ROW(rows[i].title, tskl_bench_ms, &p, {"taskless, from the cache", load_cached, NULL},
            {"libextism, from its cache", extism_load, NULL});
        unload(&p);
    }
    plugin none = {.engine = engine};
    ROW("once a process", tskl_bench_ms, &none, {"taskless, the engine", start_engine, NULL});
}

// FOLDER holds the guests; LIBEXTISM may be empty. The caches of both are named by the environment.
int main(int argc, char **argv) {
    tskl_engine *engine;
    tskl_bench_extism opened;
    if (argc != 3) return fprintf(stderr, "usage: %s FOLDER LIBEXTISM\n", argv[0]), 2;
    const tskl_bench_extism *extism = tskl_bench_extism_open(argv[2], &opened) ? &opened : NULL;
    must(tskl_engine_new(&engine, NULL) == TSKL_OK, "the engine");
    if (extism) printf("beside libextism %s\n", extism->version());
    tskl_bench_head("one hook");
    bench_hooks(engine, extism, argv[1]);
    bench_packs(engine, extism, argv[1]);
    bench_shared_engine(engine, argv[1]);
    tskl_bench_head("moving bytes");
    bench_bytes(engine, extism, argv[1]);
    tskl_bench_head("loading compiled code");
    bench_loading(engine, extism, argv[1]);
    tskl_engine_free(engine);
    return 0;
}
