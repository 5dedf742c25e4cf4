// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "output/format.h"
#include "output/page.h"
#include "output/story.h"
#include "output/words.h"

#define AT "          "

static const char *shown(tskl_test *t, const story *s, bool colour, unsigned columns) {
    tskl_buf CLEANUP(tskl_buf_deinit) text;
    tskl_buf_init(&text, TSKL_FORMAT_ROOM);
    if (s)
        tskl_format_pretty(&text, &s->record,
                           &(tskl_pretty_style){.colour = colour, .columns = columns});
    const char *copy = tskl_arena_cstr(t->arena, tskl_buf_slice(&text));
    return copy && !text.failed ? copy : "";
}

#define CHECK_SHOWN(expected, story_)                                                              \
    CHECK_TEXT(TSKL_S(expected), tskl_slice_of(shown(t, story_, false, 80)))

TEST(pretty, shows_a_success_on_one_line) {
    story *s = story_new(t);
    CHECK_SHOWN("02:15:04  200  184 ms  POST   api.stripe.com/v1/charges\n", s);
}

TEST(pretty, says_why_a_call_failed_and_what_to_do_now) {
    CHECK_SHOWN("02:15:04  402  184 ms  POST   api.stripe.com/v1/charges\n" AT
                "stripe: card_error / card_declined (insufficient_funds)\n" AT
                "The card has too little money for this payment.\n" AT "request  req_1\n" AT
                "docs     https://stripe.com/docs/error-codes/card-declined\n" AT
                "> do not retry: another way to pay is needed\n",
                story_declined(t));
}

TEST(pretty, counts_the_attempt_and_the_wait) {
    story *s = story_new(t);
    CHECK(s);
    s->exchange.status = 429;
    s->record.attempt = 3;
    story_text(s, "openai", "error.code", "rate_limit_exceeded");
    story_text(s, "openai", "retry.advice", "after");
    story_value(s, "openai", "retry.after_ms", "6000");
    story_value(s, "openai", "rate.remaining", "0");
    story_value(s, "openai", "rate.limit", "30000");
    story_value(s, "openai", "rate.reset_ms", "6500");
    story_text(s, "openai", "rate.scope", "tokens");
    CHECK_SHOWN("02:15:04  429  184 ms  POST   api.stripe.com/v1/charges  attempt 3\n" AT
                "openai: rate_limit_exceeded\n" AT
                "rate     0 of 30000 left, resets in 6.5 s (tokens)\n" AT "> retry after 6 s\n",
                s);
}

TEST(pretty, takes_a_200_that_failed_for_a_failure) {
    story *s = story_new(t);
    CHECK(s);
    story_place(s, "slack.com", "/api/chat.postMessage");
    story_value(s, "slack", "ok", "false");
    story_text(s, "slack", "error.code", "missing_scope");
    story_value(s, "slack", "error.count", "3");
    story_text(s, "slack", "class", "permission");
    CHECK_SHOWN("02:15:04  200  184 ms  POST   slack.com/api/chat.postMessage\n" AT
                "slack: missing_scope and 2 more\n" AT "> check what these credentials may do\n",
                s);
}

TEST(pretty, explains_a_call_without_an_answer) {
    story *s = story_refused(t);
    CHECK(s);
    s->view.scheme = TSKL_S("http");
    s->view.port = 8080;
    CHECK_SHOWN("02:15:04  ERR  184 ms  POST   api.stripe.com:8080/v1/charges\n" AT
                "ECONNREFUSED connect: no connection\n" AT "connect ECONNREFUSED 127.0.0.1:443\n" AT
                "> check that the service runs there and can be reached\n",
                s);
    s->exchange.ending = TSKL_ABORTED;
    s->view.error_kind = TSKL_S("aborted");
    s->view.error_code = s->view.error_message = TSKL_S("");
    s->exchange.end_us = s->exchange.start_us + 125000000;
    CHECK_SHOWN("02:15:04  ---   2 min  POST   api.stripe.com:8080/v1/charges\n" AT
                "aborted: given up by the program\n",
                s);
}

TEST(pretty, shows_no_pack_that_only_repeats_the_network) {
    story *s = story_refused(t);
    CHECK(s);
    story_text(s, "stripe", "error.code", "ECONNREFUSED");
    story_text(s, "stripe", "retry.advice", "yes");
    CHECK_SHOWN("02:15:04  ERR  184 ms  POST   api.stripe.com/v1/charges\n" AT
                "ECONNREFUSED connect: no connection\n" AT "connect ECONNREFUSED 127.0.0.1:443\n" AT
                "> check that the service runs there and can be reached\n",
                s);
    s->items[0].text = TSKL_S("key_expired");
    CHECK_SHOWN("02:15:04  ERR  184 ms  POST   api.stripe.com/v1/charges\n" AT
                "ECONNREFUSED connect: no connection\n" AT "connect ECONNREFUSED 127.0.0.1:443\n" AT
                "stripe: key_expired\n" AT "> retry: it may work the next time\n",
                s);
}

