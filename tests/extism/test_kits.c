// What plugins made with Extism's own kits do on our host: each thing a kit can ask for, in each
// kit. docs/internals/extism.md says where they come from.
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "pipeline/vars.h"
#include "sandbox/guest.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const tskl_sandbox_limits limits = {
    .time_ms = 100, .wall_ms = 2000, .memory_mib = 64, .output_kib = 256};

// What a plugin's host keeps for it.
typedef struct desk {
    tskl_arena *arena;
    tskl_vars *vars;
    tskl_buf value;  // of the variable asked for last
    tskl_buf logged; // lines
    tskl_slice asked, asked_headers;
} desk;

static void desk_close(desk *d) {
    tskl_vars_free(d->vars);
    tskl_buf_deinit(&d->value);
    tskl_buf_deinit(&d->logged);
}

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    (void)user;
    static const char *const values[][2] = {
        {"k", "value of k"}, {"thing", "this one"}, {"greeting", "Howdy"}, {"code", "2"}};
    for (size_t i = 0; i < TSKL_COUNT(values); i++) {
        *value = tskl_slice_of(values[i][1]);
        if (tskl_slice_equal(key, tskl_slice_of(values[i][0]))) return true;
    }
    return false;
}

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    desk *d = user;
    tskl_buf_printf(&d->logged, "%d ", (int)level);
    tskl_buf_add(&d->logged, message);
    tskl_buf_byte(&d->logged, '\n');
}

static tskl_status var_get(void *user, tskl_slice key, tskl_slice *value) {
    desk *d = user;
    tskl_status status = tskl_vars_get(d->vars, key, &d->value);
    *value = tskl_buf_slice(&d->value);
    return status;
}

static tskl_status var_set(void *user, tskl_slice key, tskl_slice value, bool remove) {
    desk *d = user;
    if (!remove) return tskl_vars_set(d->vars, key, value);
    tskl_vars_remove(d->vars, key);
    return TSKL_OK;
}

static void http_request(void *user, tskl_sandbox_call *call) {
    desk *d = user;
    tskl_arena_copy(d->arena, call->url, &d->asked);
    tskl_arena_copy(d->arena, call->headers, &d->asked_headers);
    call->status = 404;
    call->response_headers = TSKL_S("Content-Type: text/plain\r\n");
    call->response_body = TSKL_S("no such thing");
}

static bool desk_open(tskl_test *t, desk *d) {
    *d = (desk){.arena = t->arena};
    tskl_buf_init(&d->value, TSKL_VARS_MAX);
    tskl_buf_init(&d->logged, 64 * 1024);
    return tskl_vars_new(&d->vars, &t->err) == TSKL_OK;
}

static tskl_sandbox_host host_of(desk *d) {
    return (tskl_sandbox_host){
        .user = d,
        .config_get = config_get,
        .log = log_line,
        .var_get = var_get,
        .var_set = var_set,
        .http_request = http_request,
        .log_level = TSKL_LOG_INFO,
        .now_us = 1790000000000000,
        .seed = {1, 2},
    };
}

// One call in a fresh instance; `*output` is a copy.
static tskl_outcome call(tskl_test *t, desk *d, tskl_module *module, const char *export,
                         tskl_slice input, tskl_slice *output) {
    tskl_sandbox_host host = host_of(d);
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    tskl_slice borrowed;
    *output = (tskl_slice){NULL, 0};
    if (tskl_instance_open(module, &host, &limits, &instance, &t->err) != TSKL_OK)
        return (tskl_outcome){TSKL_OUTCOME_ROOM, {NULL, 0}};
    tskl_outcome outcome = tskl_instance_call(instance, export, input, t->arena, &borrowed);
    tskl_arena_copy(t->arena, borrowed, output);
    return outcome;
}

#define WITH(file)                                                                                 \
    desk d CLEANUP(desk_close);                                                                    \
    CHECK_SAY(desk_open(t, &d), "%s", t->err.message);                                             \
    tskl_module *module CLEANUP(guest_free) = guest_load(t, file);                                 \
    CHECK_SAY(module, "%s: %s", file, t->err.message)

static const char *const kits[] = {"c", "rust", "go", "js"};

