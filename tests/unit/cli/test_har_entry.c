// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "recording/har_entry.h"

#define PARSE(text, call)                                                                          \
    tskl_call call;                                                                                \
    CHECK_OK(tskl_har_entry_parse(TSKL_S(text), 1, t->arena, &call, &t->err))

TEST(har_entry, reads_what_a_browser_recorded) {
    PARSE(
        "{\"startedDateTime\":\"2026-09-21T14:13:20.000Z\",\"time\":184,"
        "\"request\":{\"method\":\"POST\",\"url\":\"https://api.stripe.com/v1/charges\","
        "\"headers\":[{\"name\":\":authority\",\"value\":\"api.stripe.com\"},"
        "{\"name\":\"Accept\",\"value\":\"*/*\"}],"
        "\"postData\":{\"mimeType\":\"text/plain\",\"text\":\"a=1\"}},"
        "\"response\":{\"status\":402,\"headers\":[{\"name\":\"request-id\",\"value\":\"req_1\"}],"
        "\"content\":{\"size\":2,\"mimeType\":\"application/json\",\"text\":\"{}\"},"
        "\"bodySize\":900},"
        "\"timings\":{\"blocked\":-1,\"dns\":10,\"connect\":20,\"ssl\":15,\"send\":0,"
        "\"wait\":150,\"receive\":4}}",
        call);
    CHECK_TEXT(TSKL_S("POST"), call.method);
    CHECK_TEXT(TSKL_S("https://api.stripe.com/v1/charges"), call.url);
    CHECK_TEXT(TSKL_S("Accept: */*\r\ncontent-type: text/plain\r\n"), call.request_headers);
    CHECK_TEXT(TSKL_S("a=1"), call.request_body);
    CHECK(call.status == 402 && call.ending == TSKL_DONE && call.part_count == 1);
    CHECK_TEXT(TSKL_S("request-id: req_1\r\n"), call.response_headers);
    CHECK_TEXT(TSKL_S("{}"), call.parts[0].bytes);
    CHECK(call.received == 900 && !call.response_truncated);
    CHECK(call.start_us == 1790000000000000 && call.first_byte_us == call.start_us + 180000);
    CHECK(call.end_us == call.start_us + 184000);
}

TEST(har_entry, takes_any_time_that_recorders_write) {
    static const struct {
        const char *times;
        int64_t first_byte_ms, end_ms;
    } rows[] = {
        {"\"time\":10", 10, 10},
        {"\"time\":-1,\"timings\":{\"send\":1,\"wait\":2,\"receive\":3}", 3, 6},
        {"\"time\":0,\"timings\":{\"send\":-1,\"wait\":-1,\"receive\":-1}", 0, 0},
        {"\"time\":5,\"timings\":{\"wait\":9,\"receive\":-3}", 5, 5},
        {"\"time\":null,\"timings\":[]", 0, 0},
        {"\"time\":\"12\",\"timings\":{\"wait\":\"9\"}", 9, 12},
        {"\"timings\":{\"wait\":1e300}", 31622400000, 31622400000},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(
            t->arena,
            "{\"startedDateTime\":\"nonsense\",%s,\"request\":{\"url\":\"http://a\"},"
            "\"response\":{\"status\":200}}",
            rows[i].times);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_ROW(i, call.start_us == 0);
        CHECK_ROW(i, call.first_byte_us == rows[i].first_byte_ms * 1000);
        CHECK_ROW(i, call.end_us == rows[i].end_ms * 1000);
    }
}

