// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "guest.h"

// What the host was asked for last, and what it answers.
static struct {
    tskl_sandbox_call asked;
    tskl_outcome_kind kind;
    size_t count;
    int64_t takes_us;
    bool answers_nothing;
} desk;

static void answer(void *user, tskl_sandbox_call *call) {
    desk.count++;
    desk.asked = *call;
    tskl_arena_copy(user, call->url, &desk.asked.url);
    tskl_arena_copy(user, call->method, &desk.asked.method);
    tskl_arena_copy(user, call->headers, &desk.asked.headers);
    tskl_arena_copy(user, call->body, &desk.asked.body);
    atomic_fetch_add(&tskl_clock_advanced_us, desk.takes_us);
    call->status = 404;
    call->response_headers = TSKL_S("Content-Type: text/plain\r\nset-cookie: a\r\nSet-Cookie:b\r\n"
                                    "no header\r\nX-Odd: \"\xff\r\n");
    if (!desk.answers_nothing) call->response_body = TSKL_S("no such thing");
    call->kind = desk.kind;
    memcpy(call->detail, "no way", 7);
}

static tskl_outcome ask(tskl_test *t, tskl_module *module, const char *hook, const char *request,
                        tskl_slice *output) {
    tskl_sandbox_host host = guest_host(t);
    host.http_request = answer;
    return guest_call_host(t, module, &host, hook, tskl_slice_of(request), output);
}

TEST(http, hands_a_request_over_and_its_answer_back) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "requests");
    tskl_slice output;
    CHECK(module);
    const char *request = "{\"url\":\"https://a.example/x\",\"method\":\"post\","
                          "\"headers\":{\"X-A\":\"1\",\"b\":\"\"}}";
    CHECK(ask(t, module, "posts", request, &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("no such thing"), output);
    CHECK_TEXT(TSKL_S("https://a.example/x"), desk.asked.url);
    CHECK_TEXT(TSKL_S("POST"), desk.asked.method);
    CHECK_TEXT(TSKL_S("X-A: 1\r\nb: \r\n"), desk.asked.headers);
    CHECK_TEXT(TSKL_S("hi"), desk.asked.body);
    CHECK(desk.asked.timeout_ms == guest_limits.wall_ms && desk.asked.status == 0);
    CHECK(ask(t, module, "asks", "{\"url\":\"http://b\",\"method\":null}", &output).kind ==
          TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("GET"), desk.asked.method);
    CHECK(desk.asked.body.len == 0 && desk.asked.headers.len == 0);
}

TEST(http, tells_status_and_headers_of_the_last_answer_of_a_hook) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "requests");
    tskl_slice output;
    uint64_t number = 1;
    CHECK(module);
    CHECK(ask(t, module, "headers", "{\"url\":\"http://b\"}", &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("{\"content-type\":\"text/plain\",\"set-cookie\":\"a, b\","
                      "\"x-odd\":\"\\\"\xef\xbf\xbd\"}"),
               output);
    CHECK(ask(t, module, "headers_of_none", "", &output).kind == TSKL_OUTCOME_OK);
    memcpy(&number, output.ptr, output.len);
    CHECK(output.len == 8 && number == 0);
    tskl_sandbox_host host = guest_host(t);
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    host.http_request = answer;
    CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
    for (int hook = 0; hook < 2; hook++) {
        tskl_slice input = TSKL_S("{\"url\":\"http://b\"}");
        CHECK(tskl_instance_call(instance, "status", input, t->arena, &output).kind ==
              TSKL_OUTCOME_OK);
        memcpy(&number, output.ptr, output.len);
        CHECK(output.len == 8 && number == 404); // and 0 before
    }
    desk.answers_nothing = true; // or the answer would get the block of the request
    tskl_outcome outcome = ask(t, module, "keeps_no_handle", "{\"url\":\"http://b\"}", &output);
    desk.answers_nothing = false;
    CHECK(outcome.kind == TSKL_OUTCOME_OK);
    memcpy(&number, output.ptr, output.len);
    CHECK(number == 1);
}

