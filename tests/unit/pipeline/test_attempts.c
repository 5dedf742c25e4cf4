// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pipeline/attempts.h"
#include <stdio.h>

enum { MINUTE_MS = 60000 };

/** One call as the worker meets it, in its turn. What is left out is as usual. */
typedef struct story {
    const char *name; // its id is made of it
    int64_t start_ms, end_ms;
    const char *method, *url, *headers, *body; // GET https://api.example.com/v1/x
    bool unseen;                               // no Pack sees the body
    int status;                                // 0 with an ending: no response
    const char *answer_headers;
    tskl_ending ending;
    uint32_t is;       // which try it is to be
    const char *after; // the first one's name, where that is to be known
    int64_t wait_ms;
} story;

static tskl_uuid id_of(const char *name) {
    tskl_uuid id;
    snprintf(id.text, sizeof id.text, "00000000-0000-7000-8000-%012llx",
             (unsigned long long)tskl_slice_hash(tskl_slice_of(name)) & 0xffffffffffff);
    return id;
}

static tskl_slice either(const char *text, const char *usual) {
    return tskl_slice_of(text ? text : usual);
}

// The bytes are not copied: nothing adds to them.
static tskl_body body_of(const story *s) {
    tskl_slice body = tskl_slice_of(s->body);
    return (tskl_body){.kept = {.ptr = (char *)(uintptr_t)body.ptr, .len = body.len},
                       .passed = body.len};
}

static bool make_view(const story *s, tskl_arena *arena, tskl_exchange *exchange, tskl_view *view) {
    *exchange = (tskl_exchange){.id = id_of(s->name),
                                .sent = body_of(s),
                                .pack_wants = s->unseen ? 0 : TSKL_WANT_REQUEST_BODY,
                                .status = s->status || s->ending ? s->status : 200,
                                .ending = s->ending,
                                .start_us = s->start_ms * 1000,
                                .end_us = (s->end_ms ? s->end_ms : s->start_ms) * 1000};
    *view = (tskl_view){.exchange = exchange,
                        .arena = arena,
                        .method = either(s->method, "GET"),
                        .url = either(s->url, "https://api.example.com/v1/x")};
    return tskl_headers_parse(tskl_slice_of(s->headers), arena, &view->request.headers, NULL) ==
               TSKL_OK &&
           tskl_headers_parse(tskl_slice_of(s->answer_headers), arena, &view->response.headers,
                              NULL) == TSKL_OK;
}

static bool is_as_told(const story *s, const tskl_attempt *attempt) {
    tskl_uuid none = {0}, first = s->after ? id_of(s->after) : none;
    return attempt->number == s->is && attempt->wait_ms == s->wait_ms &&
           strcmp(attempt->first.text, first.text) == 0;
}

static void free_attempts(tskl_attempts *attempts) {
    tskl_attempts_deinit(attempts);
}

/** Where the first one stands that is not as it is told; `count` where all are. */
static size_t tell(tskl_test *t, const story *stories, size_t count) {
    CLEANUP(free_attempts) tskl_attempts attempts;
    tskl_attempts_init(&attempts);
    for (size_t i = 0; i < count; i++) {
        tskl_exchange exchange;
        tskl_view view;
        if (!make_view(&stories[i], t->arena, &exchange, &view)) return i;
        exchange.turn = i + 1;
        tskl_attempt attempt = tskl_attempts_join(&attempts, &view);
        if (!is_as_told(&stories[i], &attempt)) return i;
    }
    return count;
}

#define CHECK_STORIES(stories)                                                                     \
    do {                                                                                           \
        size_t told_ = tell(t, stories, TSKL_COUNT(stories));                                      \
        CHECK_SAY(told_ == TSKL_COUNT(stories), "call %zu, \"%s\", is another try", told_,         \
                  (stories)[told_ % TSKL_COUNT(stories)].name);                                    \
    } while (0)

TEST(attempts, joins_the_tries_of_a_call_until_one_does_not_fail) {
    static const story stories[] = {
        {.name = "a", .end_ms = 100, .status = 503},
        {.name = "b",
         .start_ms = 600,
         .end_ms = 700,
         .status = 429,
         .is = 2,
         .after = "a",
         .wait_ms = 500},
        {.name = "c", .start_ms = 1700, .end_ms = 1800, .is = 3, .after = "a", .wait_ms = 1000},
        {.name = "d", .start_ms = 1900},
    };
    CHECK_STORIES(stories);
}

