// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "harness.h"
#include "sandbox/sandbox.h"
#include <stdio.h>

static const tskl_sandbox_limits limits = {.time_ms = 50, .wall_ms = 1000, .memory_mib = 4, .output_kib = 256};

// The engine is one for all tests: making it takes longer than most of them.
static tskl_engine *shared_engine(void) {
    static tskl_engine *engine;
    tskl_error err;
    if (!engine && tskl_engine_new(&engine, &err) != TSKL_OK) fprintf(stderr, "%s\n", err.message);
    return engine;
}

static tskl_module *load(tskl_test *t, const char *name) {
    char path[512];
    static char code[8 << 20];
    snprintf(path, sizeof path, "%s/%s.cwasm", TSKL_TEST_CODE, name);
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t size = fread(code, 1, sizeof code, file);
    fclose(file);
    tskl_module *module = NULL;
    if (tskl_module_load(shared_engine(), (tskl_slice){code, size}, &module, &t->err) != TSKL_OK)
        fprintf(stderr, "%s: %s\n", name, t->err.message);
    return module;
}

static void free_module(tskl_module **module) {
    tskl_module_free(*module);
}

static void close_instance(tskl_instance **instance) {
    tskl_instance_close(*instance);
}

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    (void)user;
    *value = TSKL_S("value of k");
    return tskl_slice_equal(key, TSKL_S("k"));
}

static tskl_slice logged;

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    (void)level;
    tskl_arena_copy(user, message, &logged);
}

static tskl_sandbox_host host_of(tskl_test *t) {
    return (tskl_sandbox_host){
        .user = t->arena,
        .config_get = config_get,
        .log = log_line,
        .log_level = TSKL_LOG_INFO,
        .now_us = 1790000000000000,
        .seed = {1, 2},
    };
}

// One call in a fresh instance.
static tskl_outcome call(tskl_test *t, tskl_module *module, const char *hook, tskl_slice input,
                         tskl_slice *output) {
    tskl_sandbox_host host = host_of(t);
    tskl_instance *instance CLEANUP(close_instance) = NULL;
    tskl_slice borrowed;
    *output = (tskl_slice){NULL, 0};
    if (tskl_instance_open(module, &host, &limits, &instance, &t->err) != TSKL_OK)
        return (tskl_outcome){TSKL_OUTCOME_ROOM, {NULL, 0}};
    tskl_outcome outcome = tskl_instance_call(instance, hook, input, t->arena, &borrowed);
    tskl_arena_copy(t->arena, borrowed, output);
    return outcome;
}

TEST_ONCE(instance, gives_back_what_a_hook_writes) {
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    tskl_slice output;
    CHECK(module);
    CHECK(call(t, module, "echo", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("hello"), output);
    CHECK(call(t, module, "echo", (tskl_slice){NULL, 0}, &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 0);
    CHECK(call(t, module, "nothing", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 0);
}

TEST_ONCE(instance, gives_back_input_of_every_size) {
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    static char bytes[70000];
    CHECK(module);
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7);
    for (size_t size = 1; size < sizeof bytes; size += size < 300 ? 1 : 997) {
        tskl_slice output, input = {bytes, size};
        CHECK_ROW(size, call(t, module, "echo", input, &output).kind == TSKL_OUTCOME_OK);
        CHECK_ROW(size, tskl_slice_equal(input, output));
    }
}

TEST_ONCE(instance, names_how_a_hook_failed) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"returns_three", TSKL_OUTCOME_ERROR, "it returned 3"},
        {"sets_error", TSKL_OUTCOME_ERROR, "no"},
        {"traps", TSKL_OUTCOME_TRAP, "unreachable"},
        {"divides", TSKL_OUTCOME_TRAP, "divide by zero"},
        {"reaches_outside", TSKL_OUTCOME_TRAP, "outside its memory"},
        {"loops", TSKL_OUTCOME_TIME, "more than 50 ms"},
        {"recurses", TSKL_OUTCOME_STACK, "stack"},
        {"exits", TSKL_OUTCOME_EXIT, "proc_exit(7)"},
        {"grows", TSKL_OUTCOME_MEMORY, "4 MiB is full"},
        {"takes", TSKL_OUTCOME_ABI, "takes nothing"},
        {"returns_f64", TSKL_OUTCOME_ABI, "returns nothing or an i32"},
        {"absent", TSKL_OUTCOME_ABI, "does not export"},
        {"gives_too_much", TSKL_OUTCOME_OUTPUT, "3000000 bytes is over 256 KiB"},
        {"damages_blocks", TSKL_OUTCOME_ERROR, "without a message"},
        {"asks_config_with_no_handle", TSKL_OUTCOME_ABI, "999999 is not a handle"},
        {"asks_vars", TSKL_OUTCOME_REFUSED, "var_get"},
        {"asks_http", TSKL_OUTCOME_REFUSED, "http_request"},
    };
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    CHECK(module);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = call(t, module, rows[i].hook, TSKL_S("in"), &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "%s: kind %d, \"" TSKL_FMT "\"", rows[i].hook,
                  (int)outcome.kind, TSKL_ARG(outcome.detail));
        CHECK_SAY(outcome.detail.ptr && strstr(outcome.detail.ptr, rows[i].detail),
                  "%s: \"" TSKL_FMT "\"", rows[i].hook, TSKL_ARG(outcome.detail));
        CHECK_ROW(i, call(t, module, "echo", TSKL_S("fine"), &output).kind == TSKL_OUTCOME_OK);
    }
}