TEST(http, makes_no_request_that_it_does_not_understand) {
    static const struct {
        const char *request, *detail;
    } rows[] = {
        {"[]", "it is no object"},
        {"{\"url\":1}", "its url is none"},
        {"{\"method\":\"GET\"}", "its url is none"},
        {"{\"url\":\"http://a\\r\\nb\"}", "its url is none"},
        {"{\"url\":\"http://a\",\"methods\":\"GET\"}", "unknown member \"methods\""},
        {"{\"url\":\"http://a\",\"method\":\"G T\"}", "its method is none"},
        {"{\"url\":\"http://a\",\"method\":3}", "its method is none"},
        {"{\"url\":\"http://a\",\"headers\":[]}", "its headers are no object"},
        {"{\"url\":\"http://a\",\"headers\":{\"a\":1}}", "its header \"a\" cannot be sent"},
        {"{\"url\":\"http://a\",\"headers\":{\"a\":\"b\\r\\nc: d\"}}", "\"a\" cannot be sent"},
        {"{\"url\":\"http://a\",\"headers\":{\"a\\nb\":\"c\"}}", "cannot be sent"},
        {"{\"url\":\"http://a\",\"header\":{\"a: b\":\"c\"}}", "\"a: b\" cannot be sent"},
        {"{", "http_request: "},
        {"", "0 is not a handle"},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "requests");
    CHECK(module);
    size_t count = desk.count;
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = ask(t, module, "asks", rows[i].request, &output);
        CHECK_ROW(i, outcome.kind == TSKL_OUTCOME_ABI);
        CHECK_SAY(outcome.detail.ptr && strstr(outcome.detail.ptr, rows[i].detail),
                  "%zu: \"" TSKL_FMT "\"", i, TSKL_ARG(outcome.detail));
    }
    tskl_slice output;
    CHECK(ask(t, module, "forges_body", "{\"url\":\"http://a\"}", &output).kind ==
          TSKL_OUTCOME_ABI);
    CHECK(desk.count == count);
}

TEST(http, names_the_host_that_is_not_allowed) {
    static const struct {
        const char *request, *detail;
    } rows[] = {
        {"{\"url\":\"https://u:p@a.example:8443/x@y?z\"}",
         "http_request to a.example:8443 is not allowed"},
        {"{\"url\":\"\"}", "http_request is not allowed"},
        {"", "http_request is not allowed"},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "requests");
    CHECK(module);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome =
            guest_call(t, module, "asks", tskl_slice_of(rows[i].request), &output);
        CHECK_ROW(i, outcome.kind == TSKL_OUTCOME_REFUSED);
        CHECK_TEXT(tskl_slice_of(rows[i].detail), outcome.detail);
    }
}

TEST(http, ends_a_hook_whose_request_failed_or_whose_requests_take_too_long) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "requests");
    tskl_slice output;
    CHECK(module);
    desk.kind = TSKL_OUTCOME_ERROR;
    tskl_outcome outcome = ask(t, module, "asks", "{\"url\":\"http://a\"}", &output);
    desk.kind = TSKL_OUTCOME_OK;
    CHECK(outcome.kind == TSKL_OUTCOME_ERROR);
    CHECK_TEXT(TSKL_S("no way"), outcome.detail);
    desk.count = 0;
    desk.takes_us = guest_limits.wall_ms * 1000 / 4;
    tskl_slice request = TSKL_S("{\"url\":\"http://a\"}");
    tskl_sandbox_host host = guest_host(t);
    host.http_request = answer;
    outcome = guest_call_host(t, module, &host, "asks_without_end", request, &output);
    desk.takes_us = 0;
    CHECK(outcome.kind == TSKL_OUTCOME_TIME);
    CHECK_TEXT(TSKL_S("its requests took more than 1000 ms"), outcome.detail);
    CHECK(desk.count >= 2 && desk.count <= 4);
}