TEST(pretty, falls_back_on_the_status_and_the_core_pack) {
    story *s = story_new(t);
    CHECK(s);
    s->exchange.status = 502;
    story_text(s, "core", "error", "upstream\nis gone");
    CHECK_SHOWN("02:15:04  502  184 ms  POST   api.stripe.com/v1/charges\n" AT "Bad Gateway\n" AT
                "upstream is gone\n",
                s);
    s->exchange.status = 200;
    s->exchange.ending = TSKL_FAILED;
    CHECK_SHOWN("02:15:04  200  184 ms  POST   api.stripe.com/v1/charges\n" AT "broken off\n" AT
                "upstream is gone\n",
                s);
}

TEST(pretty, says_what_failed_in_taskless_itself) {
    story *s = story_new(t);
    CHECK(s);
    story_run(s, "stripe", TSKL_RESULT_time);
    story_run(s, "github", TSKL_RESULT_ok);
    story_run(s, "slack", TSKL_RESULT_rested);
    s->runs[2].hook = NULL;
    s->captures.withheld = 2;
    CHECK_SHOWN("02:15:04  200  184 ms  POST   api.stripe.com/v1/charges\n" AT
                "stripe: post ran out of time (time): unreachable\n" AT
                "slack: rests after failing several times (rested): unreachable\n" AT
                "2 captures withheld\n",
                s);
}

TEST(pretty, shows_what_a_model_took_where_there_is_room) {
    story *s = story_new(t);
    CHECK(s);
    story_place(s, "api.openai.com", "/v1/chat/completions");
    story_text(s, "openai", "model", "gpt-5-mini");
    story_value(s, "openai", "usage.input", "812");
    story_value(s, "openai", "usage.output", "95");
    CHECK_TEXT(TSKL_S("02:15:04  200  184 ms  POST   api.openai.com/v1/chat/completions"
                      "  gpt-5-mini  812 in, 95 out\n"),
               tskl_slice_of(shown(t, s, false, 120)));
    CHECK_SHOWN("02:15:04  200  184 ms  POST   api.openai.com/v1/chat/completions  gpt-5-mini\n",
                s);
}

