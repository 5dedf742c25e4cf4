// fuzz_guest: every call that a guest can make of its host, in any order and with any numbers: the
// input is a script for guests/puppet.c.
// SPDX-License-Identifier: Apache-2.0
#include "must.h"
#include "pipeline/vars.h"
#include "sandbox/sandbox.h"

enum { OUTPUT_KIB = 16 };

static const tskl_sandbox_limits limits = {
    .time_ms = 100, .wall_ms = 500, .memory_mib = 2, .output_kib = OUTPUT_KIB};
static tskl_engine *engine;
static tskl_module *module;
static tskl_vars *vars;
static tskl_buf variable;

// What the host is given it may read, and what it gives lasts as long as it says.
static void touch(tskl_slice bytes) {
    static volatile char sum;
    for (size_t i = 0; i < bytes.len; i++) sum ^= bytes.ptr[i];
}

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    (void)user;
    touch(key);
    *value = TSKL_S("a value");
    return key.len != 2;
}

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    (void)user;
    MUST(level >= TSKL_LOG_ERROR && level <= TSKL_LOG_TRACE);
    touch(message);
}

static tskl_status var_get(void *user, tskl_slice key, tskl_slice *value) {
    (void)user;
    tskl_status status = tskl_vars_get(vars, key, &variable);
    *value = tskl_buf_slice(&variable);
    return status;
}

static tskl_status var_set(void *user, tskl_slice key, tskl_slice value, bool remove) {
    (void)user;
    MUST(!remove || value.len == 0);
    if (!remove) return tskl_vars_set(vars, key, value);
    tskl_vars_remove(vars, key);
    return TSKL_OK;
}

// A request's lines are one header each, whatever the guest wrote.
static void check_lines(tskl_slice lines) {
    while (lines.len) {
        size_t end = tskl_slice_search(lines, TSKL_S("\r\n"));
        MUST(end != SIZE_MAX);
        tskl_slice line = tskl_slice_first(lines, end);
        MUST(!tskl_slice_contains(line, '\r') && !tskl_slice_contains(line, '\n'));
        MUST(tskl_slice_find(line, ':') != 0 && tskl_slice_contains(line, ':'));
        lines = tskl_slice_from(lines, end + 2);
    }
}

static void http_request(void *user, tskl_sandbox_call *call) {
    (void)user;
    check_lines(call->headers);
    MUST(call->method.len > 0 && call->timeout_ms > 0 && call->timeout_ms <= limits.wall_ms);
    touch(call->url);
    touch(call->body);
    call->status = 200 + (int)(call->body.len % 300);
    call->response_headers =
        TSKL_S("Content-Type: a/b\r\nset-cookie: a\r\nSet-Cookie: b\r\n: x\r\n");
    call->response_body = TSKL_S("an answer");
    if (call->url.len % 7 == 6) {
        call->kind = TSKL_OUTCOME_ERROR;
        memcpy(call->detail, "no", 3);
    }
}

static void begin(void) {
    static char code[4 << 20];
    if (module) return;
    FILE *file = fopen(TSKL_PUPPET, "rb");
    size_t size = file ? fread(code, 1, sizeof code, file) : 0;
    MUST(size > 0 && size < sizeof code);
    fclose(file);
    MUST(tskl_engine_new(&engine, NULL) == TSKL_OK);
    MUST(tskl_module_load(engine, (tskl_slice){code, size}, &module, NULL) == TSKL_OK);
    MUST(tskl_vars_new(&vars, NULL) == TSKL_OK);
    tskl_buf_init(&variable, TSKL_VARS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const tskl_slice environment[] = {TSKL_LIT("A=b"), TSKL_LIT("EMPTY=")};
    tskl_sandbox_host host = {.config_get = config_get,
                              .log = log_line,
                              .var_get = var_get,
                              .var_set = var_set,
                              .http_request = http_request,
                              .log_level = TSKL_LOG_INFO,
                              .environment = environment,
                              .environment_count = 2,
                              .now_us = 1790000000000000,
                              .seed = {1, 2}};
    tskl_arena arena = {0};
    tskl_instance *instance;
    begin();
    MUST(tskl_instance_open(module, &host, &limits, &instance, NULL) == TSKL_OK);
    tskl_outcome_kind kind = TSKL_OUTCOME_OK;
    // A second time: what the first hook left is not to matter, but to the guest.
    for (int hook = 0; hook < 2 && kind == TSKL_OUTCOME_OK; hook++) {
        tskl_slice output;
        tskl_outcome outcome =
            tskl_instance_call(instance, "pre", tskl_slice_make(data, size), &arena, &output);
        kind = outcome.kind;
        touch(output);
        touch(outcome.detail);
        MUST(kind <= TSKL_OUTCOME_ROOM && output.len <= OUTPUT_KIB * 1024);
        MUST((kind == TSKL_OUTCOME_OK) == (outcome.detail.len == 0));
        MUST(kind == TSKL_OUTCOME_OK || output.len == 0);
    }
    tskl_instance_close(instance);
    tskl_arena_reset(&arena);
    return 0;
}
