// SPDX-License-Identifier: Apache-2.0
#include "exchange/view.h"
#include "harness.h"

enum { ALL = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM, CAP = 4096 };

/** One call, as a client reports it; what is left out is empty. */
typedef struct call {
    const char *method, *url, *headers, *body;
    int status;
    const char *response_headers, *response_body;
    tskl_ending ending;
    const char *code, *message;
} call;

static void free_exchange(tskl_exchange **exchange) {
    tskl_exchange_free(*exchange);
}

static tskl_exchange *report(const call *c) {
    tskl_request head = {.size = sizeof head,
                         .time_us = 1000,
                         .method = tskl_slice_of(c->method),
                         .url = tskl_slice_of(c->url),
                         .headers = tskl_slice_of(c->headers)};
    tskl_exchange *exchange = tskl_exchange_new(&head, ALL, CAP);
    if (!exchange) return NULL;
    tskl_exchange_add_sent(exchange, 1000, tskl_slice_of(c->body));
    if (c->status)
        tskl_exchange_set_response(exchange, 2000, c->status, tskl_slice_of(c->response_headers));
    tskl_exchange_add_received(exchange, 3000, tskl_slice_of(c->response_body));
    tskl_exchange_end(exchange, 4000, c->ending, tskl_slice_of(c->code), tskl_slice_of(c->message));
    return exchange;
}

TEST(view, shows_a_call_decoded_sorted_and_masked) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange = report(
        &(call){.method = "post",
                .url = "HTTPS://User:hunter22hunter22@API.Stripe.com/v1/charges?key=abcdefghijkl#x",
                .headers = "Content-Type: application/JSON; charset=utf-8\r\n"
                           "Authorization: Bearer sk_test_51Habcdefgh\r\n",
                .body = "{\"password\":\"open sesame\",\"amount\":5}",
                .status = 402,
                .response_headers = "content-type: application/json\r\n",
                .response_body = "{\"error\":{\"code\":\"card_declined\"}}"});
    tskl_view view;
    CHECK(exchange);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK_TEXT(TSKL_S("POST"), view.method);
    CHECK_TEXT(TSKL_S("https://api.stripe.com/v1/charges?key=***"), view.url);
    CHECK_TEXT(TSKL_S("https"), view.scheme);
    CHECK_TEXT(TSKL_S("api.stripe.com"), view.host);
    CHECK_TEXT(TSKL_S("/v1/charges"), view.path);
    CHECK(view.port == 443);
    CHECK_TEXT(TSKL_S("application/json"), view.request.content_type);
    CHECK_TEXT(TSKL_S("Bearer sk_test_***"),
               tskl_headers_get(&view.request.headers, TSKL_S("authorization")));
    CHECK_TEXT(TSKL_S("{\"password\":\"***\",\"amount\":5}"), view.request.body);
    CHECK_TEXT(TSKL_S("{\"error\":{\"code\":\"card_declined\"}}"), view.response.body);
    CHECK(view.request.body_kept && view.response.body_kept && !view.response.truncated);
    CHECK(view.request.passed == 37 && view.error_kind.len == 0);
    static const char *const secrets[] = {"hunter22hunter22", "abcdefghijkl", "51Habcdefgh",
                                          "open sesame"};
    for (size_t i = 0; i < TSKL_COUNT(secrets); i++)
        CHECK_ROW(i, tskl_secrets_in(&view.secrets, tskl_slice_of(secrets[i])));
}

TEST(view, has_a_path_where_the_url_has_none) {
    CLEANUP(free_exchange) tskl_exchange *exchange = report(&(call){.url = "http://[::1]:3000"});
    tskl_view view;
    CHECK(exchange);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK_TEXT(TSKL_S("/"), view.path);
    CHECK_TEXT(TSKL_S("[::1]"), view.host);
    CHECK(view.port == 3000);
}

TEST(view, has_a_url_in_one_form_however_a_client_writes_it) {
    static const struct {
        const char *written, *shown;
    } rows[] = {
        {"HTTPS://API.Example.com/Things", "https://api.example.com/Things"},
        {"https://a.example:443/x:443", "https://a.example/x:443"},
        {"http://a.example:80?x=1", "http://a.example?x=1"},
        {"http://[::1]:80", "http://[::1]"},
        {"http://a.example:443/", "http://a.example:443/"},
        {"https://a.example:8443/", "https://a.example:8443/"},
        {"/only/a/path:80", "/only/a/path:80"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange) tskl_exchange *exchange = report(&(call){.url = rows[i].written});
        tskl_view view;
        CHECK(exchange);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), view.url);
    }
}

