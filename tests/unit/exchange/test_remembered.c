// What of an exchange is remembered as secret, in which order, and where it is hidden.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "exchange/view.h"
#include "harness.h"
#include <stdio.h>

enum { ALL = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY, CAP = 4096 };

#define FORM "content-type: application/x-www-form-urlencoded\r\n"

static void free_exchange(tskl_exchange **exchange) {
    tskl_exchange_free(*exchange);
}

static tskl_exchange *begin(const char *url, const char *headers, unsigned wants) {
    tskl_request head = {.size = sizeof head,
                         .time_us = 1000,
                         .method = TSKL_S("POST"),
                         .url = tskl_slice_of(url),
                         .headers = tskl_slice_of(headers)};
    return tskl_exchange_new(&head, wants, CAP);
}

static void end(tskl_exchange *exchange, const char *response_headers, const char *message) {
    if (response_headers)
        tskl_exchange_set_response(exchange, 2000, 401, tskl_slice_of(response_headers));
    tskl_exchange_end(exchange, 3000, message ? TSKL_FAILED : TSKL_DONE, TSKL_S(""),
                      tskl_slice_of(message));
}

static bool has(const tskl_view *view, const char *text) {
    return tskl_secrets_in(&view->secrets, tskl_slice_of(text));
}

TEST(remembered, is_the_last_part_of_a_credential_that_nobody_knows) {
    static const struct {
        const char *header, *echo;
        bool hidden;
    } rows[] = {
        {"authorization: Zoho-oauthtoken Inv3nted0token", "Inv3nted0token", true},
        {"authorization: sso-key key1:Inv3nted0token", "Inv3nted0token", true},
        {"authorization: GoogleLogin auth=Inv3nted0token", "Inv3nted0token", true},
        {"authorization: LOW key1:Inv3nted0tok==", "Inv3nted0tok==", true},
        {"authorization: Custom id=\"key1\" sig=\"Inv3nted0token\"", "Inv3nted0token", true},
        {"x-api-key: id12345678:Inv3nted0token", "Inv3nted0token", true},
        {"x-api-key: Inv3nted%2Ftoken", "Inv3nted/token", true},
        {"x-api-key: Inv3nted0token0long.&/+\"x", "Inv3nted0token0long", true},
        {"cookie: a=1; sid=Inv3nted%2Ftoken", "Inv3nted/token", true},
        {"authorization: Digest username=\"u\", realm=\"the long realm\", qop=auth-int", "auth-int",
         false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange) tskl_exchange *exchange = begin("http://a/", rows[i].header, ALL);
        tskl_view view;
        CHECK(exchange);
        end(exchange, "", NULL);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_ROW(i, has(&view, rows[i].echo) == rows[i].hidden);
    }
}

TEST(remembered, is_hidden_in_the_url_that_repeats_it) {
    static const struct {
        const char *url, *headers, *shown;
    } rows[] = {
        {"https://a.com/v1/Inv3nted0token", "x-api-key: Inv3nted0token\r\n",
         "https://a.com/v1/***"},
        {"https://a.com/v1/Inv3nted0token/x?y=Inv3nted0token&z=1", "x-api-key: Inv3nted0token\r\n",
         "https://a.com/v1/***/x?y=***&z=1"},
        {"https://a.com/?cid=GA1.2.33445566", "cookie: _ga=GA1.2.33445566\r\n",
         "https://a.com/?cid=***"},
        {"https://a.com/Inv3nted%2Ftoken/x", "authorization: Bearer Inv3nted/token\r\n",
         "https://a.com/***/x"},
        // What is no URL has no host, and what has no number as its port is no host.
        {"htInv3nted0tokentp://://h/", "x-api-key: Inv3nted0token\r\n", "ht***://://h/"},
        {"s://:\"x@:\"Inv3nted0token,/:\"2/", "x-api-key: Inv3nted0token\r\n", "s://:\"***,/:\"2/"},
        // What is masked already says which kind of key it was, and goes on to.
        {"https://a.com/x?key=sk_test_***", "authorization: Bearer sk_test_***\r\n",
         "https://a.com/x?key=sk_test_***"},
        // The host says whose call it was, whatever a cookie is.
        {"https://api.a.com/x", "cookie: domain=api.a.com\r\n", "https://api.a.com/x"},
        // Only who logs in is let through: user-name:secret-word.
        {"https://a.com/user-name/secret-word",
         "authorization: Basic "
         "dXNlci1uYW1lOnNlY3JldC13b3Jk\r\n",
         "https://a.com/user-name/***"},
        {"https://user-name:secret-word@a.com/user-name/secret-word", "",
         "https://a.com/user-name/***"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange)
        tskl_exchange *exchange = begin(rows[i].url, rows[i].headers, ALL);
        tskl_view view;
        CHECK(exchange);
        end(exchange, "", NULL);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), view.url);
        CHECK_ROW(i, !tskl_secrets_in(&view.secrets, view.url));
    }
}

