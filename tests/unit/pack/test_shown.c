// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/shown.h"

// One exchange: a card that was declined. Tests change what they are about.
typedef struct story {
    tskl_exchange exchange;
    tskl_header request_headers[2], response_headers[2];
    tskl_view view;
    tskl_pack pack;
    tskl_shown_call call;
    tskl_buf json;
} story;

static void story_end(story *s) {
    tskl_buf_deinit(&s->json);
}

static void story_begin(story *s) {
    *s = (story){
        .exchange = {.id = {"0199f0c2-0000-7000-8000-000000000001"},
                     .status = 402,
                     .start_us = 1790000000000999,
                     .first_byte_us = 1790000000180000,
                     .end_us = 1790000000184000},
        .request_headers = {{TSKL_S("accept"), TSKL_S("a")}, {TSKL_S("x-q"), TSKL_S("\"\\")}},
        .response_headers = {{TSKL_S("date"), TSKL_S("d")}, {TSKL_S("request-id"), TSKL_S("r")}},
        .view = {.method = TSKL_S("POST"),
                 .url = TSKL_S("https://api.stripe.com/v1/charges?a=1"),
                 .host = TSKL_S("api.stripe.com"),
                 .path = TSKL_S("/v1/charges"),
                 .request = {.body = TSKL_S("amount=2000"), .body_kept = true},
                 .response = {.body = TSKL_S("{\"a\": 1.00 }"), .body_kept = true}},
        .pack = {.request_body_wanted = true,
                 .response_body_wanted = true,
                 .environment_json = TSKL_S("{\"E\":\"e\"}"),
                 .configuration_json = TSKL_S("{\"c\":true}")},
        .call = {.method = TSKL_METHOD_POST},
    };
    s->view.exchange = &s->exchange;
    s->view.request.headers = (tskl_headers){s->request_headers, 2};
    s->view.response.headers = (tskl_headers){s->response_headers, 2};
    tskl_buf_init(&s->json, 64 * 1024);
}

static tskl_slice show(story *s) {
    tskl_buf_clear(&s->json);
    tskl_shown_add(&s->json, &s->pack, &s->view, &s->call);
    return tskl_buf_slice(&s->json);
}

#define STORY                                                                                      \
    CLEANUP(story_end) story s;                                                                    \
    story_begin(&s)

#define REQUEST                                                                                    \
    "{\"requestId\":\"0199f0c2-0000-7000-8000-000000000001\",\"request\":{"                        \
    "\"url\":\"https://api.stripe.com/v1/charges?a=1\",\"domain\":\"api.stripe.com\","             \
    "\"path\":\"/v1/charges\",\"method\":\"POST\","                                                \
    "\"headers\":[[\"accept\",\"a\"],[\"x-q\",\"\\\"\\\\\"]],\"body\":\"amount=2000\"}"
#define RESPONSE                                                                                   \
    ",\"response\":{\"status\":402,\"headers\":[[\"date\",\"d\"],[\"request-id\",\"r\"]]"
#define SETTINGS ",\"environment\":{\"E\":\"e\"},\"configuration\":{\"c\":true}"

TEST(shown, has_the_request_alone_before_the_answer) {
    STORY;
    s.call.method = TSKL_METHOD_PRE;
    s.view.error_kind = TSKL_S("timeout");
    s.view.response.truncated = true;
    CHECK_TEXT(TSKL_S(REQUEST SETTINGS ",\"time\":{\"start\":1790000000000}}"), show(&s));
}

TEST(shown, has_bodies_that_are_json_as_they_were_received) {
    STORY;
    s.call.context = TSKL_S("{\"n\":[1]}");
    s.call.attempt = 2;
    CHECK_TEXT(TSKL_S(REQUEST RESPONSE
                      ",\"body\":{\"a\": 1.00 }},\"context\":{\"n\":[1]}" SETTINGS
                      ",\"time\":{\"start\":1790000000000,\"end\":1790000000184},\"attempt\":2}"),
               show(&s));
}

TEST(shown, has_a_chunk_and_nothing_that_only_the_end_tells) {
    STORY;
    const tskl_chunk chunk = {TSKL_S("data: 1\n\n"), 1790000000181500};
    s.call = (tskl_shown_call){.method = TSKL_METHOD_CHUNK, .chunk = &chunk};
    s.view.response.truncated = true;
    CHECK_TEXT(TSKL_S(REQUEST RESPONSE
                      "},\"chunk\":\"ZGF0YTogMQoK\",\"done\":false" SETTINGS
                      ",\"time\":{\"start\":1790000000000,\"end\":1790000000181}}"),
               show(&s));
    s.call.chunk = NULL;
    CHECK_TEXT(TSKL_S(REQUEST RESPONSE
                      "},\"chunk\":\"\",\"done\":true" SETTINGS
                      ",\"time\":{\"start\":1790000000000,\"end\":1790000000184}}"),
               show(&s));
}

TEST(shown, has_the_error_where_there_was_no_response) {
    STORY;
    s.exchange.status = 0;
    s.view.error_kind = TSKL_S("connect");
    s.view.error_code = TSKL_S("ECONNREFUSED");
    s.view.error_message = TSKL_S("refused\n");
    CHECK_TEXT(TSKL_S(REQUEST ",\"error\":{\"kind\":\"connect\",\"code\":\"ECONNREFUSED\","
                              "\"message\":\"refused\\n\"}" SETTINGS
                              ",\"time\":{\"start\":1790000000000,\"end\":1790000000184}}"),
               show(&s));
}

