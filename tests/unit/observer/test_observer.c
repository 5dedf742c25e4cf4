// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "base/json.h"
#include "observer/desk.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

TEST_ONCE(observer, writes_a_record_of_each_call) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    for (size_t i = 0; i < 3; i++) desk_call(&d, i);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 3 && records_have(&d.r, "\"client\":\"test/1\"") == 3);
    CHECK(records_have(&d.r, "\"url\":\"https://api.example.com/2\"") == 1);
}

TEST_ONCE(observer, runs_a_pack_that_is_added_on_calls_that_begin_afterwards) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    tskl_exchange *before = desk_begin(&d, 0);
    CHECK_OK(desk_add(&d, t, "notes", true));
    call_end_take(before, 100);
    desk_call(&d, 1);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 2 && records_have(&d.r, "\"captures\":{\"notes/seen\":true}") == 1);
}

TEST_ONCE(observer, keeps_the_variables_of_a_pack_from_call_to_call) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open_pack(&d, t, "visits", ",\"permissions\":{\"vars\":true}",
                            ",\"allow\":{\"vars\":true}"));
    for (size_t i = 0; i < 3; i++) {
        desk_call(&d, i);
        CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    }
    CHECK(records_have(&d.r, "\"captures\":{\"visits/visits\":1}") == 1);
    CHECK(records_have(&d.r, "\"captures\":{\"visits/visits\":3}") == 1);
    CHECK(records_have(&d.r, "\"varying\":true") == 3);
}

TEST_ONCE(observer, runs_a_pack_of_several_modules_when_all_are_compiled) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    tskl_slice notes = desk_read(t, "notes", ".wasm");
    tskl_sha256 digest = tskl_sha256_of(notes);
    const char *members = tskl_arena_printf(
        t->arena, ",\"modules\":[{\"name\":\"notes\",\"digest\":\"sha256:%s\"}]", digest.hex);
    mkdir(tskl_arena_printf(t->arena, "%s/pack", tskl_test_folder(t)), 0700);
    tskl_test_write(t, "pack/notes.wasm", notes);
    CHECK_OK(desk_open_pack(&d, t, "borrows", members, ""));
    desk_call(&d, 0);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"result\":\"unavailable\"") == 1);
    CHECK_OK(desk_store(&d, t, "notes"));
    atomic_fetch_add(&tskl_clock_advanced_us, 1000000); // the cache is not looked at all the time
    desk_call(&d, 1);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"borrows/seen\":true") == 1);
}

TEST_ONCE(observer, refuses_variables_that_were_not_granted) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open_pack(&d, t, "visits", ",\"permissions\":{\"vars\":true}", ""));
    desk_call(&d, 0);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"result\":\"refused\",\"detail\":\"var_get is not granted") == 1);
    CHECK(records_have(&d.r, "varying") == 0);
}

TEST_ONCE(observer, says_that_a_pack_is_not_compiled_and_takes_it_when_it_is) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, desk_add(&d, t, "notes", false));
    CHECK_HAS(t->err.message, "/nonexistent/taskless is missing: run taskless compile once");
    desk_call(&d, 0);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"result\":\"unavailable\",\"detail\":\"/nonexistent/") == 1);
    // Somebody follows the advice; the Pack's second entry is this test's own doing.
    CHECK_OK(desk_add(&d, t, "notes", true));
    for (int i = 0; i < 500 && !records_have(&d.r, "\"notes/seen\":true"); i++) {
        desk_call(&d, 1);
        CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    }
    CHECK(records_have(&d.r, "\"notes/seen\":true"));
}

TEST_ONCE(observer, refuses_a_bad_pack_and_goes_on) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    CHECK_STATUS(TSKL_ERR_INVALID,
                 tskl_observer_add(d.observer, TSKL_S("{\"schema\":\"pre2\",\"name\":\"A\"}"),
                                   TSKL_S("\0asm\1\0\0\0"), (tskl_slice){NULL, 0}, &t->err));
    CHECK_HAS(t->err.message, "name");
    CHECK_OK(desk_add(&d, t, "notes", true));
    desk_call(&d, 0);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(records_have(&d.r, "\"notes/seen\":true") == 1);
}

static void call_with_body(desk *d, const char *content_type, const char *body) {
    tskl_exchange *exchange = desk_begin(d, 0);
    tskl_exchange_response(exchange, 0, 200, tskl_slice_of(content_type));
    tskl_exchange_received(exchange, 0, tskl_slice_of(body));
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, (tskl_slice){NULL, 0}, (tskl_slice){NULL, 0});
}

