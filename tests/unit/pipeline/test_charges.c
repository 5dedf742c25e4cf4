// Whose time it is that is spent before a Pack runs. The Packs here have no code: all that their
// stats tell of was done for them by the host.
// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "observer/desk.h"
#include <stdio.h>

enum { BODY = 200 * 1024 };

// UNAVAILABLE says that there is no code; the Pack is there.
static tskl_status add(desk *d, tskl_test *t, const char *name, const char *members) {
    const char *manifest = tskl_arena_printf(
        t->arena, "{\"schema\":\"pre2\",\"name\":\"%s\",\"version\":\"1\",\"hosts\":[\"%s\"]%s}",
        name, "api.example.com", members);
    tskl_status status =
        tskl_observer_add(d->observer, tskl_slice_of(manifest), desk_read(t, "notes", ".wasm"),
                          (tskl_slice){NULL, 0}, &t->err);
    return status == TSKL_ERR_UNAVAILABLE ? TSKL_OK : status;
}

// Two Packs that see every body, one that sees those of errors, and one that sees none.
static tskl_status add_all(desk *d, tskl_test *t) {
    TSKL_TRY(add(d, t, "one", ",\"permissions\":{\"body\":true}"));
    TSKL_TRY(add(d, t, "two", ",\"permissions\":{\"body\":true}"));
    TSKL_TRY(
        add(d, t, "errors", ",\"permissions\":{\"body\":true},\"reads\":[\"response.error\"]"));
    return add(d, t, "none", "");
}

// An answer that takes a while to read and to write as JSON.
static bool call(desk *d, tskl_test *t, int status) {
    static const char unit[] = "\"name\"=\"value\"\n";
    char *body = tskl_arena_take(t->arena, BODY);
    for (size_t i = 0; body && i < BODY; i++) body[i] = unit[i % (sizeof unit - 1)];
    tskl_exchange *exchange = desk_begin(d, 1);
    if (!body || !exchange) return false;
    tskl_exchange_response(exchange, 0, status, TSKL_S("content-type: text/plain\r\n"));
    tskl_exchange_received(exchange, 0, (tskl_slice){body, BODY});
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, (tskl_slice){NULL, 0}, (tskl_slice){NULL, 0});
    return tskl_observer_flush(d->observer, 60000, NULL, NULL) == TSKL_OK;
}

// What the stats say of that Pack, in microseconds; -1: nothing.
static int64_t spent(desk *d, tskl_test *t, const char *name) {
    char *stats = tskl_arena_take(t->arena, 65536);
    const tskl_json *all = NULL;
    size_t length;
    int64_t us = -1;
    if (!stats || tskl_observer_stats(d->observer, stats, 65536, &length, &t->err) != TSKL_OK ||
        tskl_json_parse(tskl_slice_of(stats), t->arena, &all, &t->err) != TSKL_OK)
        return -1;
    const tskl_json *pack = tskl_json_get(all, TSKL_S("packs"));
    for (pack = pack ? pack->first : NULL; pack; pack = pack->next)
        if (tskl_slice_equal(tskl_json_get(pack, TSKL_S("name"))->text, tskl_slice_of(name)))
            tskl_json_to_i64(tskl_json_get(pack, TSKL_S("us")), &us);
    return us;
}

TEST_ONCE(charges, are_shared_by_the_packs_that_see_a_body) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    CHECK_OK(add_all(&d, t));
    CHECK(call(&d, t, 200));
    CHECK(spent(&d, t, "one") > 0 && spent(&d, t, "one") == spent(&d, t, "two"));
    CHECK(spent(&d, t, "errors") == 0 && spent(&d, t, "none") == 0);
    int64_t before = spent(&d, t, "one");
    CHECK(call(&d, t, 500));
    CHECK(spent(&d, t, "errors") > 0 && spent(&d, t, "none") == 0);
    CHECK(spent(&d, t, "one") - before == spent(&d, t, "errors"));
}

TEST_ONCE(charges, are_nobodys_for_what_only_an_output_sees) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    const char *outputs = tskl_arena_printf(
        t->arena, ",\"outputs\":[{\"to\":\"har:%s/calls.har\"}]", tskl_test_folder(t));
    CHECK_OK(desk_open(&d, t, outputs));
    CHECK_OK(add(&d, t, "none", ""));
    CHECK_OK(
        add(&d, t, "errors", ",\"permissions\":{\"body\":true},\"reads\":[\"response.error\"]"));
    CHECK(call(&d, t, 200));
    CHECK(spent(&d, t, "none") == 0 && spent(&d, t, "errors") == 0);
}

TEST_ONCE(charges, are_nobodys_for_calls_that_are_not_kept) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ",\"observe\":{\"sample\":{\"success\":0,\"failure\":0}}"));
    CHECK_OK(add_all(&d, t));
    CHECK(call(&d, t, 500)); // masked all the same: the next call may be another try of it
    CHECK(spent(&d, t, "one") == 0 && spent(&d, t, "errors") == 0);
}
