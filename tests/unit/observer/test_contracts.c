// What observer.h says of each function: its statuses, what is read of a caller's structs, and that
// nothing is said of a success.
// SPDX-License-Identifier: Apache-2.0
#include "base/lazy.h"
#include "observer/desk.h"
#include <stdio.h>
#include <sys/stat.h>

#define ADD_START "{\"schema\":\"pre2\",\"name\":\"notes\",\"version\":\"1\",\"hosts\":[\"a.test\"]"

// Opens with a file of that text, in a folder of the test's.
static tskl_status open_file(desk *d, tskl_test *t, const char *name, tskl_slice text) {
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    options.config_path = tskl_test_write(t, name, text);
    options.outputs = "file:/dev/null";
    tskl_env_replaced = &d->env;
    return tskl_observer_open(&options, &d->observer, &t->err);
}

TEST_ONCE(contract, open_names_what_is_wrong_with_a_file) {
    static const struct {
        const char *text;
        tskl_status status;
        const char *says;
    } rows[] = {
        {"{\"version\":1,", TSKL_ERR_SYNTAX, "taskless.json"},
        {"{\"version\":1,\"pack\":[]}", TSKL_ERR_INVALID, "pack"},
        {"{\"version\":2}", TSKL_ERR_UNSUPPORTED, "version"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        CHECK_STATUS(rows[i].status,
                     open_file(&d, t, "taskless.json", tskl_slice_of(rows[i].text)));
        CHECK_HAS(t->err.message, rows[i].says);
        CHECK_ROW(i, !d.observer && t->err.status == rows[i].status);
    }
}

static void have_libraries_again(bool *guard) {
    tskl_lazy_none = *guard;
}

TEST_ONCE(contract, open_names_the_library_that_a_file_needs) {
    static const struct {
        const char *name;
        tskl_status status;
    } rows[] = {{"taskless.yaml", TSKL_ERR_UNAVAILABLE},
                {"taskless.yml", TSKL_ERR_UNAVAILABLE},
                {"taskless.json", TSKL_OK}};
    CLEANUP(have_libraries_again) bool guard = false;
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        bool json = rows[i].status == TSKL_OK;
        tskl_lazy_none = true;
        CHECK_STATUS(rows[i].status,
                     open_file(&d, t, rows[i].name,
                               json ? TSKL_S("{\"version\":1}") : TSKL_S("version: 1\n")));
        tskl_lazy_none = false;
        CHECK_ROW(i, json == (d.observer != NULL));
        if (json) continue;
        CHECK_HAS(t->err.message, rows[i].name);
        CHECK_HAS(t->err.message, "libyaml-0.so.2 is missing: install the package libyaml-0-2");
    }
}

TEST_ONCE(contract, open_names_a_file_that_it_may_not_read) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    const char *folder = tskl_test_folder(t);
    tskl_env_replaced = &d.env;
    options.config_path = tskl_arena_printf(t->arena, "%s/nothing.json", folder);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_observer_open(&options, &d.observer, &t->err));
    options.config_path = folder;
    CHECK_STATUS(TSKL_ERR_IO, tskl_observer_open(&options, &d.observer, &t->err));
    options.config_path = tskl_test_write(t, "open.json", TSKL_S("{\"version\":1}"));
    CHECK(chmod(options.config_path, 0666) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_observer_open(&options, &d.observer, &t->err));
    static char large[32 << 20];
    memset(large, ' ', sizeof large);
    CHECK_STATUS(TSKL_ERR_LIMIT,
                 open_file(&d, t, "large.json", tskl_slice_make(large, sizeof large)));
    CHECK(!d.observer);
}

TEST_ONCE(contract, open_reads_of_options_what_their_caller_has) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    struct {
        tskl_observer_options known;
        const char *later;
    } options = {.known = TSKL_OBSERVER_OPTIONS_INIT};
    tskl_env_replaced = &d.env;
    options.known.outputs = "file:/dev/null";
    options.known.size = sizeof options;
    CHECK_OK(tskl_observer_open(&options.known, &d.observer, &t->err));
    tskl_observer_close(d.observer, 0);
    options.later = "x";
    CHECK_STATUS(TSKL_ERR_UNSUPPORTED, tskl_observer_open(&options.known, &d.observer, &t->err));
    CHECK(!d.observer);
    options.known.size = 0;
    CHECK_STATUS(TSKL_ERR_INVALID, tskl_observer_open(&options.known, &d.observer, &t->err));
    // An older caller's struct ends before `client`: what lies there is not looked at.
    options.known.size = offsetof(tskl_observer_options, client);
    options.known.client = (const char *)1;
    options.known.on_record = (tskl_record_fn)(uintptr_t)1;
    CHECK_OK(tskl_observer_open(&options.known, &d.observer, &t->err));
    desk_call(&d, 1);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
}

