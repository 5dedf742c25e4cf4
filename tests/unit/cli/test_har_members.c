// What of an entry cannot be read is left out and said; the call stays.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "recording/har_entry.h"

#define REQUEST "\"request\":{\"url\":\"http://a/\"}"

/** What is noted of a call, or "". */
static const char *noted(const tskl_call *call) {
    return call->problems ? call->problems->what : "";
}

TEST(har_members, cost_only_themselves) {
    static const struct {
        const char *text, *note, *value;
        int status;
    } rows[] = {
        {"{" REQUEST ",\"response\":{\"status\":\"404\"}}", "", "", 404},
        {"{" REQUEST ",\"response\":{\"status\":\" 404 \"}}", "", "", 404},
        {"{" REQUEST ",\"response\":{\"status\":404.0}}", "", "", 404},
        {"{" REQUEST ",\"response\":{\"status\":null}}", "", "", 0},
        {"{" REQUEST ",\"response\":{\"status\":\"\"}}", "", "", 0},
        {"{" REQUEST ",\"response\":{\"status\":\"many\"}}", "response.status is not", "many", 0},
        {"{" REQUEST ",\"response\":{\"status\":1000}}", "response.status is not", "1000", 0},
        {"{" REQUEST ",\"response\":{\"status\":{}}}", "response.status is not", "{}", 0},
        {"{" REQUEST ",\"response\":[]}", "response is not an object", "", 0},
        {"{" REQUEST ",\"time\":\"long\",\"response\":{\"status\":200}}", "time is not", "long",
         200},
        {"{" REQUEST ",\"time\":null,\"timings\":{\"wait\":\"NaN\",\"send\":\"\"},"
         "\"response\":{\"status\":200}}",
         "", "", 200},
        {"{" REQUEST ",\"timings\":{\"wait\":true},\"response\":{\"status\":200}}", "timings has",
         "true", 200},
        {"{" REQUEST ",\"startedDateTime\":\"noon\",\"response\":{\"status\":200}}",
         "startedDateTime is not a time", "noon", 200},
        {"{" REQUEST ",\"response\":{\"status\":200,\"content\":{\"text\":\"(cut)\",\"encoding\":"
         "\"base64\"}}}",
         "a body is not the base64", "", 200},
        {"{\"request\":{\"url\":\"http://a\",\"postData\":{\"text\":\"a\",\"_encoding\":"
         "\"base64\"}},\"response\":{\"status\":200}}",
         "a body is not the base64", "", 200},
        {"{" REQUEST ",\"response\":{\"status\":200,\"content\":{\"text\":\"ab\"}},\"_taskless\":"
         "{\"arrivals\":[[2,1],[1,2]]}}",
         "_taskless.arrivals is damaged", "", 200},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(rows[i].text), 1, t->arena, &call, &t->err));
        CHECK_SAY(call.status == rows[i].status, "row %zu: %d", i, call.status);
        CHECK_TEXT(TSKL_S("http://a/"), call.url);
        CHECK_SAY(!strncmp(noted(&call), rows[i].note, strlen(rows[i].note)), "row %zu: %s", i,
                  noted(&call));
        CHECK_SAY(!rows[i].note[0] == !call.problems, "row %zu: %s", i, noted(&call));
        if (call.problems) CHECK_TEXT(tskl_slice_of(rows[i].value), call.problems->value);
    }
}

