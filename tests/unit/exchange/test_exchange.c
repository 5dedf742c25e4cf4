// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "exchange/exchange.h"
#include "harness.h"
#include <errno.h>

enum { ALL = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM };

static void free_exchange(tskl_exchange **exchange) {
    tskl_exchange_free(*exchange);
}

static tskl_request request(int64_t time_us) {
    return (tskl_request){.size = sizeof(tskl_request),
                          .time_us = time_us,
                          .method = TSKL_S("post"),
                          .url = TSKL_S("https://api.stripe.com/v1/charges"),
                          .headers = TSKL_S("a: 1\r\n")};
}

static tskl_exchange *begin(int64_t time_us, unsigned wants, size_t body_cap) {
    tskl_request head = request(time_us);
    return tskl_exchange_new(&head, wants, body_cap);
}

TEST(exchange, copies_the_head) {
    char method[] = "GET", url[] = "http://a/", lines[] = "a: 1\r\n";
    tskl_request head = {sizeof head,          5,   tskl_slice_of(method), tskl_slice_of(url),
                         tskl_slice_of(lines), NULL};
    CLEANUP(free_exchange) tskl_exchange *exchange = tskl_exchange_new(&head, 0, 100);
    CHECK(exchange);
    memset(method, 'x', 3);
    memset(url, 'x', 9);
    memset(lines, 'x', 6);
    CHECK_TEXT(TSKL_S("GET"), exchange->method);
    CHECK_TEXT(TSKL_S("http://a/"), exchange->url);
    CHECK_TEXT(TSKL_S("a: 1\r\n"), exchange->request_headers);
}

TEST(exchange, keeps_the_body_of_an_error_where_only_that_is_wanted) {
    static const struct {
        int first, last; // statuses
        bool kept;
    } rows[] = {{100, 200, false}, {200, 200, false}, {103, 402, true}, {500, 500, true}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange) tskl_exchange *exchange = begin(0, TSKL_WANT_ERROR_BODY, 100);
        CHECK(exchange);
        tskl_exchange_set_response(exchange, 0, rows[i].first, (tskl_slice){NULL, 0});
        tskl_exchange_set_response(exchange, 0, rows[i].last, (tskl_slice){NULL, 0});
        tskl_exchange_add_received(exchange, 0, TSKL_S("body"));
        CHECK_ROW(i, exchange->received.passed == 4);
        CHECK_ROW(i, exchange->received.kept.len == (rows[i].kept ? 4 : 0));
        CHECK_ROW(i, !!(exchange->pack_wants & TSKL_WANT_RESPONSE_BODY) == rows[i].kept);
    }
}

TEST(exchange, takes_the_id_of_a_call_that_was_recorded) {
    tskl_recorded recorded = {.size = sizeof recorded,
                              .id = TSKL_S("0199f0c2-0000-7000-8000-000000000001")};
    tskl_request head = request(5);
    head.recorded = &recorded;
    CLEANUP(free_exchange) tskl_exchange *replayed = tskl_exchange_new(&head, 0, 100);
    CHECK(replayed && strcmp(replayed->id.text, recorded.id.ptr) == 0);
}

TEST(exchange, looks_at_no_member_that_an_older_caller_does_not_have) {
    tskl_request head = request(5);
    head.size = offsetof(tskl_request, recorded);
    head.recorded = (const tskl_recorded *)(uintptr_t)1;
    CLEANUP(free_exchange) tskl_exchange *exchange = tskl_exchange_new(&head, 0, 100);
    CHECK(exchange && strlen(exchange->id.text) == 36);
}

