// SPDX-License-Identifier: Apache-2.0
#include "observer/desk.h"
#include "pipeline/helper.h"
#include "sandbox/sandbox.h"
#include "store/code_cache.h"
#include <stdio.h>
#include <sys/stat.h>

// With these Packs configured.
static tskl_status open_with(desk *d, tskl_test *t, const char *packs, const char *members) {
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    const char *outputs = strstr(members, "\"outputs\"") ? "" : ",\"outputs\":[]";
    const char *json = tskl_arena_printf(
        t->arena, "{\"version\":1,\"shipped\":false,\"packs\":[%s]%s%s}", packs, outputs, members);
    options.config_path = tskl_test_write(t, "taskless.json", tskl_slice_of(json));
    options.client = "test/1";
    options.on_record = records_add;
    options.user = &d->r;
    d->env.cache = tskl_arena_printf(t->arena, "%s/cache", tskl_test_folder(t));
    tskl_env_replaced = &d->env;
    tskl_helper_program = "/nonexistent/taskless";
    return tskl_observer_open(&options, &d->observer, &t->err);
}

tskl_status desk_open(desk *d, tskl_test *t, const char *members) {
    return open_with(d, t, "", members);
}

void desk_close(desk *d) {
    tskl_observer_close(d->observer, 5000);
    d->observer = NULL;
    records_deinit(&d->r);
    tskl_env_replaced = NULL;
    tskl_helper_program = NULL;
}

tskl_slice desk_read(tskl_test *t, const char *name, const char *ending) {
    static char room[1 << 20];
    tskl_slice kept = {NULL, 0};
    const char *path = tskl_arena_printf(t->arena, "%s/%s%s", TSKL_TEST_CODE, name, ending);
    FILE *file = path ? fopen(path, "rb") : NULL;
    if (!file) return kept;
    size_t size = fread(room, 1, sizeof room, file);
    fclose(file);
    tskl_arena_copy(t->arena, (tskl_slice){room, size}, &kept);
    return kept;
}

static const char *write_manifest(tskl_test *t, const char *name, const char *members) {
    return tskl_arena_printf(
        t->arena, "{\"schema\":\"pre2\",\"name\":\"%s\",\"version\":\"1\",\"hosts\":[\"%s\"]%s}",
        name, "api.example.com", members);
}

tskl_status desk_store(desk *d, tskl_test *t, const char *name) {
    tskl_sha256 digest = tskl_sha256_of(desk_read(t, name, ".wasm"));
    return tskl_code_store(d->env.cache, &digest, tskl_engine_key(), desk_read(t, name, ".cwasm"),
                           &t->err);
}

tskl_status desk_open_pack(desk *d, tskl_test *t, const char *name, const char *members,
                           const char *entry) {
    const char *folder = tskl_test_folder(t);
    tskl_slice wasm = desk_read(t, name, ".wasm");
    mkdir(tskl_arena_printf(t->arena, "%s/pack", folder), 0700);
    tskl_test_write(t, "pack/pack.wasm", wasm);
    tskl_test_write(t, "pack/manifest.json", tskl_slice_of(write_manifest(t, name, members)));
    const char *packs = tskl_arena_printf(t->arena, "{\"name\":\"%s\",\"from\":\"%s/pack\"%s}",
                                          name, folder, entry);
    TSKL_TRY(open_with(d, t, packs, ""));
    return desk_store(d, t, name);
}

static tskl_status add_pack(desk *d, tskl_test *t, const char *name, const char *members,
                            bool compiled) {
    tskl_slice wasm = desk_read(t, name, ".wasm");
    if (compiled) TSKL_TRY(desk_store(d, t, name));
    return tskl_observer_add(d->observer, tskl_slice_of(write_manifest(t, name, members)), wasm,
                             (tskl_slice){NULL, 0}, &t->err);
}

tskl_status desk_add(desk *d, tskl_test *t, const char *name, bool compiled) {
    return add_pack(d, t, name, "", compiled);
}

tskl_status desk_add_with(desk *d, tskl_test *t, const char *name, const char *members) {
    return add_pack(d, t, name, members, true);
}

tskl_exchange *desk_begin(desk *d, size_t number) {
    char url[64];
    unsigned wants;
    tskl_request request = call_request(number, url);
    return tskl_exchange_begin(d->observer, &request, &wants);
}

void desk_call(desk *d, size_t number) {
    call_end_take(desk_begin(d, number), 100);
}
