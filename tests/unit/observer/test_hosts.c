// Which Packs a call is for, as its record shows it, where that takes long to find out.
// SPDX-License-Identifier: Apache-2.0
#include "observer/desk.h"

// Adds the Pack "notes", which asks for bodies, with 500 expressions that are slow to match.
static tskl_status add_slow(desk *d, tskl_test *t) {
    tskl_buf manifest;
    tskl_buf_init(&manifest, 1 << 20);
    tskl_buf_add(&manifest,
                 TSKL_S("{\"schema\":\"pre1\",\"name\":\"notes\",\"version\":\"1\","
                        "\"permissions\":{\"request\":[\"body\"],\"response\":[\"body\"],"
                        "\"domains\":["));
    for (int i = 0; i < 500; i++)
        tskl_buf_printf(&manifest, "\"((a|e|i|l|m|p|x|.)*)*[.]com[1-9]%d?\",", i);
    tskl_buf_add(&manifest, TSKL_S("\"api[.].*com\"]}}"));
    TSKL_TRY(desk_store(d, t, "notes"));
    tskl_status status =
        tskl_observer_add(d->observer, tskl_buf_slice(&manifest), desk_read(t, "notes", ".wasm"),
                          (tskl_slice){NULL, 0}, &t->err);
    tskl_buf_deinit(&manifest);
    return status;
}

// One call with bodies that are larger than what is kept. Returns what was wanted.
static unsigned call(desk *d, const char *url) {
    static const char body[8192];
    unsigned wants;
    tskl_request request = {
        .size = sizeof request, .method = TSKL_S("POST"), .url = tskl_slice_of(url)};
    tskl_exchange *exchange = tskl_exchange_begin(d->observer, &request, &wants);
    tskl_exchange_sent(exchange, 0, tskl_slice_make(body, sizeof body));
    call_end_take(exchange, sizeof body);
    return tskl_observer_flush(d->observer, 5000, NULL, NULL) == TSKL_OK ? wants : ~0u;
}

TEST_ONCE(observer, runs_a_pack_whose_hosts_take_long_to_match) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ",\"observe\":{\"body_kib\":1}"));
    CHECK_OK(add_slow(&d, t));
    for (int i = 0; i < 3; i++) CHECK(call(&d, "https://api.example.com/") != ~0u);
    CHECK(d.r.count == 3 && records_have(&d.r, "\"captures\":{\"notes/seen\":true}") == 3);
    CHECK(records_have(&d.r, "\"truncated\"") == 3);
}

TEST_ONCE(observer, shows_no_trace_of_a_pack_that_a_call_is_not_for) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ",\"observe\":{\"body_kib\":1}"));
    CHECK_OK(add_slow(&d, t));
    unsigned first = call(&d, "https://api.example.net/"),
             next = call(&d, "https://api.example.net/");
    CHECK(first != 0 && next == 0); // what may be wanted, until it is known
    CHECK(d.r.count == 2 && records_have(&d.r, "notes") == 0);
    CHECK(records_have(&d.r, "\"truncated\"") == 0);
}