TEST_ONCE(observer, runs_chunk_for_streams_alone_where_a_pack_reads_only_those) {
    static const struct {
        const char *reads;
        size_t trapped; // of two calls
    } rows[] = {{"response.body", 2}, {"response.stream", 1}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        const char *members = tskl_arena_printf(
            t->arena, ",\"permissions\":{\"body\":true},\"reads\":[\"%s\"]", rows[i].reads);
        CHECK_OK(desk_open(&d, t, ""));
        CHECK_OK(desk_add_with(&d, t, "streams", members));
        call_with_body(&d, "content-type: application/json\r\n", "{}");
        call_with_body(&d, "content-type: text/event-stream\r\n", "data: 1\n\n");
        CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
        CHECK_ROW(i,
                  records_have(&d.r, "\"hook\":\"chunk\",\"result\":\"trap\"") == rows[i].trapped);
    }
}

TEST_ONCE(observer, does_not_observe_what_is_to_be_hidden) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    tskl_request request = {.size = sizeof request, .method = TSKL_S("GET")};
    unsigned wants = 9;
    CHECK_OK(desk_open(&d, t, ",\"observe\":{\"ignore\":[\"internal.example.com\"]}"));
    request.url = TSKL_S("https://internal.example.com/");
    CHECK(!tskl_exchange_begin(d.observer, &request, &wants) && wants == 0);
    request.url = TSKL_S("https://api.example.com/");
    request.headers = TSKL_S("a: b\r\nX-Tskl-Bypass: 1\r\n");
    CHECK(!tskl_exchange_begin(d.observer, &request, NULL));
    request.headers = TSKL_S("x-tskl-bypass: 0\r\n");
    tskl_exchange *exchange = tskl_exchange_begin(d.observer, &request, NULL);
    CHECK(exchange);
    call_end_take(exchange, 0);
}

static void call_api(desk *d, const char *method, const char *headers, int status) {
    tskl_request request = {.size = sizeof request,
                            .method = tskl_slice_of(method),
                            .url = TSKL_S("https://api.example.com/tries"),
                            .headers = tskl_slice_of(headers)};
    tskl_exchange *exchange = tskl_exchange_begin(d->observer, &request, NULL);
    tskl_exchange_sent(exchange, 0, (tskl_slice){NULL, 7});
    tskl_exchange_response(exchange, 0, status, TSKL_S(""));
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, TSKL_S(""), TSKL_S(""));
}

TEST_ONCE(observer, joins_the_tries_of_one_call) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ",\"queue\":{\"workers\":4}"));
    static const int answers[] = {503, 429, 200, 200};
    for (size_t i = 0; i < TSKL_COUNT(answers); i++) call_api(&d, "POST", "", answers[i]);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 4 && records_have(&d.r, "\"attempt\":") == 2);
    CHECK(records_have(&d.r, "\"attempt\":2,\"first\":\"") == 1);
    CHECK(records_have(&d.r, "\"attempt\":3,\"first\":\"") == 1);
}

TEST_ONCE(observer, counts_a_try_that_is_not_kept) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ",\"observe\":{\"sample\":{\"failure\":0}}"));
    static const int answers[] = {503, 503, 200, 200};
    for (size_t i = 0; i < TSKL_COUNT(answers); i++) call_api(&d, "GET", "", answers[i]);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK(d.r.count == 2 && records_have(&d.r, "\"attempt\":3,\"first\":\"") == 1);
}

// The id decides: the same ids are kept each time, a share of them as large as it was asked for.
TEST_ONCE(observer, keeps_a_share_of_calls_that_their_ids_decide) {
    enum { CALLS = 1000 };
    size_t kept[2] = {0};
    for (size_t round = 0; round < 2; round++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        CHECK_OK(desk_open(&d, t, ",\"observe\":{\"sample\":{\"success\":0.25,\"failure\":1}}"));
        for (size_t i = 0; i < CALLS; i++) {
            char id[37], url[64];
            snprintf(id, sizeof id, "0199f0c2-0000-7000-8000-%012zx", i * 7919);
            tskl_recorded recorded = {.size = sizeof recorded, .id = tskl_slice_of(id)};
            tskl_request request = call_request(i, url);
            request.recorded = &recorded;
            call_end_take(tskl_exchange_begin(d.observer, &request, NULL), 0);
        }
        call_api(&d, "GET", "", 500);
        CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
        kept[round] = records_have(&d.r, "\"status\":200");
        CHECK(records_have(&d.r, "\"sample\":0.25,") == kept[round]);
        CHECK(records_have(&d.r, "\"status\":500") == 1);
    }
    CHECK(kept[0] == kept[1] && kept[0] > CALLS / 5 && kept[0] < CALLS * 3 / 10);
}