TEST(har_members, are_read_in_every_form) {
    static const struct {
        const char *content, *body;
    } rows[] = {
        {"\"text\":\"eyJhIjoxfQ\",\"encoding\":\"base64\"", "{\"a\":1}"},
        {"\"text\":\"eyJh\\nIjoxfQ==\",\"encoding\":\"Base64\"", "{\"a\":1}"},
        {"\"text\":\"Pz8_-_8\",\"encoding\":\"base64\"", "?\x3f?\xfb\xff"},
        {"\"text\":{\"a\":1}", "{\"a\":1}"},
        {"\"text\":[1, 2]", "[1, 2]"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(
            t->arena, "{" REQUEST ",\"response\":{\"status\":200,\"content\":{%s}}}",
            rows[i].content);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_SAY(call.part_count == 1 && !call.problems, "row %zu", i);
        CHECK_TEXT(tskl_slice_of(rows[i].body), call.parts[0].bytes);
    }
}

TEST(har_members, tell_of_a_failure_beside_a_status) {
    static const struct {
        const char *members, *code; // of response, then of the entry
        int status;
        tskl_ending ending;
    } rows[] = {
        {"\"status\":200,\"_error\":\"net::ERR_HTTP2_PROTOCOL_ERROR\"}", "ERR_HTTP2_PROTOCOL_ERROR",
         200, TSKL_FAILED},
        {"\"status\":200,\"_error\":\"net::ERR_ABORTED\"}", "ERR_ABORTED", 200, TSKL_ABORTED},
        {"\"status\":206},\"_error\":{\"code\":\"ECONNRESET\",\"message\":\"cut\"}", "ECONNRESET",
         206, TSKL_FAILED},
        {"\"status\":0,\"_error\":{\"errorText\":\"net::ERR_CONNECTION_REFUSED\"}}", "ECONNREFUSED",
         0, TSKL_FAILED},
        {"\"status\":200,\"_error\":null}", "", 200, TSKL_DONE},
        {"\"status\":200,\"_error\":\"\"}", "", 200, TSKL_DONE},
        {"\"status\":200},\"_wasAborted\":true", "", 200, TSKL_ABORTED},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(t->arena, "{" REQUEST ",\"response\":{%s}", rows[i].members);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_SAY(call.status == rows[i].status && call.ending == rows[i].ending, "row %zu: %d", i,
                  (int)call.ending);
        CHECK_TEXT(tskl_slice_of(rows[i].code), call.error_code);
    }
}

TEST(har_members, tell_what_came_out_of_a_cache) {
    static const struct {
        const char *method, *members;
        bool nothing, body;
        uint64_t received;
    } rows[] = {
        {"GET", "\"status\":304,\"content\":{\"size\":9,\"text\":\"from disk\"},\"bodySize\":0}",
         false, false, 0},
        {"HEAD", "\"status\":200,\"content\":{\"text\":\"x\"},\"bodySize\":7}", false, false, 0},
        {"GET",
         "\"status\":200,\"content\":{\"text\":\"x\"},\"bodySize\":9},\"_fromCache\":\"disk\"",
         true, true, 0},
        {"GET", "\"status\":200,\"content\":{\"text\":\"x\"},\"_transferSize\":0}", true, true, 0},
        {"GET", "\"status\":200,\"content\":{\"text\":\"x\"}},\"_fetchType\":\"Memory Cache\"",
         true, true, 0},
        {"GET",
         "\"status\":200,\"content\":{\"text\":\"x\"},\"bodySize\":0},\"cache\":"
         "{\"afterRequest\":{}}",
         true, true, 0},
        {"GET", "\"status\":200,\"content\":{\"text\":\"x\"},\"bodySize\":0}", false, true, 0},
        {"GET",
         "\"status\":200,\"content\":{\"text\":\"x\"},\"bodySize\":\"77\",\"_transferSize\":99}",
         false, true, 77},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(
            t->arena, "{\"request\":{\"method\":\"%s\",\"url\":\"http://a/\"},\"response\":{%s}",
            rows[i].method, rows[i].members);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_SAY(call.nothing_received == rows[i].nothing && call.received == rows[i].received,
                  "row %zu: %llu", i, (unsigned long long)call.received);
        CHECK_ROW(i, call.part_count == (rows[i].body ? 1 : 0));
    }
}

TEST(har_members, give_the_url_that_clients_report) {
    static const char *const rows[][2] = {
        {"http://a", "http://a/"},         {"https://a:8443", "https://a:8443/"},
        {"http://a?b=c", "http://a/?b=c"}, {"http://a#b", "http://a/#b"},
        {" http://a/b ", "http://a/b"},    {"data:x", "data:x"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(t->arena, "{\"request\":{\"url\":\"%s\"}}", rows[i][0]);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i][1]), call.url);
    }
}

TEST(har_members, tell_the_type_of_a_body_once) {
    static const char *const rows[][2] = {
        {"", "content-type: a/b\r\n"},
        {"{\"name\":\"x\",\"value\":\"1\"}", "x: 1\r\ncontent-type: a/b\r\n"},
        {"{\"name\":\"Content-Type\",\"value\":\"c/d\"}", "Content-Type: c/d\r\n"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(
            t->arena,
            "{\"request\":{\"url\":\"http://a/\",\"headers\":[%s],\"postData\":{\"mimeType\":"
            "\"a/b\\nx: y\",\"text\":\"z\"}}}",
            rows[i][0]);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i][1]), call.request_headers);
    }
}

TEST(har_members, take_headers_as_an_object) {
    tskl_call call;
    CHECK_OK(tskl_har_entry_parse(
        TSKL_S(
            "{\"request\":{\"url\":\"http://a/\",\"headers\":{\"A\":\"b\",\"n\":5,\":path\":\"/\"}}}"),
        1, t->arena, &call, &t->err));
    CHECK_TEXT(TSKL_S("A: b\r\nn: 5\r\n"), call.request_headers);
}