TEST(view, keeps_no_body_that_it_cannot_decode) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange = report(&(call){.url = "http://a/",
                                             .status = 200,
                                             .response_headers = "content-encoding: gzip\r\n",
                                             .response_body = "plain"});
    tskl_view view;
    CHECK(exchange);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK(!view.response.body_kept && view.response.body.len == 0 && view.response.passed == 5);
}

TEST(view, takes_the_body_of_a_recording_as_it_is) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange = report(&(call){.url = "http://a/",
                                             .status = 200,
                                             .response_headers = "content-encoding: gzip\r\n",
                                             .response_body = "plain"});
    tskl_view view;
    CHECK(exchange);
    exchange->recorded_flags = TSKL_RECORDED_DECODED;
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK_TEXT(TSKL_S("plain"), view.response.body);
}

TEST(view, tells_an_error_only_without_a_response) {
    static const struct {
        call call;
        const char *kind, *code;
    } rows[] = {
        {{.url = "http://a/", .ending = TSKL_FAILED, .code = "ECONNREFUSED"},
         "connect",
         "ECONNREFUSED"},
        {{.url = "http://a/", .ending = TSKL_ABORTED}, "aborted", ""},
        {{.url = "http://a/", .status = 200, .ending = TSKL_FAILED, .code = "ECONNRESET"}, "", ""},
        {{.url = "http://a/", .status = 200}, "", ""},
        {{.url = "http://a/"}, "", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange) tskl_exchange *exchange = report(&rows[i].call);
        tskl_view view;
        CHECK(exchange);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].kind), view.error_kind);
        CHECK_TEXT(tskl_slice_of(rows[i].code), view.error_code);
    }
}

TEST(view, shows_no_body_that_found_no_connection) {
    static const struct {
        const char *code;
        size_t sent;
    } rows[] = {{"ECONNREFUSED", 0}, {"ENOTFOUND", 0}, {"CERT_HAS_EXPIRED", 0}, {"ECONNRESET", 8}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange)
        tskl_exchange *exchange = report(&(call){.url = "https://a.example/",
                                                 .body = "amount=1",
                                                 .ending = TSKL_FAILED,
                                                 .code = rows[i].code});
        tskl_view view;
        CHECK(exchange);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_ROW(i, view.request.passed == rows[i].sent);
        CHECK_ROW(i, view.request.body.len == rows[i].sent);
    }
}

TEST(view, masks_an_errors_message) {
    static const struct {
        const char *url, *message, *shown;
    } rows[] = {
        {"http://u:pw@a/?token=t1", "cannot fetch http://u:pw@a/?token=t1: refused",
         "cannot fetch http://a/?token=***: refused"},
        {"http://a/?token=abcdefgh", "at /?token=abcdefgh and abcdefgh", "at /?token=*** and ***"},
        {"http://a/?token=abcdefgh", "hex 6162636465666768", "hex ***"},
        {"", "nothing to hide", "nothing to hide"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange)
        tskl_exchange *exchange = report(&(call){
            .url = rows[i].url, .ending = TSKL_FAILED, .code = "E", .message = rows[i].message});
        tskl_view view;
        CHECK(exchange);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), view.error_message);
    }
}

TEST(view, cuts_a_long_message_at_a_character) {
    char message[2 * TSKL_VIEW_ERROR_MAX];
    for (size_t i = 0; i + 2 < sizeof message; i += 3) memcpy(message + i, "\xe2\x82\xac", 3);
    message[sizeof message - 3] = 0;
    CLEANUP(free_exchange)
    tskl_exchange *exchange =
        report(&(call){.url = "http://a/", .ending = TSKL_FAILED, .message = message});
    tskl_view view;
    CHECK(exchange);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK(view.error_message.len == TSKL_VIEW_ERROR_MAX / 3 * 3);
}

TEST(view, does_not_hide_what_its_url_shows) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange =
        report(&(call){.url = "https://api.twilio.com/2010-04-01/Accounts/AC0123456789/Calls.json",
                       .headers = "authorization: Basic QUMwMTIzNDU2Nzg5OmF1dGgtdG9rZW4tMTIz\r\n"});
    tskl_view view;
    CHECK(exchange);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK(!tskl_secrets_in(&view.secrets, view.path));
    CHECK(tskl_secrets_in(&view.secrets, TSKL_S("auth-token-123")));
}

