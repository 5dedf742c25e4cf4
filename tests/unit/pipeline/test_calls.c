// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/server.h"
#include "pipeline/calls.h"

enum { GENEROUS_MS = 30000 };

#define OK_ANSWER TSKL_S("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

// A Pack that asked for this host and was granted it.
static tskl_status grant(tskl_test *t, const server *s, tskl_pack *pack) {
    const char *host = tskl_arena_printf(t->arena, "127.0.0.1:%u", (unsigned)s->port);
    tskl_slice pattern = tskl_slice_of(host);
    *pack = (tskl_pack){.limits = {.wall_ms = GENEROUS_MS}};
    if (!host) return tskl_fail(&t->err, TSKL_ERR_NOMEM, "no room for a host");
    TSKL_TRY(tskl_hostlist_make(&pattern, 1, t->arena, &pack->calls_asked, &t->err));
    return tskl_hostlist_make(&pattern, 1, t->arena, &pack->calls, &t->err);
}

static tskl_sandbox_call call_of(tskl_test *t, const server *s) {
    const char *url = tskl_arena_printf(t->arena, "http://127.0.0.1:%u/", (unsigned)s->port);
    return (tskl_sandbox_call){
        .url = tskl_slice_of(url), .method = TSKL_S("GET"), .timeout_ms = GENEROUS_MS};
}

TEST(calls, give_the_last_answer_only) {
    server s CLEANUP(server_stop) = {0};
    tskl_calls calls CLEANUP(tskl_calls_deinit);
    tskl_pack pack = {0};
    tskl_calls_init(&calls, &pack);
    CHECK(server_start(&s, OK_ANSWER));
    CHECK_OK(grant(t, &s, &pack));
    CHECK(tskl_calls_granted(&pack));
    for (int i = 0; i < 2; i++) {
        tskl_sandbox_call call = call_of(t, &s);
        tskl_calls_make(&calls, &call);
        CHECK_SAY(call.kind == TSKL_OUTCOME_OK, "%s", call.detail);
        CHECK(call.status == 200);
        CHECK_TEXT(TSKL_S("hello"), call.response_body);
        CHECK_TEXT(TSKL_S("Content-Length: 5\r\n"), call.response_headers);
    }
    CHECK(calls.made == 2 && calls.waited_us > 0);
    tskl_sandbox_call bad = {.url = TSKL_S("ftp://a/"), .method = TSKL_S("GET"), .timeout_ms = 1};
    tskl_calls_make(&calls, &bad);
    CHECK(bad.kind == TSKL_OUTCOME_REFUSED);
    CHECK_HAS(bad.detail, "http_request: only http:// and https:// are called");
}

TEST(calls, are_counted_and_wait_no_longer_than_two_hooks_may) {
    server s CLEANUP(server_stop) = {0};
    tskl_calls calls CLEANUP(tskl_calls_deinit);
    tskl_pack pack = {0};
    tskl_calls_init(&calls, &pack);
    CHECK(server_start(&s, OK_ANSWER));
    CHECK_OK(grant(t, &s, &pack));
    tskl_sandbox_call call = call_of(t, &s);
    calls.waited_us = 2 * GENEROUS_MS * 1000ll;
    tskl_calls_make(&calls, &call);
    CHECK(call.url.len && call.kind == TSKL_OUTCOME_TIME);
    CHECK_HAS(call.detail, "its requests took more than 60000 ms in all");
    calls.waited_us = 0;
    calls.made = TSKL_CALLS_MAX;
    tskl_calls_make(&calls, &call);
    CHECK(call.kind == TSKL_OUTCOME_REFUSED);
    CHECK_HAS(call.detail, "it may make 16 requests for one exchange");
    CHECK(atomic_load(&s.connections) == 0);
}

TEST(calls, are_granted_by_both_lists) {
    tskl_slice host = TSKL_S("a.example");
    tskl_pack pack = {0};
    CHECK(!tskl_calls_granted(&pack));
    CHECK_OK(tskl_hostlist_make(&host, 1, t->arena, &pack.calls_asked, &t->err));
    CHECK(!tskl_calls_granted(&pack));
    pack.calls = pack.calls_asked;
    CHECK(tskl_calls_granted(&pack));
}