TEST(attempts, counts_two_equal_calls_that_go_well_as_two) {
    static const story stories[] = {{.name = "a"}, {.name = "b", .start_ms = 1}, {.name = "c"}};
    CHECK_STORIES(stories);
}

TEST(attempts, follows_what_may_be_tried_again_and_nothing_else) {
    static const struct {
        int status;
        tskl_ending ending;
        const char *headers;
        uint32_t next;
    } rows[] = {
        {0, TSKL_FAILED, "", 2},
        {408, TSKL_DONE, "", 2},
        {409, TSKL_DONE, "", 2},
        {425, TSKL_DONE, "", 2},
        {429, TSKL_DONE, "", 2},
        {500, TSKL_DONE, "", 2},
        {599, TSKL_DONE, "", 2},
        {200, TSKL_DONE, "", 0},
        {302, TSKL_DONE, "", 0},
        {400, TSKL_DONE, "", 0},
        {401, TSKL_DONE, "", 0},
        {402, TSKL_DONE, "", 0},
        {404, TSKL_DONE, "", 0},
        {200, TSKL_FAILED, "", 2}, // cut in the middle
        {0, TSKL_ABORTED, "", 0},
        {200, TSKL_ABORTED, "", 0},
        {429, TSKL_ABORTED, "", 2},
        {400, TSKL_DONE, "x-should-retry: true\r\n", 2},
        {400, TSKL_DONE, "stripe-should-retry: true\r\n", 2},
        {400, TSKL_DONE, "x-should-retry: false\r\n", 0},
        {503, TSKL_DONE, "x-should-retry: false\r\n", 2},
        {200, TSKL_DONE, "x-should-retry: true\r\n", 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const story stories[] = {
            {.name = "a",
             .status = rows[i].status,
             .ending = rows[i].ending,
             .answer_headers = rows[i].headers},
            {.name = "b", .is = rows[i].next, .after = rows[i].next ? "a" : NULL},
        };
        CHECK_ROW(i, tell(t, stories, 2) == 2);
    }
}

TEST(attempts, tells_calls_apart_by_what_stays_the_same_from_try_to_try) {
    static const struct {
        story failed, next;
    } rows[] = {
        {{.method = "GET"}, {.method = "HEAD"}},
        {{.url = "https://a/1"}, {.url = "https://a/2"}},
        {{.url = "https://a/1"}, {.url = "https://b/1"}},
        {{.url = "https://a/1?page=1"}, {.url = "https://a/1?page=2"}},
        {{.body = "{\"a\":1}"}, {.body = "{\"a\":2}"}},
        {{.unseen = true, .body = "a"}, {.unseen = true, .body = "ab"}},
        {{.ending = TSKL_FAILED, .method = "POST", .body = "a"}, {.method = "POST", .body = "b"}},
        {{.headers = "idempotency-key: 1\r\n"}, {.headers = "idempotency-key: 2\r\n"}},
        {{.headers = "idempotency-key: 1\r\n"}, {.headers = ""}},
        {{.headers = "idempotency-key: 1\r\n", .url = "https://a/1"},
         {.headers = "idempotency-key: 1\r\n", .url = "https://a/2"}},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        story stories[] = {rows[i].failed, rows[i].next, rows[i].failed};
        for (size_t j = 0; j < 3; j++) stories[j].name = "abc" + j;
        if (!stories[0].ending) stories[0].status = 503;
        stories[2].ending = TSKL_DONE;
        stories[2].status = 200;
        stories[2].is = 2;
        stories[2].after = "abc";
        CHECK_ROW(i, tell(t, stories, 3) == 3);
    }
}

TEST(attempts, bears_what_a_try_may_change_or_does_not_show) {
    static const struct {
        story failed, next;
    } rows[] = {
        // A key decides, wherever it stands.
        {{.headers = "idempotency-key: 1\r\n", .body = "a"},
         {.headers = "idempotency-key: 1\r\n", .body = "b"}},
        {{.headers = "PayPal-Request-Id: 1\r\n", .url = "https://a/1?t=1"},
         {.headers = "paypal-request-id: 1\r\n", .url = "https://a/1?t=2"}},
        {{.headers = "amz-sdk-invocation-id: 1\r\n"}, {.headers = "amz-sdk-invocation-id: 1\r\n"}},
        // A masked one is none.
        {{.headers = "idempotency-key: ***\r\n"}, {.headers = "idempotency-key: ***\r\n"}},
        // Where there was no connection yet some clients know of no body; a count leaves no doubt.
        {{.ending = TSKL_FAILED, .method = "POST"},
         {.method = "POST", .body = "a", .headers = "x-stainless-retry-count: 1\r\n"}},
        {{.ending = TSKL_FAILED, .method = "POST", .body = "a"}, {.method = "POST", .body = "a"}},
        {{.ending = TSKL_FAILED, .method = "GET"}, {.method = "GET"}},
        // Of a body that no Pack sees the length has to do.
        {{.unseen = true, .body = "a"}, {.unseen = true, .body = "b"}},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        story stories[] = {rows[i].failed, rows[i].next};
        stories[0].name = "a";
        stories[1].name = "b";
        if (!stories[0].ending) stories[0].status = 503;
        stories[1].is = 2;
        stories[1].after = "a";
        CHECK_ROW(i, tell(t, stories, 2) == 2);
    }
}

TEST(attempts, believes_a_library_that_counts_its_tries) {
    static const story stories[] = {
        {.name = "unseen first", .headers = "x-stainless-retry-count: 2\r\n", .is = 3},
        {.name = "a", .headers = "x-stainless-retry-count: 0\r\n", .status = 429},
        {.name = "b",
         .headers = "x-stainless-retry-count: 1\r\n",
         .status = 429,
         .is = 2,
         .after = "a"},
        // The program itself calls once more.
        {.name = "c", .start_ms = 1, .headers = "x-stainless-retry-count: 0\r\n", .status = 429},
        {.name = "d",
         .start_ms = 1,
         .headers = "x-stainless-retry-count: 1\r\n",
         .ending = TSKL_ABORTED,
         .is = 2,
         .after = "c"},
        {.name = "e",
         .start_ms = 1,
         .headers = "x-stainless-retry-count: 2\r\n",
         .is = 3,
         .after = "c"},
        {.name = "f",
         .url = "s3",
         .headers = "amz-sdk-request: attempt=1; max=3\r\n",
         .status = 500},
        {.name = "g",
         .url = "s3",
         .headers = "amz-sdk-request: attempt=2; max=3\r\n",
         .is = 2,
         .after = "f"},
        {.name = "h", .url = "other", .headers = "x-stainless-retry-count: 99999\r\n"},
        {.name = "i", .url = "other", .headers = "x-stainless-retry-count: -1\r\n"},
        {.name = "j", .url = "other", .headers = "amz-sdk-request: attempt=0\r\n"},
        {.name = "m",
         .url = "ttl",
         .headers = "amz-sdk-request: ttl=20260304T050607Z; attempt=2; max=3\r\n",
         .is = 2},
        {.name = "n", .url = "last", .headers = "amz-sdk-request: max=3;Attempt = 4\r\n", .is = 4},
        {.name = "o", .url = "none", .headers = "amz-sdk-request: ttl=attempt; max=2\r\n"},
        {.name = "k", .url = "other", .headers = "amz-sdk-request: ttl=5\r\n"},
    };
    CHECK_STORIES(stories);
}

TEST(attempts, tells_calls_without_a_connection_apart_that_may_have_had_bodies) {
    static const story stories[] = {
        {.name = "a", .method = "POST", .ending = TSKL_FAILED},
        {.name = "b", .method = "POST", .ending = TSKL_FAILED},
        {.name = "c", .method = "POST", .body = "x"},
    };
    CHECK_STORIES(stories);
}

TEST(attempts, joins_each_try_to_one_at_most_the_one_that_failed_last) {
    static const story stories[] = {
        {.name = "given up", .end_ms = 50, .status = 503},
        {.name = "a", .start_ms = 1, .end_ms = 60000, .status = 503},
        {.name = "b", .start_ms = 60500, .status = 503, .is = 2, .after = "a", .wait_ms = 500},
        {.name = "c", .start_ms = 61500, .is = 3, .after = "a", .wait_ms = 1000},
        {.name = "d", .start_ms = 70050, .is = 2, .after = "given up", .wait_ms = 70000},
        {.name = "e", .start_ms = 70060},
    };
    CHECK_STORIES(stories);
}

TEST(attempts, goes_by_the_times_of_the_calls) {
    static const story stories[] = {
        {.name = "long", .start_ms = 0, .end_ms = 1000, .status = 503},
        {.name = "beside it", .start_ms = 500, .end_ms = 600},
        {.name = "in time",
         .start_ms = 1000 + 10 * MINUTE_MS,
         .status = 503,
         .is = 2,
         .after = "long",
         .wait_ms = 10 * MINUTE_MS},
        {.name = "too late", .start_ms = 1001 + 20 * MINUTE_MS},
    };
    CHECK_STORIES(stories);
}

// Calls that all fail, each another, and one more of the call `again`.
static uint32_t try_after(tskl_test *t, size_t count, size_t again) {
    CLEANUP(free_attempts) tskl_attempts attempts;
    tskl_attempts_init(&attempts);
    tskl_attempt attempt = {0};
    for (size_t i = 0; i <= count; i++) {
        char url[32];
        snprintf(url, sizeof url, "https://a/%zu", i < count ? i : again);
        tskl_exchange exchange;
        tskl_view view;
        if (!make_view(&(story){.name = "a", .url = url, .status = 503}, t->arena, &exchange,
                       &view))
            return 0;
        attempt = tskl_attempts_join(&attempts, &view);
    }
    return attempt.number;
}

TEST_ONCE(attempts, forgets_the_oldest_where_more_fail_than_it_keeps) {
    CHECK(try_after(t, TSKL_ATTEMPTS_KEPT, 0) == 2);
    CHECK(try_after(t, TSKL_ATTEMPTS_KEPT + 1, 0) == 0);
    CHECK(try_after(t, TSKL_ATTEMPTS_KEPT + 1, 1) == 2);
    CHECK(try_after(t, 3 * TSKL_ATTEMPTS_KEPT, 3 * TSKL_ATTEMPTS_KEPT - 1) == 2);
}

TEST(attempts, keeps_what_a_recording_knows) {
    CLEANUP(free_attempts) tskl_attempts attempts;
    tskl_attempts_init(&attempts);
    tskl_exchange exchange;
    tskl_view view;
    CHECK(make_view(&(story){.name = "a", .status = 503}, t->arena, &exchange, &view));
    exchange.recorded_flags = TSKL_RECORDED_ATTEMPT;
    exchange.recorded_attempt = (tskl_attempt){3, id_of("z"), 17};
    tskl_attempt attempt = tskl_attempts_join(&attempts, &view);
    CHECK(attempt.number == 3 && attempt.wait_ms == 17);
    CHECK_TEXT(tskl_slice_of(id_of("z").text), tskl_slice_of(attempt.first.text));
    // Whoever comes without a number does not follow it: a recording is whole, or says nothing.
    CHECK(make_view(&(story){.name = "b"}, t->arena, &exchange, &view));
    CHECK(tskl_attempts_join(&attempts, &view).number == 0);
}

TEST(attempts, concerns_calls_that_fail_and_those_that_may_follow_one) {
    CLEANUP(free_attempts) tskl_attempts attempts;
    tskl_attempts_init(&attempts);
    tskl_exchange good, bad;
    tskl_view good_view, bad_view;
    CHECK(make_view(&(story){.name = "a"}, t->arena, &good, &good_view));
    CHECK(make_view(&(story){.name = "b", .status = 503}, t->arena, &bad, &bad_view));
    CHECK(!tskl_attempts_concern(&attempts, &good) && tskl_attempts_concern(&attempts, &bad));
    tskl_attempts_join(&attempts, &bad_view);
    CHECK(attempts.open == 1 && tskl_attempts_concern(&attempts, &good));
    tskl_attempts_join(&attempts, &good_view);
    CHECK(!tskl_attempts_concern(&attempts, &good));
}

typedef struct late {
    tskl_attempts *attempts;
    tskl_view *view;
    tskl_attempt attempt;
} late;

static void *join_late(void *arg) {
    late *l = arg;
    l->attempt = tskl_attempts_join(l->attempts, l->view);
    return NULL;
}

TEST_ONCE(attempts, joins_in_the_order_of_turns_whichever_worker_is_faster) {
    CLEANUP(free_attempts) tskl_attempts attempts;
    tskl_attempts_init(&attempts);
    tskl_exchange first, second, third;
    tskl_view first_view, third_view;
    CHECK(make_view(&(story){.name = "a", .status = 503}, t->arena, &first, &first_view));
    CHECK(make_view(&(story){.name = "c"}, t->arena, &third, &third_view));
    first.turn = 1;
    second = (tskl_exchange){.turn = 2};
    third.turn = 3;
    pthread_t thread;
    late l = {.attempts = &attempts, .view = &third_view};
    CHECK(pthread_create(&thread, NULL, join_late, &l) == 0);
    tskl_attempts_join(&attempts, &first_view);
    tskl_attempts_pass(&attempts, &second); // sampled out
    pthread_join(thread, NULL);
    CHECK(l.attempt.number == 2);
}