TEST(exchange, takes_which_try_a_recorded_call_was) {
    static const tskl_slice first = {"0199f0c2-0000-7000-8000-000000000002", 36};
    enum { KNOWN = TSKL_RECORDED_ATTEMPT };
    static const struct {
        tskl_recorded recorded;
        uint32_t number;
        int64_t wait_ms;
        bool has_first;
    } rows[] = {
        {{.flags = KNOWN, .attempt = 3, .wait_ms = 500, .first = first}, 3, 500, true},
        {{.flags = KNOWN, .attempt = 2, .wait_ms = 500}, 2, 0, false},
        {{.flags = KNOWN, .attempt = 1, .wait_ms = 500, .first = first}, 0, 0, false},
        {{.flags = 0, .attempt = 3, .wait_ms = 500, .first = first}, 0, 0, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_recorded recorded = rows[i].recorded;
        tskl_request head = request(5);
        recorded.size = sizeof recorded;
        head.recorded = &recorded;
        CLEANUP(free_exchange) tskl_exchange *exchange = tskl_exchange_new(&head, 0, 100);
        CHECK(exchange);
        const tskl_attempt *attempt = &exchange->recorded_attempt;
        CHECK_ROW(i, attempt->number == rows[i].number && attempt->wait_ms == rows[i].wait_ms);
        CHECK_ROW(i, (attempt->first.text[0] != 0) == rows[i].has_first);
    }
}

TEST(exchange, takes_from_an_older_caller_what_its_recording_had) {
    tskl_recorded recorded = {.size = offsetof(tskl_recorded, attempt),
                              .sent = 7,
                              .flags = TSKL_RECORDED_DECODED | TSKL_RECORDED_ATTEMPT,
                              .attempt = 9};
    tskl_request head = request(5);
    head.recorded = &recorded;
    CLEANUP(free_exchange) tskl_exchange *exchange = tskl_exchange_new(&head, 0, 100);
    CHECK(exchange && exchange->recorded_sent == 7 && exchange->recorded_attempt.number == 0);
    CHECK(exchange->recorded_flags == TSKL_RECORDED_DECODED);
}

TEST(exchange, counts_all_of_a_body_and_keeps_it_up_to_the_cap) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, ALL, 10);
    CHECK(exchange);
    tskl_exchange_add_sent(exchange, 0, TSKL_S("123456"));
    tskl_exchange_add_sent(exchange, 0, TSKL_S("7890"));
    CHECK(!exchange->sent.truncated);
    CHECK_TEXT(TSKL_S("1234567890"), tskl_buf_slice(&exchange->sent.kept));
    tskl_exchange_add_received(exchange, 0, TSKL_S("abcdefg"));
    tskl_exchange_add_received(exchange, 0, TSKL_S("hijkl"));
    tskl_exchange_add_received(exchange, 0, TSKL_S("m"));
    CHECK(exchange->received.truncated && exchange->received.passed == 13);
    CHECK_TEXT(TSKL_S("abcdefghij"), tskl_buf_slice(&exchange->received.kept));
}

TEST(exchange, keeps_nothing_behind_a_gap) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, ALL, 10);
    CHECK(exchange);
    tskl_exchange_add_received(exchange, 0, TSKL_S("abcdefghijk"));
    exchange->received.kept.cap = 20;
    tskl_exchange_add_received(exchange, 0, TSKL_S("l"));
    CHECK_TEXT(TSKL_S("abcdefghij"), tskl_buf_slice(&exchange->received.kept));
}

TEST(exchange, keeps_no_body_that_nobody_wants) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, TSKL_WANT_RESPONSE_BODY, 100);
    CHECK(exchange);
    tskl_exchange_add_sent(exchange, 0, TSKL_S("secret"));
    CHECK(exchange->sent.passed == 6 && !exchange->sent.kept.ptr && !exchange->sent.truncated);
    tskl_exchange_add_received(exchange, 0, TSKL_S("seen"));
    CHECK(exchange->received.kept.len == 4 && exchange->received.arrival_count == 0);
}

TEST(exchange, counts_bytes_that_are_not_shown_and_takes_them_for_a_gap) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, TSKL_WANT_RESPONSE_BODY, 100);
    CHECK(exchange);
    tskl_exchange_add_sent(exchange, 0, (tskl_slice){NULL, 1000});
    CHECK(exchange->sent.passed == 1000 && !exchange->sent.truncated);
    tskl_exchange_add_received(exchange, 0, TSKL_S("seen"));
    tskl_exchange_add_received(exchange, 0, (tskl_slice){NULL, 5});
    tskl_exchange_add_received(exchange, 0, TSKL_S("late"));
    CHECK(exchange->received.passed == 13 && exchange->received.truncated);
    CHECK_TEXT(TSKL_S("seen"), tskl_buf_slice(&exchange->received.kept));
}

TEST(exchange, keeps_its_head_only_when_over_the_bound) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, ALL, 100);
    CHECK(exchange);
    exchange->head_only = true;
    tskl_exchange_add_received(exchange, 0, TSKL_S("abc"));
    CHECK(exchange->received.truncated && !exchange->received.kept.ptr);
    CHECK(exchange->received.passed == 3);
}

TEST(exchange, takes_the_last_of_several_heads) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, ALL, 100);
    CHECK(exchange);
    tskl_exchange_set_response(exchange, 10, 103, TSKL_S("link: x\r\n"));
    tskl_exchange_set_response(exchange, 20, 200, TSKL_S("a: 1\r\n"));
    CHECK(exchange->status == 200 && exchange->first_byte_us == 20);
    CHECK_TEXT(TSKL_S("a: 1\r\n"), exchange->response_headers);
}

TEST(exchange, does_not_grow_with_informational_responses) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, ALL, 100);
    CHECK(exchange);
    for (int i = 0; i < 100000; i++)
        tskl_exchange_set_response(exchange, 10, 103, TSKL_S("link: </style.css>\r\n"));
    CHECK(tskl_exchange_held(exchange) < 10000);
}