TEST(pretty, cuts_the_middle_of_a_long_url_and_keeps_the_host) {
    static const struct {
        const char *host, *path;
        unsigned columns;
        const char *place;
    } rows[] = {
        {"api.github.com", "/repos/acme/site/pulls/1234/reviews/5678/comments/91011", 80,
         "api.github.com/repos/ac...iews/5678/comments/91011"},
        {"api.github.com", "/repos/acme/site/pulls/1234/reviews/5678/comments/91011", 0,
         "api.github.com/repos/ac...iews/5678/comments/91011"},
        {"a-long-name-of-a-host.example.com", "/a/long/path/to/some/thing", 80,
         "a-long-name-of-a-host.example.com/...to/some/thing"},
        {"a.com", "/x?y=1", 40, "a.com/x"},
        {"api.github.com", "/repos/acme", 20, "api...acme"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        story *s = story_new(t);
        CHECK(s);
        story_place(s, rows[i].host, rows[i].path);
        const char *line = shown(t, s, false, rows[i].columns);
        CHECK_ROW(i, strlen(line) > 30);
        CHECK_TEXT(tskl_slice_of(rows[i].place), tskl_slice_trim(tskl_slice_of(line + 30)));
    }
}

TEST(pretty, lets_nothing_from_outside_act_on_the_terminal) {
    static const char evil[] = "a\x1b]8;;x\x07\r\n\tb\xe2\x80\xae"
                               "c\xc2\x9b"
                               "2J\x7f\xff";
    static const char *const names[] = {"error.type",
                                        "error.code",
                                        "error.decline_code",
                                        "error.message",
                                        "error.param",
                                        "request_id",
                                        "error.doc_url",
                                        "error.log_url",
                                        "rate.remaining",
                                        "rate.scope",
                                        "class",
                                        "retry.advice",
                                        "ok",
                                        "model"};
    story *s = story_refused(t);
    CHECK(s);
    story_place(s, evil, evil);
    s->view.method = s->view.error_code = s->view.error_message = tskl_slice_of(evil);
    for (size_t i = 0; i < TSKL_COUNT(names); i++) story_text(s, evil, names[i], evil);
    story_run(s, evil, TSKL_RESULT_trap);
    s->runs[0].detail = tskl_slice_of(evil);
    const char *text = shown(t, s, false, 80);
    CHECK(*text);
    tskl_slice rest = tskl_slice_of(text);
    for (uint32_t c; rest.len;) {
        size_t len = tskl_utf8_next(rest, &c);
        CHECK(len > 0 && !tskl_utf8_is_deceptive(c) && (!tskl_utf8_is_control(c) || c == '\n'));
        rest = tskl_slice_from(rest, len);
    }
    // Each of our lines begins with the time or is indented: none can be forged.
    for (rest = tskl_slice_of(text); rest.len;) {
        tskl_slice line = tskl_slice_line(&rest);
        CHECK(tskl_slice_starts(line, TSKL_S("02:15:04")) || tskl_slice_starts(line, TSKL_S(AT)));
    }
}

TEST(pretty, makes_links_only_of_plain_https_addresses) {
    static const struct {
        const char *url;
        bool linked;
    } rows[] = {
        {"https://stripe.com/docs", true},     {"http://stripe.com/docs", false},
        {"javascript:alert(1)", false},        {"https://a.com/\x1b\\", false},
        {"https://a.com/\xc3\xa9", false},     {"https://a.com/a b", false},
        {"https://a.com/\xe2\x80\xae", false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_buf CLEANUP(tskl_buf_deinit) text;
        tskl_buf_init(&text, 1024);
        tskl_page page = {.buf = &text, .colour = true};
        tskl_page_link(&page, NULL, tskl_slice_of(rows[i].url));
        bool linked = tskl_slice_starts(tskl_buf_slice(&text), TSKL_S("\033]8;;"));
        CHECK_ROW(i, !text.failed && linked == rows[i].linked);
        CHECK_ROW(i, linked || !tskl_slice_contains(tskl_buf_slice(&text), '\033'));
        tskl_buf_clear(&text);
        page.colour = false;
        tskl_page_link(&page, NULL, tskl_slice_of(rows[i].url));
        CHECK_ROW(i, !tskl_slice_contains(tskl_buf_slice(&text), '\033'));
    }
}

TEST(pretty, ends_each_style_on_its_line) {
    const char *text = shown(t, story_declined(t), true, 80);
    CHECK(*text);
    for (tskl_slice rest = tskl_slice_of(text); rest.len;) {
        tskl_slice line = tskl_slice_line(&rest), style = {0};
        for (size_t at; (at = tskl_slice_search(line, TSKL_S("\033["))) != SIZE_MAX;) {
            line = tskl_slice_from(line, at + 2);
            style = tskl_slice_first(line, tskl_slice_find(line, 'm'));
        }
        CHECK(style.len == 0);
    }
}

TEST(pretty, writes_durations_as_people_say_them) {
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {-5, "0 ms"},        {0, "0 ms"},
        {4200, "4.2 ms"},    {9999, "9.9 ms"},
        {10000, "10 ms"},    {184200, "184 ms"},
        {999999, "999 ms"},  {1000000, "1 s"},
        {1500000, "1.5 s"},  {59990000, "59.9 s"},
        {60000000, "1 min"}, {125000000, "2 min 5 s"},
        {3600000000, "1 h"}, {11400000000, "3 h 10 min"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_buf CLEANUP(tskl_buf_deinit) text;
        tskl_buf_init(&text, 64);
        tskl_page_duration(&(tskl_page){.buf = &text}, rows[i].us);
        CHECK_SAY(tskl_slice_equal(tskl_buf_slice(&text), tskl_slice_of(rows[i].text)),
                  "row %zu: " TSKL_FMT, i, TSKL_ARG(tskl_buf_slice(&text)));
    }
}

TEST(pretty, has_words_for_each_advice_and_class) {
    static const char *const advice[] = {"yes", "no", "after", "reauth", "pay", "fix"};
    static const char *const classes[] = {
        "auth",  "permission", "invalid",    "not_found", "conflict", "idempotency", "rate",
        "quota", "declined",   "overloaded", "timeout",   "server",   "partial",     "network"};
    static const char *const kinds[] = {"dns",     "connect", "tls",     "reset",
                                        "timeout", "aborted", "protocol"};
    tskl_slice none = {0}, unknown = TSKL_S("perhaps");
    for (size_t i = 0; i < TSKL_COUNT(advice); i++)
        CHECK_ROW(i, tskl_words_advice(tskl_slice_of(advice[i]), none));
    for (size_t i = 0; i < TSKL_COUNT(classes); i++) {
        CHECK_ROW(i, tskl_words_advice(none, tskl_slice_of(classes[i])));
        CHECK_ROW(i, tskl_words_advice(unknown, tskl_slice_of(classes[i])));
    }
    for (size_t i = 0; i < TSKL_COUNT(kinds); i++)
        CHECK_ROW(i, tskl_words_error(tskl_slice_of(kinds[i])));
    CHECK(!tskl_words_advice(none, none) && !tskl_words_advice(unknown, unknown));
    CHECK(!tskl_words_error(TSKL_S("other")) && !tskl_words_status(299));
}