TEST_ONCE(instance, does_not_believe_forged_lengths) {
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    tskl_slice output;
    CHECK(module);
    CHECK(call(t, module, "forges_length", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("hello"), output);
    CHECK(call(t, module, "points_outside", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 0);
    static const char zeros[8];
    CHECK(call(t, module, "reads_past_input", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 8 && memcmp(output.ptr, zeros, 8) == 0);
    CHECK(call(t, module, "allocates_wildly", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 8 && memcmp(output.ptr, zeros, 8) == 0);
}

TEST_ONCE(instance, gives_configuration_log_clock_and_chance) {
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    tskl_slice output, again;
    CHECK(module);
    CHECK(call(t, module, "asks_config", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("value of k"), output);
    CHECK(call(t, module, "logs", TSKL_S("a line"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("a line"), logged);
    CHECK(call(t, module, "random", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(call(t, module, "random", TSKL_S("x"), &again).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(output, again);
    uint64_t now;
    CHECK(call(t, module, "clock", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    memcpy(&now, output.ptr, sizeof now);
    CHECK(now == 1790000000000000000u);
    CHECK(call(t, module, "exits_well", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 8);
}

TEST_ONCE(instance, keeps_state_within_an_exchange_and_none_between) {
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    CHECK(module);
    for (int exchange = 0; exchange < 2; exchange++) {
        tskl_sandbox_host host = host_of(t);
        tskl_instance *instance CLEANUP(close_instance) = NULL;
        CHECK_OK(tskl_instance_open(module, &host, &limits, &instance, &t->err));
        for (uint64_t n = 1; n <= 3; n++) {
            tskl_slice output;
            uint64_t got = 0;
            tskl_outcome outcome =
                tskl_instance_call(instance, "count", TSKL_S(""), t->arena, &output);
            CHECK(outcome.kind == TSKL_OUTCOME_OK && output.len == 8);
            memcpy(&got, output.ptr, sizeof got);
            CHECK(got == n);
        }
    }
}

TEST_ONCE(instance, serves_100_000_exchanges_and_frees_them_all) {
    tskl_module *module CLEANUP(free_module) = load(t, "hooks");
    CHECK(module);
    int64_t start = tskl_clock_steady_us();
    enum { CALLS = 100000 };
    tskl_arena arena = {0};
    for (int i = 0; i < CALLS; i++) {
        tskl_sandbox_host host = host_of(t);
        tskl_instance *instance CLEANUP(close_instance) = NULL;
        tskl_slice output;
        CHECK_OK(tskl_instance_open(module, &host, &limits, &instance, &t->err));
        CHECK(tskl_instance_call(instance, "echo", TSKL_S("0123456789"), &arena, &output).kind ==
              TSKL_OUTCOME_OK);
    }
    fprintf(stderr, "%.2f us a fresh instance and call\n",
            (double)(tskl_clock_steady_us() - start) / CALLS);
}