TEST_ONCE(observer, hides_a_call_by_its_header_only_where_that_says_1) {
    static const struct {
        const char *headers;
        bool hidden;
    } rows[] = {
        {"x-tskl-bypass: 1\r\n", true},
        {"X-TSKL-Bypass:1\r\n", true},
        {"a: b\r\nx-tskl-bypass:  1 \r\n", true},
        {"x-tskl-bypass: 0\r\n", false},
        {"x-tskl-bypass: true\r\n", false},
        {"x-tskl-bypass: 11\r\n", false},
        {"x-tskl-bypass:\r\n", false},
        {"x-tskl-bypassed: 1\r\n", false},
        {"y: x-tskl-bypass: 1\r\n", false},
        {"", false},
    };
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_request request = {.size = sizeof request, .url = TSKL_S("https://api.example.com/")};
        request.headers = tskl_slice_of(rows[i].headers);
        tskl_exchange *exchange = tskl_exchange_begin(d.observer, &request, NULL);
        CHECK_ROW(i, (exchange == NULL) == rows[i].hidden);
        call_end_take(exchange, 0);
    }
}

TEST_ONCE(observer, ignores_hosts_by_the_patterns_of_a_pack) {
    static const struct {
        const char *url;
        bool ignored;
    } rows[] = {
        {"https://internal.example.com/", true},
        {"https://INTERNAL.example.com:8443/x", true},
        {"https://a.cluster.local/", true},
        {"https://cluster.local/", false},
        {"http://localhost:9200/", true},
        {"http://localhost:9201/", false},
        {"http://[::1]/", true},
        {"https://api.example.com/", false},
    };
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t,
                       ",\"observe\":{\"ignore\":[\"internal.example.com\",\"*.cluster.local\","
                       "\"localhost:9200\",\"[::1]\"]}"));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_request request = {.size = sizeof request, .url = tskl_slice_of(rows[i].url)};
        tskl_exchange *exchange = tskl_exchange_begin(d.observer, &request, NULL);
        CHECK_ROW(i, (exchange == NULL) == rows[i].ignored);
        call_end_take(exchange, 0);
    }
}

TEST_ONCE(observer, calls_nobody_after_it_was_closed_in_the_middle_of_a_pack) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    CHECK_OK(desk_open(&d, t, ""));
    CHECK_OK(desk_add(&d, t, "loops", true));
    desk_call(&d, 0);
    usleep(20000); // the worker is in the Pack by now, for the next 100 ms of its own time
    tskl_observer_close(d.observer, 0);
    d.observer = NULL;
    size_t at_close = records_count(&d.r), held = tskl_alloc_live();
    // It frees what was left to it when it comes back from there.
    for (int i = 0; i < 5000 && tskl_alloc_live() + 10 > held; i++) usleep(1000);
    CHECK(tskl_alloc_live() + 10 <= held && records_count(&d.r) == at_close);
}

// What a program with nothing to observe costs: nothing, and it never crashes.
static bool is_inert(desk *d) {
    char stats[64];
    size_t length, pending = 9;
    tskl_error err;
    tskl_exchange *exchange = desk_begin(d, 1);
    tskl_exchange_sent(exchange, 0, TSKL_S("a"));
    call_end_take(exchange, 10);
    return !exchange && tskl_observer_flush(d->observer, 10, &pending, &err) == TSKL_OK &&
           pending == 0 &&
           tskl_observer_stats(d->observer, stats, sizeof stats, &length, &err) == TSKL_OK &&
           strcmp(stats, "{}") == 0 &&
           tskl_observer_add(d->observer, TSKL_S("no manifest"), TSKL_S("no code"),
                             (tskl_slice){NULL, 0}, &err) == TSKL_OK;
}

TEST_ONCE(observer, is_inert_when_disabled_and_in_a_setuid_program) {
    for (int i = 0; i < 2; i++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        d.env.disabled = i == 0;
        d.env.secure = i == 1;
        CHECK_OK(desk_open(&d, t, ",\"unknown\":\"key\"")); // no configuration is read
        CHECK_ROW(i, is_inert(&d) && d.r.count == 0);
    }
}

