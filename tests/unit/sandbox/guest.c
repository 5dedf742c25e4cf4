// SPDX-License-Identifier: Apache-2.0
#include "guest.h"
#include <stdio.h>

const tskl_sandbox_limits guest_limits = {
    .time_ms = 50, .wall_ms = 1000, .memory_mib = 4, .output_kib = 256};
tskl_slice guest_logged;

// The engine is one for all tests: making it takes longer than most of them. It is there before the
// first, so that each can count what it allocates.
static tskl_engine *engine;

__attribute__((constructor)) static void make_engine(void) {
    tskl_error err;
    if (tskl_engine_new(&engine, &err) != TSKL_OK) fprintf(stderr, "%s\n", err.message);
}

tskl_engine *guest_engine(void) {
    return engine;
}

static tskl_slice read_code(const char *name) {
    char path[512];
    static char code[16 << 20];
    snprintf(path, sizeof path, "%s/%s.cwasm", TSKL_TEST_CODE, name);
    FILE *file = fopen(path, "rb");
    if (!file) return (tskl_slice){NULL, 0};
    size_t size = fread(code, 1, sizeof code, file);
    fclose(file);
    return (tskl_slice){code, size};
}

tskl_module *guest_load(tskl_test *t, const char *name) {
    tskl_module *module;
    tskl_module_load(guest_engine(), read_code(name), &module, &t->err);
    return module;
}

tskl_part *guest_part(tskl_test *t, const char *name, const tskl_sha256 *digest) {
    tskl_part *part;
    tskl_part_load(guest_engine(), digest, read_code(name), &part, &t->err);
    return part;
}

tskl_module *guest_link(tskl_test *t, const char *name, const char *const (*links)[2]) {
    tskl_part *own = guest_part(t, name, NULL);
    tskl_link made[16] = {0};
    size_t count = 0;
    tskl_module *module = NULL;
    bool whole = own != NULL;
    for (; links[count][0]; count++) {
        made[count].name = tskl_slice_of(links[count][0]);
        made[count].part = guest_part(t, links[count][1], NULL);
        whole = whole && made[count].part;
    }
    if (whole) tskl_module_link(own, made, count, &module, &t->err);
    for (size_t i = 0; i < count; i++) tskl_part_release(made[i].part);
    tskl_part_release(own);
    return module;
}

void guest_free(tskl_module **module) {
    tskl_module_free(*module);
}

void guest_close(tskl_instance **instance) {
    tskl_instance_close(*instance);
}

static bool config_get(void *user, tskl_slice key, tskl_slice *value) {
    (void)user;
    *value = TSKL_S("value of k");
    return tskl_slice_equal(key, TSKL_S("k"));
}

static void log_line(void *user, tskl_log_level level, tskl_slice message) {
    (void)level;
    tskl_arena_copy(user, message, &guest_logged);
}

tskl_sandbox_host guest_host(tskl_test *t) {
    return (tskl_sandbox_host){
        .user = t->arena,
        .config_get = config_get,
        .log = log_line,
        .log_level = TSKL_LOG_INFO,
        .now_us = 1790000000000000,
        .seed = {1, 2},
    };
}

tskl_outcome guest_call(tskl_test *t, tskl_module *module, const char *hook, tskl_slice input,
                        tskl_slice *output) {
    tskl_sandbox_host host = guest_host(t);
    return guest_call_host(t, module, &host, hook, input, output);
}

tskl_outcome guest_call_host(tskl_test *t, tskl_module *module, tskl_sandbox_host *host,
                             const char *hook, tskl_slice input, tskl_slice *output) {
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    tskl_slice borrowed;
    *output = (tskl_slice){NULL, 0};
    if (tskl_instance_open(module, host, &guest_limits, &instance, &t->err) != TSKL_OK)
        return (tskl_outcome){TSKL_OUTCOME_ROOM, {NULL, 0}};
    tskl_outcome outcome = tskl_instance_call(instance, hook, input, t->arena, &borrowed);
    tskl_arena_copy(t->arena, borrowed, output);
    return outcome;
}