TEST(exchange, cuts_a_head_that_is_too_long_at_a_line) {
    static char lines[TSKL_HEADERS_MAX + 100];
    memset(lines, 'x', sizeof lines);
    lines[1000] = '\n';
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(5, ALL, 100);
    CHECK(exchange);
    tskl_exchange_set_response(exchange, 0, 200, (tskl_slice){lines, sizeof lines});
    CHECK(exchange->response_headers.len == 1001);
    lines[1000] = 'x';
    tskl_exchange_set_response(exchange, 0, 200, (tskl_slice){lines, sizeof lines});
    CHECK(exchange->response_headers.len == 0);
}

TEST(exchange, tells_the_time_where_the_client_does_not) {
    int64_t before = tskl_clock_wall_us();
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(0, ALL, 100);
    CHECK(exchange && exchange->start_us >= before);
    tskl_exchange_set_response(exchange, 0, 200, TSKL_S(""));
    tskl_exchange_end(exchange, 0, TSKL_DONE, TSKL_S(""), TSKL_S(""));
    CHECK(exchange->first_byte_us >= exchange->start_us);
    CHECK(exchange->end_us >= exchange->first_byte_us);
}

TEST(exchange, never_goes_back_in_time) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(1000, ALL, 100);
    CHECK(exchange);
    tskl_exchange_set_response(exchange, 500, 200, TSKL_S(""));
    CHECK(exchange->first_byte_us == 1000);
    tskl_exchange_add_received(exchange, 2000, TSKL_S("a"));
    tskl_exchange_add_received(exchange, 1500, TSKL_S("b"));
    CHECK(exchange->received.arrival_count == 2);
    CHECK(exchange->received.arrivals[1].time_us == 2000);
    tskl_exchange_end(exchange, 700, TSKL_DONE, TSKL_S(""), TSKL_S(""));
    CHECK(exchange->end_us == 2000);
}

TEST(exchange, notes_when_each_part_of_a_stream_came) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(1, ALL, 5);
    CHECK(exchange);
    tskl_exchange_add_received(exchange, 10, TSKL_S("ab"));
    tskl_exchange_add_received(exchange, 20, TSKL_S(""));
    tskl_exchange_add_received(exchange, 30, TSKL_S("cdef"));
    tskl_exchange_add_received(exchange, 40, TSKL_S("ghi"));
    const tskl_arrival *arrivals = exchange->received.arrivals;
    CHECK(exchange->received.arrival_count == 2);
    CHECK(arrivals[0].upto == 2 && arrivals[0].time_us == 10);
    CHECK(arrivals[1].upto == 5 && arrivals[1].time_us == 30);
}

TEST(exchange, counts_late_parts_to_the_last_arrival_it_has_room_for) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(1, ALL, 100000);
    CHECK(exchange);
    for (int i = 0; i < 10000; i++) tskl_exchange_add_received(exchange, 10 + i, TSKL_S("a"));
    const tskl_body *body = &exchange->received;
    CHECK(body->arrival_count == TSKL_ARRIVALS_MAX);
    CHECK(body->arrivals[body->arrival_count - 1].upto == 10000);
    CHECK(body->arrivals[body->arrival_count - 1].time_us == 10009);
}

TEST(exchange, says_why_only_when_it_failed) {
    CLEANUP(free_exchange) tskl_exchange *failed = begin(1, 0, 0);
    CLEANUP(free_exchange) tskl_exchange *aborted = begin(1, 0, 0);
    CHECK(failed && aborted);
    tskl_exchange_end(failed, 2, TSKL_FAILED, TSKL_S("ECONNREFUSED"), TSKL_S("refused"));
    tskl_exchange_end(aborted, 2, TSKL_ABORTED, TSKL_S("x"), TSKL_S("y"));
    CHECK_TEXT(TSKL_S("ECONNREFUSED"), failed->error_code);
    CHECK_TEXT(TSKL_S("refused"), failed->error_message);
    CHECK(aborted->error_code.len == 0 && aborted->error_message.len == 0);
}

TEST(exchange, leaves_errno_alone) {
    errno = EDOM;
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(0, ALL, 1000);
    CHECK(exchange);
    tskl_exchange_add_sent(exchange, 0, TSKL_S("abc"));
    tskl_exchange_set_response(exchange, 0, 200, TSKL_S("a: 1\r\n"));
    tskl_exchange_add_received(exchange, 0, TSKL_S("abc"));
    tskl_exchange_end(exchange, 0, TSKL_FAILED, TSKL_S("a"), TSKL_S("b"));
    CHECK(errno == EDOM);
}

TEST(exchange, knows_what_it_holds) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin(0, ALL, 100000);
    CHECK(exchange);
    size_t empty = tskl_exchange_held(exchange);
    for (int i = 0; i < 1000; i++) tskl_exchange_add_received(exchange, 0, TSKL_S("0123456789"));
    CHECK(empty < 6000 && tskl_exchange_held(exchange) >= empty + 10000);
}