TEST_ONCE(contract, begin_reads_of_requests_what_their_caller_has) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    static const tskl_recorded nowhere = {.size = 1};
    struct {
        tskl_request known;
        char later[64];
    } request = {.known = {.method = TSKL_S("GET"),
                           .url = TSKL_S("https://a.test/"),
                           .recorded = (const tskl_recorded *)1}};
    memset(request.later, 0xff, sizeof request.later);
    request.known.size = offsetof(tskl_request, recorded); // an older caller
    call_end_take(tskl_exchange_begin(d.observer, &request.known, NULL), 0);
    request.known.size = sizeof request; // a newer one
    request.known.recorded = &nowhere;
    call_end_take(tskl_exchange_begin(d.observer, &request.known, NULL), 0);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 2);
}

TEST_ONCE(contract, begin_reads_of_what_was_recorded_what_its_caller_has) {
    static const struct {
        size_t size;
        bool id, attempt;
    } rows[] = {
        {0, false, false},
        {offsetof(tskl_recorded, attempt) - 1, false, false},
        {offsetof(tskl_recorded, attempt), true, false},
        {offsetof(tskl_recorded, first), true, false},
        {sizeof(tskl_recorded), true, true},
        {sizeof(tskl_recorded) + 64, true, true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        CHECK_OK(desk_open(&d, t, ""));
        struct {
            tskl_recorded known;
            char later[64];
        } recorded = {.known = {.id = TSKL_S("0190a1b2-c3d4-7000-8000-000000000001"),
                                .flags = TSKL_RECORDED_ATTEMPT,
                                .attempt = 3}};
        memset(recorded.later, 0xff, sizeof recorded.later);
        recorded.known.size = rows[i].size;
        tskl_request request = {
            .size = sizeof request, .url = TSKL_S("https://a.test/"), .recorded = &recorded.known};
        call_end_take(tskl_exchange_begin(d.observer, &request, NULL), 0);
        CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
        CHECK_ROW(i,
                  (records_have(&d.r, "0190a1b2-c3d4-7000-8000-000000000001") > 0) == rows[i].id);
        CHECK_ROW(i, (records_have(&d.r, "\"attempt\":3") > 0) == rows[i].attempt);
    }
}

TEST_ONCE(contract, add_names_what_is_wrong_with_a_pack) {
    static const struct {
        const char *manifest;
        tskl_slice wasm;
        const char *configuration;
        tskl_status status;
    } rows[] = {
        {"{", TSKL_LIT("\0asm\1\0\0\0"), "", TSKL_ERR_SYNTAX},
        {ADD_START "}", TSKL_LIT("no Wasm"), "", TSKL_ERR_SYNTAX},
        {ADD_START "}", TSKL_LIT("\0asm\1\0\0\0"), "{", TSKL_ERR_SYNTAX},
        {ADD_START ",\"methods\":1}", TSKL_LIT("\0asm\1\0\0\0"), "", TSKL_ERR_INVALID},
        {ADD_START "}", TSKL_LIT("\0asm\1\0\0\0"), "{\"a\":1}", TSKL_ERR_INVALID},
        {ADD_START "}", TSKL_LIT(""), "", TSKL_ERR_NOT_FOUND},
        {ADD_START "}", TSKL_LIT("\0asm\x0d\0\1\0"), "", TSKL_ERR_UNSUPPORTED},
    };
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CHECK_STATUS(rows[i].status,
                     tskl_observer_add(d.observer, tskl_slice_of(rows[i].manifest), rows[i].wasm,
                                       tskl_slice_of(rows[i].configuration), &t->err));
        CHECK_ROW(i, t->err.status == rows[i].status && t->err.message[0]);
    }
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, desk_add(&d, t, "notes", false));
}