TEST(remembered, is_not_what_an_answer_sets_as_its_cookie_and_the_url_shows) {
    CLEANUP(free_exchange) tskl_exchange *exchange = begin("https://api.a.com/v1/charges", "", ALL);
    tskl_view view;
    CHECK(exchange);
    end(exchange, "set-cookie: a=api.a.com\r\nset-cookie: b=/v1/charges\r\n", NULL);
    CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
    CHECK_TEXT(TSKL_S("https://api.a.com/v1/charges"), view.url);
    CHECK(!has(&view, "api.a.com") && !has(&view, "/v1/charges"));
}

// 128 places, which the request fills first: cookies, which a service can set, behind all others.
TEST(remembered, is_what_was_sent_however_many_cookies_come) {
    char *cookies = tskl_arena_take(t->arena, 32768), *at = cookies;
    char *headers = tskl_arena_take(t->arena, 32768), *to = headers;
    CHECK(cookies && headers);
    to += sprintf(to, FORM "authorization: Bearer Inv3nted0token\r\ncookie: a=1");
    for (int i = 0; i < 200; i++) {
        at += sprintf(at, "set-cookie: c%d=answered%03d\r\n", i, i);
        to += sprintf(to, "; c%d=sent-back%03d", i, i);
    }
    sprintf(to, "\r\n");
    tskl_mask_rules rules = {.values = &TSKL_S("users-own-value"), .value_count = 1};
    CLEANUP(free_exchange)
    tskl_exchange *exchange = begin("http://a/?api_key=in-the-query", headers, ALL);
    tskl_view view;
    CHECK(exchange);
    tskl_exchange_add_sent(exchange, 1000, TSKL_S("x=1&password=in-the-form"));
    end(exchange, cookies, NULL);
    CHECK_OK(tskl_view_make(exchange, &rules, CAP, &view, &t->err));
    CHECK(view.secrets.count == TSKL_SECRETS_MAX);
    CHECK(has(&view, "users-own-value") && has(&view, "Inv3nted0token"));
    CHECK(has(&view, "in-the-query") && has(&view, "in-the-form") && has(&view, "sent-back000"));
    CHECK(!has(&view, "answered000"));
}

TEST(remembered, masks_every_url_of_an_errors_message) {
    static const struct {
        const char *message, *shown;
    } rows[] = {
        {"cannot reach https://me:Inv3nted0word@api.b/v1?api_key=Inv3nted0word",
         "cannot reach https://api.b/v1?api_key=***"},
        {"tried \"http://a/?token=t1\", then 'http://b/?token=t2'.",
         "tried \"http://a/?token=***\", then 'http://b/?token=***'."},
        {"redis://:pw1@cache:6379 refused", "redis://cache:6379 refused"},
        {"://", "://"},
        {"via http://proxy.b/ (Inv3nted0wordj)", "via http://proxy.b/ (***)"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange)
        tskl_exchange *exchange = begin("http://a/",
                                        "x-api-key: Inv3nted0wordj\r\n"
                                        "cookie: a=Inv3nted0word\r\n",
                                        ALL);
        tskl_view view;
        CHECK(exchange);
        end(exchange, NULL, rows[i].message);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), view.error_message);
    }
}