TEST(har_entry, knows_a_body_that_is_decoded_already) {
    static const struct {
        const char *coding, *body; // in base64
        bool decoded;
    } rows[] = {
        {"gzip", "H4sIAAAA", false}, {"gzip", "e30=", true},     {"br", "e30=", true},
        {"zstd", "KLUv/QA=", false}, {"zstd", "e30=", true},     {"deflate", "eJwDAA==", false},
        {"deflate", "e30=", true},   {"identity", "e30=", true}, {"br, gzip", "H4sIAAAA", false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(
            t->arena,
            "{\"request\":{\"url\":\"http://a\"},\"response\":{\"status\":200,\"headers\":"
            "[{\"name\":\"Content-Encoding\",\"value\":\"%s\"}],\"content\":"
            "{\"text\":\"%s\",\"encoding\":\"base64\"}}}",
            rows[i].coding, rows[i].body);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_ROW(i, call.decoded == rows[i].decoded);
    }
}

TEST(har_entry, tells_how_a_call_without_answer_ended) {
    static const struct {
        const char *response, *code, *message;
        tskl_ending ending;
    } rows[] = {
        {"{\"status\":0,\"_error\":\"net::ERR_CONNECTION_REFUSED\"}", "ECONNREFUSED",
         "net::ERR_CONNECTION_REFUSED", TSKL_FAILED},
        {"{\"status\":-1,\"_failureText\":\"net::ERR_ABORTED\"}", "ERR_ABORTED", "net::ERR_ABORTED",
         TSKL_ABORTED},
        {"{\"status\":0}", "", "no response was recorded", TSKL_FAILED},
        {"null", "", "no response was recorded", TSKL_FAILED},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        char *text = tskl_arena_printf(
            t->arena, "{\"request\":{\"url\":\"http://a\"},\"response\":%s}", rows[i].response);
        CHECK(text);
        CHECK_OK(tskl_har_entry_parse(tskl_slice_of(text), 1, t->arena, &call, &t->err));
        CHECK_ROW(i, call.status == 0 && call.ending == rows[i].ending);
        CHECK_TEXT(tskl_slice_of(rows[i].code), call.error_code);
        CHECK_TEXT(tskl_slice_of(rows[i].message), call.error_message);
    }
}

TEST(har_entry, reads_back_all_that_taskless_recorded) {
    PARSE("{\"startedDateTime\":\"2026-09-21T14:13:20.000123Z\",\"time\":10,"
          "\"request\":{\"method\":\"GET\",\"url\":\"https://a/\",\"bodySize\":0},"
          "\"response\":{\"status\":200,\"headers\":[{\"name\":\"content-encoding\","
          "\"value\":\"gzip\"}],\"content\":{\"text\":\"onetwothree\"}},"
          "\"_taskless\":{\"id\":\"0199f0c2-0000-7000-8000-000000000001\",\"ending\":\"aborted\","
          "\"error\":{\"code\":\"ECONNRESET\",\"message\":\"cut\"},\"start_us\":1790000000000123,"
          "\"first_byte_us\":1790000000005000,\"end_us\":1790000000010124,\"sent\":0,"
          "\"received\":77,\"truncated\":[\"response\"],\"decoded\":true,"
          "\"arrivals\":[[3,6000],[6,7000]]}}",
          call);
    CHECK_TEXT(TSKL_S("0199f0c2-0000-7000-8000-000000000001"), call.id);
    CHECK(call.ending == TSKL_ABORTED && call.decoded && call.response_truncated);
    CHECK(!call.request_truncated && call.received == 77);
    CHECK_TEXT(TSKL_S("ECONNRESET"), call.error_code);
    CHECK(call.start_us == 1790000000000123 && call.first_byte_us == 1790000000005000);
    CHECK(call.end_us == 1790000000010124 && call.part_count == 3);
    CHECK_TEXT(TSKL_S("two"), call.parts[1].bytes);
    CHECK(call.parts[1].time_us == call.start_us + 7000);
    CHECK_TEXT(TSKL_S("three"), call.parts[2].bytes);
    CHECK(call.parts[2].time_us == call.end_us);
}

TEST(har_entry, lets_no_value_smuggle_in_a_header) {
    PARSE("{\"request\":{\"url\":\"http://a\",\"headers\":[{\"name\":\"a\\r\\nb\",\"value\":\"1\"},"
          "{\"name\":\"set-cookie\",\"value\":\"x=1\\ny=2\\r\\n\\r\\nz: 3\"},"
          "{\"name\":\"e\",\"value\":\"\"},{\"name\":5},7]}}",
          call);
    CHECK_TEXT(TSKL_S("set-cookie: x=1\r\nset-cookie: y=2\r\nset-cookie: z: 3\r\ne: \r\n"),
               call.request_headers);
}

TEST(har_entry, makes_a_form_of_its_fields) {
    PARSE("{\"request\":{\"url\":\"http://a\",\"postData\":{\"mimeType\":"
          "\"application/x-www-form-urlencoded; charset=utf-8\",\"params\":["
          "{\"name\":\"a b\",\"value\":\"1&2\"},{\"name\":\"\\u00e9\"}]}}}",
          call);
    CHECK_TEXT(TSKL_S("a+b=1%262&%C3%A9="), call.request_body);
}

TEST(har_entry, names_line_and_member_at_fault) {
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"{\"request\": {\n\"method\": }}", "line 41: a value is missing"},
        {"[]", "line 40: an entry is no object"},
        {"{}", "line 40: the entry has no request"},
        {"{\n\"request\": {}}", "line 41: request.url is missing"},
        {"{\n\"request\": {\"url\":null}}", "line 41: request.url is missing"},
        {"{\"request\":{\n\"url\":\"http://a/\\u0000b\"}}", "line 41: request.url has a control"},
        {"{\"request\":{\"url\":\"http://a/\\u001b[2J\"}}", "request.url has a control"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        tskl_status status =
            tskl_har_entry_parse(tskl_slice_of(rows[i].text), 40, t->arena, &call, &t->err);
        CHECK_ROW(i, status == TSKL_ERR_SYNTAX || status == TSKL_ERR_INVALID);
        CHECK_HAS(t->err.message, rows[i].message);
    }
}