TEST_ONCE(contract, add_takes_256_packs) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    CHECK_OK(desk_store(&d, t, "notes"));
    tskl_slice wasm = desk_read(t, "notes", ".wasm"), none = {NULL, 0};
    for (int i = 0; i < 256; i++) {
        char manifest[160];
        snprintf(
            manifest, sizeof manifest,
            "{\"schema\":\"pre2\",\"name\":\"p%d\",\"version\":\"1\",\"hosts\":[\"h%d.test\"]}", i,
            i);
        CHECK_OK(tskl_observer_add(d.observer, tskl_slice_of(manifest), wasm, none, &t->err));
    }
    CHECK_STATUS(TSKL_ERR_LIMIT,
                 tskl_observer_add(d.observer, TSKL_S(ADD_START "}"), wasm, none, &t->err));
    tskl_request request = {.size = sizeof request, .url = TSKL_S("https://h255.test/")};
    call_end_take(tskl_exchange_begin(d.observer, &request, NULL), 0);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"p255/seen\":true") == 1);
}

TEST_ONCE(contract, flush_and_stats_name_how_they_fail) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    char stats[65536];
    size_t pending, length;
    CHECK_OK(desk_open(&d, t, ""));
    pthread_mutex_lock(&d.r.gate);
    desk_call(&d, 1);
    tskl_status status = tskl_observer_flush(d.observer, 0, &pending, &t->err);
    pthread_mutex_unlock(&d.r.gate);
    CHECK(status == TSKL_ERR_TIMEOUT && pending == 1 && t->err.message[0]);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, &pending, &t->err));
    CHECK(pending == 0);
    CHECK_STATUS(TSKL_ERR_LIMIT, tskl_observer_stats(d.observer, stats, 1, &length, &t->err));
    CHECK_OK(tskl_observer_stats(d.observer, stats, length + 1, &length, &t->err));
    CHECK(strlen(stats) == length);
}

TEST_ONCE(contract, says_nothing_of_a_success) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    const tskl_error before = {TSKL_ERR_BUG, "of another call"};
    char stats[65536];
    size_t length;
    tskl_error err = before;
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    // Its Pack is left out: that is logged, and the call succeeds.
    options.config_path = tskl_test_write(
        t, "taskless.json",
        TSKL_S(
            "{\"version\":1,\"shipped\":false,\"packs\":[{\"name\":\"gone\",\"from\":\"./gone\"}],\"outputs\":[]}"));
    d.env.cache = tskl_arena_printf(t->arena, "%s/cache", tskl_test_folder(t));
    tskl_env_replaced = &d.env;
    CHECK(tskl_observer_open(&options, &d.observer, &err) == TSKL_OK);
    CHECK(err.status == TSKL_OK && err.message[0] == 0);
    CHECK_OK(desk_store(&d, t, "notes"));
    err = before;
    CHECK(tskl_observer_add(d.observer, TSKL_S(ADD_START "}"), desk_read(t, "notes", ".wasm"),
                            (tskl_slice){NULL, 0}, &err) == TSKL_OK);
    CHECK(err.status == TSKL_OK && err.message[0] == 0);
    err = before;
    CHECK(tskl_observer_flush(d.observer, 1000, NULL, &err) == TSKL_OK);
    CHECK(err.status == TSKL_OK && err.message[0] == 0);
    err = before;
    CHECK(tskl_observer_stats(d.observer, stats, sizeof stats, &length, &err) == TSKL_OK);
    CHECK(err.status == TSKL_OK && err.message[0] == 0);
}

static bool refuse_all(void) {
    return true;
}

TEST_ONCE(contract, all_say_that_there_is_no_memory) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    char stats[65536];
    size_t length;
    tskl_observer *none = NULL;
    CHECK_OK(desk_open(&d, t, ""));
    tskl_slice wasm = desk_read(t, "notes", ".wasm");
    tskl_alloc_refuses = refuse_all;
    tskl_status opened = tskl_observer_open(NULL, &none, NULL);
    tskl_status added =
        tskl_observer_add(d.observer, TSKL_S(ADD_START "}"), wasm, (tskl_slice){NULL, 0}, NULL);
    tskl_status counted = tskl_observer_stats(d.observer, stats, sizeof stats, &length, NULL);
    tskl_exchange *begun = desk_begin(&d, 1);
    tskl_alloc_refuses = NULL;
    CHECK(opened == TSKL_ERR_NOMEM && added == TSKL_ERR_NOMEM && counted == TSKL_ERR_NOMEM);
    CHECK(!none && !begun);
}