TEST_ONCE(observer, tells_its_own_cost_as_json) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    static char stats[65536];
    const tskl_json *all;
    size_t length = 0;
    int64_t begun, runs;
    CHECK_OK(desk_open(&d, t, ""));
    CHECK_OK(desk_add(&d, t, "notes", true));
    for (size_t i = 0; i < 3; i++) desk_call(&d, i);
    CHECK_OK(tskl_observer_flush(d.observer, 5000, NULL, &t->err));
    CHECK_STATUS(TSKL_ERR_LIMIT, tskl_observer_stats(d.observer, NULL, 0, &length, &t->err));
    CHECK_STATUS(TSKL_ERR_LIMIT, tskl_observer_stats(d.observer, stats, length, &length, &t->err));
    CHECK_OK(tskl_observer_stats(d.observer, stats, length + 1, &length, &t->err));
    CHECK(strlen(stats) == length);
    CHECK_OK(tskl_json_parse(tskl_slice_of(stats), t->arena, &all, &t->err));
    CHECK(tskl_json_to_i64(tskl_json_get(all, TSKL_S("begun")), &begun) && begun == 3);
    const tskl_json *packs = tskl_json_get(all, TSKL_S("packs"));
    CHECK(packs && packs->count == 1 && tskl_json_get(all, TSKL_S("outputs"))->count == 1);
    CHECK(tskl_json_to_i64(tskl_json_get(packs->first, TSKL_S("runs")), &runs) && runs == 3);
}

enum { MARK = 12345 };

TEST_ONCE(observer, never_touches_errno) {
    desk d CLEANUP(desk_close) = DESK_INIT;
    char stats[4096];
    size_t length;
    tskl_status status = TSKL_OK;
#define KEEPS_ERRNO(call) CHECK_SAY((errno = MARK, (void)(call), errno == MARK), "%s", #call)
    KEEPS_ERRNO(desk_open(&d, t, ""));
    KEEPS_ERRNO(desk_add(&d, t, "notes", false));
    tskl_exchange *exchange;
    KEEPS_ERRNO(exchange = desk_begin(&d, 1));
    CHECK(exchange);
    KEEPS_ERRNO(tskl_exchange_sent(exchange, 0, TSKL_S("a")));
    KEEPS_ERRNO(tskl_exchange_response(exchange, 0, 200, TSKL_S("a: b\r\n")));
    KEEPS_ERRNO(tskl_exchange_received(exchange, 0, TSKL_S("a")));
    KEEPS_ERRNO(tskl_exchange_end_take(exchange, 0, TSKL_DONE, TSKL_S(""), TSKL_S("")));
    KEEPS_ERRNO(status = tskl_observer_flush(d.observer, 1000, NULL, NULL));
    KEEPS_ERRNO(status = tskl_observer_flush(d.observer, 0, NULL, NULL));
    KEEPS_ERRNO(status = tskl_observer_stats(d.observer, stats, sizeof stats, &length, NULL));
    KEEPS_ERRNO(status = tskl_observer_stats(d.observer, stats, 1, &length, NULL));
    CHECK(status == TSKL_ERR_LIMIT);
    KEEPS_ERRNO(tskl_observer_close(d.observer, 1000));
    d.observer = NULL;
}

TEST_ONCE(observer, takes_null_for_a_call_that_is_not_observed) {
    tskl_exchange_sent(NULL, 0, TSKL_S("a"));
    tskl_exchange_response(NULL, 0, 200, TSKL_S(""));
    tskl_exchange_received(NULL, 0, TSKL_S("a"));
    tskl_exchange_end_take(NULL, 0, TSKL_DONE, TSKL_S(""), TSKL_S(""));
    tskl_observer_close(NULL, 0);
    CHECK(!tskl_exchange_begin(NULL, NULL, NULL));
}

// A body that no Pack may see is asked for only where the answer's is seen, to learn its secrets.
TEST_ONCE(observer, asks_for_a_request_that_an_answer_may_repeat) {
    static const struct {
        const char *reads, *type;
        unsigned wants;
    } rows[] = {
        {"\"response.body\"", "content-type: application/json\r\n",
         TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY},
        {"\"response.body\"", "content-type: text/plain\r\n", TSKL_WANT_RESPONSE_BODY},
        {"\"response.error\"", "Content-Type:application/x-www-form-urlencoded\r\n",
         TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY},
        {"\"request-id\"", "content-type: application/json\r\n", 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        desk d CLEANUP(desk_close) = DESK_INIT;
        unsigned wants = 0;
        const char *members = tskl_arena_printf(
            t->arena, ",\"permissions\":{\"body\":true},\"reads\":[%s]", rows[i].reads);
        CHECK_OK(desk_open(&d, t, ""));
        CHECK_OK(desk_add_with(&d, t, "notes", members));
        tskl_request request = {.size = sizeof request,
                                .url = TSKL_S("https://api.example.com/"),
                                .headers = tskl_slice_of(rows[i].type)};
        call_end_take(tskl_exchange_begin(d.observer, &request, &wants), 100);
        CHECK_SAY(wants == rows[i].wants, "row %zu: %u", i, wants);
    }
}