// A request's body that nobody may see is learned from, and not shown.
TEST(remembered, is_what_a_request_holds_that_no_pack_reads) {
    static const struct {
        const char *type, *body;
        unsigned wants;
        bool learned;
    } rows[] = {
        {FORM, "password=Inv3nted0word", TSKL_WANT_RESPONSE_BODY, true},
        {"Content-Type: application/vnd.api+json\r\n", "{\"password\":\"Inv3nted0word\"}",
         TSKL_WANT_STREAM, true},
        {"content-type: multipart/form-data; boundary=x\r\n",
         "--x\r\ncontent-disposition: form-data; name=\"password\"\r\n\r\nInv3nted0word\r\n--x--",
         TSKL_WANT_RESPONSE_BODY, true},
        {FORM, "password=Inv3nted0word", TSKL_WANT_ERROR_BODY, true},
        {FORM, "password=Inv3nted0word", 0, false}, // nobody sees an answer
        {FORM, "password=Inv3nted0word", TSKL_WANT_REQUEST_BODY, true},
        {"content-type: text/plain\r\n", "password=Inv3nted0word", TSKL_WANT_RESPONSE_BODY, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(free_exchange)
        tskl_exchange *exchange = begin("http://a/", rows[i].type, rows[i].wants);
        tskl_view view;
        bool shown = rows[i].wants & TSKL_WANT_REQUEST_BODY;
        CHECK(exchange);
        tskl_exchange_add_sent(exchange, 1000, tskl_slice_of(rows[i].body));
        end(exchange, "", NULL);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_ROW(i, has(&view, "Inv3nted0word") == rows[i].learned);
        CHECK_ROW(i, view.request.body_kept == shown && (view.request.body.len > 0) == shown);
        CHECK_ROW(i, !view.request.truncated && view.request.passed == strlen(rows[i].body));
    }
}

TEST(remembered, is_what_stands_behind_the_part_that_is_shown) {
    char *body = tskl_arena_take(t->arena, 5 * CAP);
    CHECK(body);
    for (size_t filled = 1; filled < 5; filled++) {
        CLEANUP(free_exchange) tskl_exchange *exchange = begin("http://a/", FORM, ALL);
        tskl_view view;
        size_t len = filled * CAP;
        CHECK(exchange);
        memset(body, 'x', len);
        memcpy(body, "a=", 2);
        tskl_exchange_add_sent(exchange, 1000, (tskl_slice){body, len});
        tskl_exchange_add_sent(exchange, 1000, TSKL_S("&password=Inv3nted0word"));
        end(exchange, "", NULL);
        CHECK_OK(tskl_view_make(exchange, NULL, CAP, &view, &t->err));
        CHECK_ROW(filled, has(&view, "Inv3nted0word") == (filled < TSKL_LEARNED_CAPS));
        CHECK_ROW(filled, view.request.truncated && view.request.body.len == CAP);
    }
}

TEST(remembered, is_let_go_where_no_body_of_an_answer_is_seen) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange = begin("http://a/", FORM, TSKL_WANT_ERROR_BODY);
    CHECK(exchange && exchange->sent.learned);
    tskl_exchange_set_response(exchange, 1500, 100, TSKL_S(""));
    tskl_exchange_add_sent(exchange, 1600, TSKL_S("password=Inv3nted0word"));
    CHECK(exchange->sent.kept.len > 0);
    tskl_exchange_set_response(exchange, 2000, 200, TSKL_S(""));
    CHECK(!exchange->sent.learned && !exchange->sent.kept.ptr);
    tskl_exchange_add_sent(exchange, 2100, TSKL_S("&more=1"));
    CHECK(!exchange->sent.kept.ptr && exchange->sent.passed == 29);
}

TEST(remembered, gives_way_to_what_packs_are_to_see) {
    CLEANUP(free_exchange)
    tskl_exchange *exchange = begin("http://a/", FORM, TSKL_WANT_RESPONSE_BODY);
    CHECK(exchange);
    tskl_exchange_add_sent(exchange, 1000, TSKL_S("a=1"));
    tskl_exchange_learn_less(exchange);
    tskl_exchange_add_sent(exchange, 1000, TSKL_S("&b=2"));
    CHECK_TEXT(TSKL_S("a=1"), tskl_buf_slice(&exchange->sent.kept));
    CHECK(tskl_body_shown(&exchange->sent).len == 0 && !exchange->sent.truncated);
}

// An answer may name very many: one that it repeats takes one place, and none takes that of a user
// with whom the call was made.
TEST(remembered, are_the_first_users_each_once) {
    tskl_secrets secrets = {0};
    char user[32];
    CHECK(tskl_secrets_add_user(&secrets, t->arena, TSKL_S("user-of-the-call")));
    for (int i = 0; i < 1000; i++)
        CHECK(tskl_secrets_add_user(&secrets, t->arena, TSKL_S("repeated-user")) &&
              tskl_secrets_add_user(&secrets, t->arena, TSKL_S("short")));
    CHECK(tskl_secrets_add_user(&secrets, t->arena, TSKL_S("user-of-the-answer")));
    for (int i = 0; i < 1000; i++) {
        snprintf(user, sizeof user, "another-user-%d", i);
        CHECK(tskl_secrets_add_user(&secrets, t->arena, tskl_slice_of(user)));
    }
    CHECK(tskl_secrets_remember_users(&secrets, t->arena, TSKL_S("https://repeated-user/")));
    CHECK(secrets.count == TSKL_SECRETS_MAX - 1); // all but the one that the URL shows
    CHECK(tskl_secrets_in(&secrets, TSKL_S("user-of-the-call")));
    CHECK(tskl_secrets_in(&secrets, TSKL_S("user-of-the-answer")));
    CHECK(!tskl_secrets_in(&secrets, TSKL_S("repeated-user")));
}