// An output or another Pack may have had the body kept.
TEST(shown, has_the_body_of_an_error_alone_where_only_that_is_read) {
    static const struct {
        int status;
        bool errors_only, shown;
    } rows[] = {{200, true, false}, {399, true, false}, {400, true, true}, {200, false, true}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        STORY;
        s.exchange.status = rows[i].status;
        s.pack.errors_only = rows[i].errors_only;
        s.view.response.truncated = true;
        tskl_slice text = show(&s);
        CHECK_ROW(i,
                  (tskl_slice_search(text, TSKL_S("\"body\":\"{")) != SIZE_MAX) == rows[i].shown);
        CHECK_ROW(i,
                  (tskl_slice_search(text, TSKL_S("\"truncated\"")) != SIZE_MAX) == rows[i].shown);
    }
}

TEST(shown, has_only_bodies_that_are_granted_and_kept) {
    static const struct {
        bool request_wanted, response_wanted, request_kept, response_kept;
    } rows[] = {
        {false, false, true, true}, {true, false, true, true}, {false, true, true, true},
        {true, true, false, true},  {true, true, true, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        STORY;
        s.pack.request_body_wanted = rows[i].request_wanted;
        s.pack.response_body_wanted = rows[i].response_wanted;
        s.view.request.body_kept = rows[i].request_kept;
        s.view.response.body_kept = rows[i].response_kept;
        const tskl_json *root;
        CHECK_OK(tskl_json_parse(show(&s), t->arena, &root, &t->err));
        const tskl_json *request = tskl_json_get(root, TSKL_S("request"));
        const tskl_json *response = tskl_json_get(root, TSKL_S("response"));
        CHECK_ROW(i, !tskl_json_get(request, TSKL_S("body")) ==
                         !(rows[i].request_wanted && rows[i].request_kept));
        CHECK_ROW(i, !tskl_json_get(response, TSKL_S("body")) ==
                         !(rows[i].response_wanted && rows[i].response_kept));
    }
}

TEST(shown, has_a_body_that_is_not_json_as_a_string) {
    const struct {
        tskl_slice body, shown;
        bool truncated;
    } rows[] = {
        {TSKL_S("a=1"), TSKL_S("\"a=1\""), false},
        {TSKL_S(""), TSKL_S("\"\""), false},
        {TSKL_S("{\"a\":"), TSKL_S("\"{\\\"a\\\":\""), false},
        {TSKL_S("{\"a\":\"\xff\"}"), TSKL_S("\"{\\\"a\\\":\\\"\xef\xbf\xbd\\\"}\""), false},
        {TSKL_S("{}{}"), TSKL_S("\"{}{}\""), false},
        {TSKL_S("12"), TSKL_S("12"), false},
        {TSKL_S("12"), TSKL_S("\"12\""), true},
    };
    for (size_t i = 0; i < 2 * TSKL_COUNT(rows); i++) {
        STORY;
        s.view.response.body = rows[i / 2].body;
        s.view.response.truncated = rows[i / 2].truncated;
        // The same, whether it was written before or not.
        tskl_buf texts CLEANUP(tskl_buf_deinit) = {.cap = 4096};
        s.exchange.pack_wants = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY;
        if (i % 2) tskl_shown_prepare(&s.view, &texts);
        CHECK(i % 2 == 0 || s.view.response.shown.ptr);
        const tskl_json *root;
        CHECK_OK(tskl_json_parse(show(&s), t->arena, &root, &t->err));
        const tskl_json *response = tskl_json_get(root, TSKL_S("response"));
        CHECK_TEXT(rows[i / 2].shown, tskl_json_get(response, TSKL_S("body"))->raw);
    }
}

TEST(shown, says_which_of_the_bodies_it_shows_are_cut) {
    const struct {
        bool request, response, request_wanted;
        tskl_slice shown;
    } rows[] = {
        {true, true, true, TSKL_S("[\"request\",\"response\"]")},
        {true, false, true, TSKL_S("[\"request\"]")},
        {false, true, true, TSKL_S("[\"response\"]")},
        {true, true, false, TSKL_S("[\"response\"]")},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        STORY;
        s.view.request.truncated = rows[i].request;
        s.view.response.truncated = rows[i].response;
        s.pack.request_body_wanted = rows[i].request_wanted;
        const tskl_json *root;
        CHECK_OK(tskl_json_parse(show(&s), t->arena, &root, &t->err));
        CHECK_TEXT(rows[i].shown, tskl_json_get(root, TSKL_S("truncated"))->raw);
    }
}

TEST(shown, has_only_the_headers_a_pack_reads) {
    STORY;
    tskl_slice reads[] = {TSKL_S("response.body"), TSKL_S("request-id")};
    s.pack.manifest.reads = (tskl_texts){reads, 2};
    s.pack.header_filter = true;
    const tskl_json *root;
    CHECK_OK(tskl_json_parse(show(&s), t->arena, &root, &t->err));
    const tskl_json *request = tskl_json_get(root, TSKL_S("request"));
    const tskl_json *response = tskl_json_get(root, TSKL_S("response"));
    CHECK_TEXT(TSKL_S("[]"), tskl_json_get(request, TSKL_S("headers"))->raw);
    CHECK_TEXT(TSKL_S("[[\"request-id\",\"r\"]]"), tskl_json_get(response, TSKL_S("headers"))->raw);
}

TEST(shown, fails_its_buffer_where_it_does_not_fit) {
    STORY;
    s.json.cap = 100;
    show(&s);
    CHECK(s.json.failed);
}