TEST_ONCE(kits, give_back_input_of_any_size) {
    static const size_t sizes[] = {0, 1, 7, 8, 9, 63, 64, 65, 4095, 65535, 65536, 65539, 200000};
    static char bytes[200000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)('a' + i % 23);
    for (size_t kit = 0; kit < TSKL_COUNT(kits); kit++) {
        WITH(kits[kit]);
        for (size_t i = 0; i < TSKL_COUNT(sizes); i++) {
            tskl_slice output, input = {bytes, sizes[i]};
            tskl_outcome outcome = call(t, &d, module, "reflect", input, &output);
            CHECK_SAY(outcome.kind == TSKL_OUTCOME_OK, "%s, %zu bytes: " TSKL_FMT, kits[kit],
                      sizes[i], TSKL_ARG(outcome.detail));
            CHECK_SAY(tskl_slice_equal(input, output), "%s, %zu bytes: %zu came back", kits[kit],
                      sizes[i], output.len);
        }
    }
}

TEST_ONCE(kits, reach_configuration_variables_log_and_network) {
    static const struct {
        const char *kit, *export, *input, *output;
    } rows[] = {
        {"c", "config_get", "k", "value of k"},
        {"c", "config_get", "l", "none"},
        {"c", "vars", "x", "null x null"},
        {"c", "http_get", "https://a.example/x?y", "404 text/plain no such thing"},
        {"rust", "config_get", "k", "value of k"},
        {"rust", "config_get", "l", "none"},
        {"rust", "vars", "x", "None Some(\"x\") None"},
        {"rust", "http_get", "https://a.example/x?y", "404 text/plain no such thing"},
        {"go", "config_get", "k", "value of k"},
        {"go", "config_get", "l", "none"},
        {"go", "vars", "x", "true x true"},
        {"go", "http_get", "https://a.example/x?y", "404 text/plain no such thing"},
        {"js", "config_get", "k", "value of k"},
        {"js", "config_get", "l", "none"},
        {"js", "vars", "x", "null x null"},
        {"js", "http_get", "https://a.example/x?y", "404 text/plain no such thing"},
        {"count_vowels", "count_vowels", "this is a test aaa", "{\"count\":7}"},
        {"code", "count_vowels", "this is a test aaa", "{\"count\":7}"},
        {"http", "http_get", "{\"url\":\"https://a.example/\"}", "no such thing"},
        {"http_headers", "http_get", "{\"url\":\"https://a.example/\"}",
         "{\"content-type\":\"text/plain\"}"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        WITH(rows[i].kit);
        tskl_slice output, input = tskl_slice_of(rows[i].input);
        tskl_outcome outcome = call(t, &d, module, rows[i].export, input, &output);
        CHECK_SAY(outcome.kind == TSKL_OUTCOME_OK, "%s %s: " TSKL_FMT, rows[i].kit, rows[i].export,
                  TSKL_ARG(outcome.detail));
        CHECK_TEXT(tskl_slice_of(rows[i].output), output);
        bool asks = strcmp(rows[i].export, "http_get") == 0 && rows[i].input[0] == 'h';
        CHECK_ROW(i, !asks || tskl_slice_equal(input, d.asked));
        CHECK_ROW(i, !asks || tskl_slice_starts(d.asked_headers, TSKL_S("x-kit: ")));
    }
}

TEST_ONCE(kits, log_at_their_level) {
    for (size_t kit = 0; kit < TSKL_COUNT(kits); kit++) {
        WITH(kits[kit]);
        tskl_slice output;
        CHECK_ROW(kit,
                  call(t, &d, module, "logs", TSKL_S("this"), &output).kind == TSKL_OUTCOME_OK);
        CHECK_TEXT(TSKL_S("3 info this\n2 warn this\n1 error this\n"), tskl_buf_slice(&d.logged));
    }
}

TEST_ONCE(kits, say_why_they_failed) {
    static const struct {
        const char *kit, *export;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"c", "fails", TSKL_OUTCOME_ERROR, "failed at this"},
        {"rust", "fails", TSKL_OUTCOME_ERROR, "failed at this"},
        {"go", "fails", TSKL_OUTCOME_ERROR, "failed at this"},
        {"js", "fails", TSKL_OUTCOME_ERROR, "TypeError: failed at this"},
        {"c", "panics", TSKL_OUTCOME_TRAP, "unreachable"},
        {"rust", "panics", TSKL_OUTCOME_TRAP, "unreachable"},
        {"go", "panics", TSKL_OUTCOME_TRAP, "unreachable"},
        {"rust", "pre", TSKL_OUTCOME_ERROR, "expected ident"},
        {"js", "pre", TSKL_OUTCOME_ERROR, "SyntaxError"},
        {"js", "recurses", TSKL_OUTCOME_STACK, "stack"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        WITH(rows[i].kit);
        tskl_slice output;
        tskl_outcome outcome = call(t, &d, module, rows[i].export, TSKL_S("this"), &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "%s %s: kind %d, " TSKL_FMT, rows[i].kit,
                  rows[i].export, (int)outcome.kind, TSKL_ARG(outcome.detail));
        CHECK_HAS(outcome.detail.ptr, rows[i].detail);
        CHECK_ROW(i, call(t, &d, module, "reflect", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
        CHECK_TEXT(TSKL_S("x"), output);
    }
}

TEST_ONCE(kits, say_what_was_not_granted) {
    static const struct {
        const char *export, *detail;
    } rows[] = {{"http_get", "http_request to a.example is not allowed"},
                {"vars", "var_get is not granted to this Pack"}};
    for (size_t kit = 0; kit < TSKL_COUNT(kits); kit++) {
        WITH(kits[kit]);
        for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
            tskl_sandbox_host host = host_of(&d);
            tskl_instance *instance CLEANUP(guest_close) = NULL;
            tskl_slice output;
            host.http_request = NULL;
            host.var_get = NULL;
            CHECK_OK(tskl_instance_open(module, &host, &limits, &instance, &t->err));
            tskl_outcome outcome = tskl_instance_call(
                instance, rows[i].export, TSKL_S("https://a.example/x"), t->arena, &output);
            CHECK_ROW(i, outcome.kind == TSKL_OUTCOME_REFUSED);
            CHECK_TEXT(tskl_slice_of(rows[i].detail), outcome.detail);
        }
    }
}

// Plugins of the tests of Extism's own SDK for Go, as they were built there.
TEST_ONCE(kits, that_others_used_give_what_their_tests_expect) {
    static const struct {
        const char *plugin, *export, *input;
        tskl_outcome_kind kind;
        const char *said; // output, or why it failed
    } rows[] = {
        {"sdk_alloc", "run_test", "", TSKL_OUTCOME_OK, ""},
        {"sdk_hello", "run_test", "", TSKL_OUTCOME_OK, "Hello, world!"},
        {"sdk_fail", "run_test", "", TSKL_OUTCOME_ERROR, "Some error message"},
        {"sdk_config", "run_test", "", TSKL_OUTCOME_OK, "{\"config\": \"this one\"}"},
        {"sdk_exit", "_start", "", TSKL_OUTCOME_EXIT, "it called proc_exit(2)"},
        {"sdk_var", "run_test", "", TSKL_OUTCOME_OK, "a: 0"},
        {"sdk_hello_haskell", "testing", "John", TSKL_OUTCOME_OK, "Howdy, John"},
        {"sdk_http", "run_test", "", TSKL_OUTCOME_OK, "no such thing"},
        {"sdk_count_vowels_std", "_start", "hello world", TSKL_OUTCOME_OK,
         "{\"count\": 3, \"config\": \"this one\", \"a\": \"this is var a\"}"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        WITH(rows[i].plugin);
        tskl_slice output, input = tskl_slice_of(rows[i].input);
        tskl_outcome outcome = call(t, &d, module, rows[i].export, input, &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "%s: kind %d, " TSKL_FMT, rows[i].plugin,
                  (int)outcome.kind, TSKL_ARG(outcome.detail));
        CHECK_TEXT(tskl_slice_of(rows[i].said),
                   outcome.kind == TSKL_OUTCOME_OK ? output : outcome.detail);
    }
}

TEST_ONCE(kits, that_others_used_see_their_input_and_log) {
    tskl_slice output;
    {
        WITH("sdk_input_offset");
        CHECK(call(t, &d, module, "input_offset_length", TSKL_S("hello world"), &output).kind ==
              TSKL_OUTCOME_OK);
        CHECK(output.len == 8 && output.ptr[0] == 11);
    }
    {
        WITH("sdk_log");
        CHECK(call(t, &d, module, "run_test", TSKL_S(""), &output).kind == TSKL_OUTCOME_OK);
        CHECK_TEXT(TSKL_S("3 this is an info log\n2 this is a warning log\n"
                          "1 this is an error log\n"),
                   tskl_buf_slice(&d.logged));
    }
    {
        WITH("sdk_println");
        CHECK(call(t, &d, module, "run_test", TSKL_S(""), &output).kind == TSKL_OUTCOME_OK);
        CHECK(tskl_slice_search(tskl_buf_slice(&d.logged),
                                TSKL_S("this was printed from the plugin")) != SIZE_MAX);
    }
}

// "main" calls a function of "lib": both made with TinyGo, both with `_start`.
TEST_ONCE(kits, that_others_used_link_by_name) {
    static const char *const links[][2] = {{"lib", "sdk_lib"}, {NULL, NULL}};
    desk d CLEANUP(desk_close);
    tskl_slice output;
    CHECK_SAY(desk_open(t, &d), "%s", t->err.message);
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "sdk_main", links);
    CHECK_SAY(module, "%s", t->err.message);
    CHECK(call(t, &d, module, "run_test", TSKL_S("benjamin"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("Hello, BENJAMIN"), output);
}

// The clock stands, chance is the exchange's, and there is neither a file nor a variable.
TEST_ONCE(kits, give_a_script_the_time_of_the_exchange) {
    static const char expected[] = "{\"when\":\"2026-09-21T14:13:20.000Z\",\"bytes\":[";
    WITH("js");
    tskl_slice output, again;
    CHECK(call(t, &d, module, "chance", TSKL_S(""), &output).kind == TSKL_OUTCOME_OK);
    CHECK_SAY(tskl_slice_starts(output, tskl_slice_of(expected)), TSKL_FMT, TSKL_ARG(output));
    CHECK(tskl_slice_search(output, TSKL_S("],\"home\":null,\"file\":false}")) != SIZE_MAX);
    CHECK(call(t, &d, module, "chance", TSKL_S(""), &again).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(output, again);
}

static size_t resident_kib(void) {
    size_t pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%zu %zu", &pages, &resident) != 2) resident = 0;
    fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

// libextism reuses one instance, whose memory a script fills until it traps for ever.
TEST_ONCE(kits, run_a_script_as_often_as_one_likes_in_flat_memory) {
    enum { WARM_CALLS = 200, SPARE_KIB = 1024 };
    static const char post[] = "{\"response\":{\"body\":{\"error\":{\"code\":\"declined\"}}},"
                               "\"context\":{\"path\":\"/v1\"}}";
    const char *wanted = getenv("TASKLESS_TEST_CALLS");
    size_t calls = wanted ? strtoul(wanted, NULL, 10) : 5000, before = 0;
    WITH("js");
    tskl_sandbox_host host = host_of(&d);
    tskl_arena arena = {0};
    int64_t start_ns = 0;
    for (size_t i = 0; i < WARM_CALLS + calls; i++) {
        if (i == WARM_CALLS) before = resident_kib(), start_ns = tskl_clock_cpu_ns();
        tskl_instance *instance CLEANUP(guest_close) = NULL;
        tskl_slice output;
        CHECK_OK(tskl_instance_open(module, &host, &limits, &instance, &t->err));
        tskl_outcome outcome =
            tskl_instance_call(instance, "post", tskl_slice_of(post), &arena, &output);
        bool right = tskl_slice_equal(output, TSKL_S("{\"capture\":{\"error.code\":\"declined\","
                                                     "\"told\":\"/v1\"}}"));
        tskl_arena_reuse(&arena);
        CHECK_ROW(i, outcome.kind == TSKL_OUTCOME_OK && right);
    }
    double us = (double)(tskl_clock_cpu_ns() - start_ns) / 1e3 / (double)calls;
    size_t after = resident_kib();
    tskl_arena_reset(&arena);
    fprintf(stderr, "%zu calls, %.1f us of processor time each, %zu KiB, then %zu KiB\n", calls, us,
            before, after);
    CHECK_SAY(after <= before + SPARE_KIB, "%zu KiB, then %zu KiB", before, after);
}