TEST(view, hides_the_values_a_user_names_wherever_they_stand_in_a_url) {
    static const struct {
        const char *url, *shown;
    } rows[] = {
        {"https://a.com/v1/key/+1-2/x?y=key/+1-2", "https://a.com/v1/***/x?y=***"},
        {"https://a.com/v1/key%2F%2B1-2/x", "https://a.com/v1/***/x"},
        {"https://a.com/v1", "https://a.com/v1"},
    };
    tskl_slice values[] = {TSKL_S("key/+1-2"), TSKL_S("short")};
    tskl_mask_rules rules = {.values = values, .value_count = TSKL_COUNT(values)};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange) tskl_exchange *exchange = report(&(call){.url = rows[i].url});
        tskl_view view;
        CHECK(exchange);
        CHECK_OK(tskl_view_make(exchange, &rules, CAP, &view, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), view.url);
        CHECK(tskl_secrets_in(&view.secrets, TSKL_S("has key/+1-2 in it")));
        CHECK(!tskl_secrets_in(&view.secrets, TSKL_S("short")));
    }
}

TEST(view, reads_a_traceparent_that_is_valid) {
#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN "b7ad6b7169203331"
    static const struct {
        const char *header;
        bool valid;
    } rows[] = {
        {"traceparent: 00-" TRACE "-" SPAN "-01\r\n", true},
        {"traceparent: 00-" TRACE "-" SPAN "-00\r\n", true},
        {"traceparent: cc-" TRACE "-" SPAN "-01-what-comes-later\r\n", true},
        {"traceparent: 00-" TRACE "-" SPAN "-01-more\r\n", false},
        {"traceparent: cc-" TRACE "-" SPAN "-01x\r\n", false},
        {"traceparent: ff-" TRACE "-" SPAN "-01\r\n", false},
        {"traceparent: 0x-" TRACE "-" SPAN "-01\r\n", false},
        {"traceparent: 00-" TRACE "-" SPAN "-0g\r\n", false},
        {"traceparent: 00-" TRACE "-" SPAN "\r\n", false},
        {"traceparent: 00-00000000000000000000000000000000-" SPAN "-01\r\n", false},
        {"traceparent: 00-" TRACE "-0000000000000000-01\r\n", false},
        {"traceparent: 00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01\r\n", false},
        {"", false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange)
        tskl_exchange *exchange = report(&(call){.url = "http://a/", .headers = rows[i].header});
        tskl_view view;
        CHECK(exchange);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_ROW(i, tskl_slice_equal(view.trace_id, tskl_slice_of(rows[i].valid ? TRACE : "")));
        CHECK_ROW(i, tskl_slice_equal(view.span_id, tskl_slice_of(rows[i].valid ? SPAN : "")));
    }
}

TEST(view, cuts_a_stream_into_masked_events) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange =
        report(&(call){.url = "http://a/",
                       .status = 200,
                       .response_headers = "content-type: text/event-stream\r\n",
                       .response_body = "data: {\"api_key\":\"abcdef\"}\n\ndata: {\"x\":1}\n\n"});
    tskl_view view;
    tskl_chunks chunks;
    CHECK(exchange);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK_OK(tskl_view_chunks(&view, NULL, &chunks, &t->err));
    CHECK(chunks.count == 2 && chunks.items[0].time_us == 3000);
    CHECK_TEXT(TSKL_S("data: {\"api_key\":\"***\"}\n\n"), chunks.items[0].bytes);
    CHECK_TEXT(TSKL_S("data: {\"x\":1}\n\n"), chunks.items[1].bytes);
}

TEST(view, masks_a_secret_that_lies_across_a_cut) {
    static char body[20000];
    memset(body, ' ', sizeof body - 1);
    const char secret[] = "{\"password\":\"0123456789abcdef\"}";
    memcpy(body + 16384 - 20, secret, sizeof secret - 1);
    CLEANUP(free_exchange)
    tskl_exchange *exchange = NULL;
    tskl_request head = {.size = sizeof head, .url = TSKL_S("http://a/")};
    exchange = tskl_exchange_new(&head, ALL, sizeof body);
    CHECK(exchange);
    tskl_exchange_set_response(exchange, 0, 200, TSKL_S("content-type: application/json\r\n"));
    tskl_exchange_add_received(exchange, 0, tskl_slice_of(body));
    tskl_exchange_end(exchange, 0, TSKL_DONE, TSKL_S(""), TSKL_S(""));
    tskl_view view;
    tskl_chunks chunks;
    CHECK_OK(tskl_view_make(exchange, NULL, sizeof body, &view, &t->err));
    CHECK_OK(tskl_view_chunks(&view, NULL, &chunks, &t->err));
    CHECK(chunks.count == 2);
    CHECK(tskl_slice_ends(chunks.items[0].bytes, TSKL_S("\"***\"")));
    CHECK(tskl_slice_starts(chunks.items[1].bytes, TSKL_S("}")));
    CHECK(chunks.items[0].bytes.len + chunks.items[1].bytes.len == view.response.body.len);
}
