// SPDX-License-Identifier: Apache-2.0
#include "case/case.h"
#include "harness.h"

#define READ(text, case_)                                                                          \
    tskl_case case_;                                                                               \
    CHECK_OK(tskl_case_read("a.json", TSKL_S(text), t->arena, &case_, &t->err))

TEST(case, reads_a_story) {
    READ("{\"about\": \"A card.\", \"packs\": [\"core\", \"stripe\"],"
         "\"configuration\": {\"stripe\": {\"x\": 1}},"
         "\"id\": \"0199f0c2-0000-7000-8000-000000000001\","
         "\"time\": {\"start\": 1790000000000, \"first_byte\": 1790000000180.5},"
         "\"request\": {\"method\": \"POST\", \"url\": \"https://a/\","
         "\"headers\": {\"a\": \"1\", \"b\": \"\"}, \"body\": \"x=1\"},"
         "\"response\": {\"status\": 402, \"headers\": [[\"c\", \"1\"], [\"c\", \"2\"]],"
         "\"body\": {\"error\": {\"n\": [1.0, true, null]}}},"
         "\"expect\": {\"captures\": {\"stripe/a\": 1}}}",
         story);
    const tskl_call *call = &story.call;
    CHECK(story.packs.count == 2 && story.captures && !story.record);
    CHECK_TEXT(TSKL_S("a: 1\r\nb: \r\n"), call->request_headers);
    CHECK_TEXT(TSKL_S("x=1"), call->request_body);
    CHECK(call->status == 402 && call->ending == TSKL_DONE && call->part_count == 1);
    CHECK_TEXT(TSKL_S("c: 1\r\nc: 2\r\n"), call->response_headers);
    CHECK_TEXT(TSKL_S("{\"error\":{\"n\":[1,true,null]}}"), call->parts[0].bytes);
    CHECK(call->start_us == 1790000000000000 && call->first_byte_us == 1790000000180500);
    CHECK(call->end_us == call->first_byte_us + 20000);
}

TEST(case, needs_little) {
    READ("{\"about\": \"x\", \"request\": {\"url\": \"https://a/\"}, \"error\": {\"code\": \"E\"},"
         "\"expect\": {\"record\": {}}}",
         story);
    CHECK_TEXT(TSKL_S("GET"), story.call.method);
    CHECK_TEXT(TSKL_S("00000000-0000-7000-8000-000000000000"), story.call.id);
    CHECK(story.call.start_us == 1767225600000000 && story.call.status == 0);
    CHECK(story.call.ending == TSKL_FAILED && story.record);
}

TEST(case, receives_a_stream_piece_by_piece) {
    READ("{\"about\": \"x\", \"request\": {\"url\": \"https://a/\"}, \"time\": {\"start\": 1000},"
         "\"response\": {\"body\": {\"chunks\": [\"one\", {\"base64\": \"AAE=\"}]}},"
         "\"ending\": \"aborted\", \"expect\": {\"captures\": {}}}",
         story);
    const tskl_call *call = &story.call;
    CHECK(call->status == 200 && call->part_count == 2 && call->ending == TSKL_ABORTED);
    CHECK_TEXT(TSKL_S("one"), call->parts[0].bytes);
    CHECK_TEXT(TSKL_S("\0\1"), call->parts[1].bytes);
    CHECK(call->parts[0].time_us == 1110000 && call->parts[1].time_us == call->end_us);
}

TEST(case, goes_over_a_wire_as_it_says) {
    READ(
        "{\"about\": \"a\", \"packs\": [\"core\"], \"request\": {\"url\": \"https://a/\","
        "\"body\": {\"repeat\": [\"ab\", 5]}}, \"response\": {},"
        "\"wire\": {\"http\": \"1.0\", \"framing\": \"close\", \"head\": {\"base64\": \"YTogYg==\"},"
        "\"times\": 3, \"then\": \"b\"}, \"expect\": {\"captures\": {}}}",
        story);
    CHECK_TEXT(TSKL_S("ababa"), story.call.request_body);
    CHECK_TEXT(TSKL_S("1.0"), story.wire.http);
    CHECK_TEXT(TSKL_S("a: b"), story.wire.head);
    CHECK_TEXT(TSKL_S("b"), story.wire.then);
    CHECK(story.wire.framing == TSKL_FRAMED_BY_CLOSE && story.wire.times == 3);
    CHECK(story.wire.fault == TSKL_FAULT_NONE);
}

TEST(case, breaks_below_http_by_its_code) {
    READ("{\"about\": \"a\", \"packs\": [\"core\"], \"request\": {\"url\": \"https://a/\"},"
         "\"error\": {\"code\": \"ETIMEDOUT\"}, \"expect\": {\"captures\": {}}}",
         story);
    CHECK(story.wire.fault == TSKL_FAULT_SILENT && story.wire.times == 1);
    CHECK_TEXT(TSKL_S("1.1"), story.wire.http);
}

TEST(case, names_what_is_wrong) {
    static const char *const rows[][2] = {
        {"", "a.json: line 1"},
        {"[]", "a.json:1: expected an object, not an array"},
        {"{\"abuot\": \"x\"}", "a.json:1: unknown key 'abuot', did you mean 'about'?"},
        {"{\"about\": \"x\",\n\"about\": \"y\"}", "'about' is given twice"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\"}}", "'expect' is missing"},
        {"{\"about\": \"x\", \"request\": {}, \"expect\": {\"record\": {}}}", "'url' is missing"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\"}, \"expect\": {}}",
         "expect: needs captures, record or paths"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\"}, \"response\": {\n\"status\": 42}}",
         "a.json:2: response.status: expected a whole number from 100 to 999"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\", \"headers\": {\"a\": 1}},"
         "\"expect\": {\"record\": {}}}",
         "request.headers.a: expected a string, not a number"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\", \"headers\": [[\"a\", \"1\\n2\"]]},"
         "\"expect\": {\"record\": {}}}",
         "request.headers[0]: is no header"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\"}, \"response\": {\"body\": "
         "{\"base64\": \"!\"}}, \"expect\": {\"record\": {}}}",
         "response.body: is damaged base64"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\"}, \"time\": {\"end\": 5},"
         "\"expect\": {\"record\": {}}}",
         "end: is earlier than what it follows"},
        {"{\"about\": \"x\", \"request\": {\"url\": \"u\"}, \"ending\": \"dnoe\"}",
         "ending: \"dnoe\" is none of done, aborted, failed, did you mean 'done'?"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_case story;
        tskl_status status =
            tskl_case_read("a.json", tskl_slice_of(rows[i][0]), t->arena, &story, &t->err);
        CHECK_ROW(i, status == TSKL_ERR_INVALID || status == TSKL_ERR_SYNTAX);
        CHECK_HAS(t->err.message, rows[i][1]);
    }
}
