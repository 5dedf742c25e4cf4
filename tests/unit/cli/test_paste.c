// SPDX-License-Identifier: Apache-2.0
#include "explain/marks.h"
#include "harness.h"
#include "recording/paste.h"

TEST(paste, knows_each_form_by_its_looks) {
    static const struct {
        const char *text, *url;
        int given, status;
        size_t count;
        bool recording;
    } rows[] = {
        {"\xef\xbb\xbf HTTP/1.1 402 No\n\n{}", "", 0, 402, 1, false},
        {"{\"error\":{\"code\":\"x\"}}", "", 0, 400, 1, false},
        {"{\"error\":{\"code\":429}}", "", 0, 429, 1, false},
        {"{\"status\":\"422\",\"message\":\"\"}", "", 0, 422, 1, false},
        {"{\"status\":\"422\"}", "", 403, 403, 1, false},
        {"[{\"errorCode\":\"x\"}]", "", 0, 400, 1, false},
        {"Service Unavailable", "", 503, 503, 1, false},
        {"{\"request\":{\"url\":\"http://a/\"},\"response\":{\"status\":500}}", "http://a/", 0, 500,
         1, false},
        // A body may speak of a request too.
        {"{\"request\":{\"url\":\"http://a/\"},\"code\":404}", "", 0, 404, 1, false},
        {"[{\"request\":{\"url\":\"http://a\"},\"response\":{\"status\":500}}]", "http://a/", 0,
         500, 1, true},
        {"{\"request\":{\"url\":\"http://a\"},\"response\":{\"status\":500}}\n{\"request\":\n",
         "http://a/", 0, 500, 1, true},
        {"{\"log\":{\"entries\":[{\"request\":{\"url\":\"http://a/\"}},"
         "{\"request\":{\"url\":\"data:x\"}}]}}",
         "http://a/", 0, 0, 1, true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_paste paste;
        CHECK_OK(
            tskl_paste_read(tskl_slice_of(rows[i].text), rows[i].given, t->arena, &paste, &t->err));
        CHECK_ROW(i, paste.count == rows[i].count && paste.recording == rows[i].recording);
        CHECK_SAY(paste.items->item.call.status == rows[i].status, "row %zu: %d", i,
                  paste.items->item.call.status);
        CHECK_TEXT(tskl_slice_of(rows[i].url), paste.items->item.call.url);
    }
}

TEST(paste, says_what_is_missing) {
    static const char *const rows[][2] = {
        {" \n", "there is nothing to explain"},
        {"hello", "there is no HTTP response in the text"},
        {"{\"error\":\n]", "line 2"},
        {"{\"request\":{},\"response\":{}}", "line 1: request.url is missing"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_paste paste;
        CHECK_ROW(i, tskl_paste_read(tskl_slice_of(rows[i][0]), 0, t->arena, &paste, &t->err));
        CHECK_HAS(t->err.message, rows[i][1]);
    }
}

TEST(paste, names_what_of_a_recording_is_bad_and_reads_the_rest) {
    static const struct {
        const char *text, *message;
        size_t count, number;
    } rows[] = {
        {"{\"log\":{\"entries\":[{},{\"request\":{\"url\":\"http://a/\"}}]}}",
         "line 1: the entry has no request", 1, 1},
        {"{\"log\":{\"entries\":[{\"request\":{\"url\":\"http://a/?key=secretsecret\\u0000\"}},\n"
         "{\"request\":{\"url\":\"http://b/\"}}]}}",
         "http://a/?key=***: line 1: request.url has a control character", 1, 1},
        {"{\"log\":{\"entries\":[{\"request\":{\"url\":\"http://a/\"},\"response\":{}},",
         "line 1: the file ends too early", 1, 0},
        {"{\"v\":1,\"url\":\"http://a/\",\"ending\":\"done\"}\n"
         "{\"v\":9,\"url\":\"http://a/\",\"ending\":\"done\"}",
         "line 2: a record of version 9", 1, 2},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_paste paste;
        CHECK_OK(tskl_paste_read(tskl_slice_of(rows[i].text), 0, t->arena, &paste, &t->err));
        CHECK_SAY(paste.count == rows[i].count && paste.faults && !paste.faults->next, "row %zu",
                  i);
        CHECK_ROW(i, paste.faults->number == rows[i].number);
        CHECK_HAS(paste.faults->err.message, rows[i].message);
    }
}

TEST(marks, are_headers_and_members_with_or_without_a_value) {
    static const struct {
        const char *mark;
        bool borne;
    } rows[] = {
        {"header stripe-version", true},
        {"header Request-Id: req_", true},
        {"header request-id: r_", false},
        {"header stripe", false},
        {"body error.type", true},
        {"body error.type: card_", true},
        {"body error.type: x", false},
        {"body error.param: null", true},
        {"body error.type.deeper", false},
        {"body error.count: 2", true},
        {"body type", false},
    };
    const tskl_json *body;
    tskl_call call = {.response_headers = TSKL_S("Stripe-Version: 1\r\nrequest-id: req_1\r\n")};
    CHECK_OK(tskl_json_parse(
        TSKL_S("{\"error\": {\"type\": \"card_error\", \"param\": null, \"count\": 2}}"), t->arena,
        &body, &t->err));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice mark = tskl_slice_of(rows[i].mark);
        CHECK_ROW(i, tskl_marks_count(&(tskl_texts){&mark, 1}, &call, body) == rows[i].borne);
    }
}
