// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "pipeline/crew.h"
#include "pipeline/records.h"
#include <unistd.h>

// A crew without Packs whose records go to `r`.
typedef struct story {
    records r;
    tskl_config config;
    tskl_crew *crew;
} story;

#define STORY(exchanges, mib, threads)                                                             \
    {.r = RECORDS_INIT,                                                                            \
     .config = {.queue_exchanges = exchanges,                                                      \
                .queue_mib = mib,                                                                  \
                .workers = threads,                                                                \
                .body_cap = 256 * 1024,                                                            \
                .sample_success = 1,                                                               \
                .sample_failure = 1}}

static tskl_status open_story(story *s, tskl_error *err) {
    tskl_crew_options options = {
        .config = &s->config, .client = "test/1", .on_record = records_add, .user = &s->r};
    return tskl_crew_new(&options, &s->crew, err);
}

static void close_story(story *s) {
    if (s->crew) tskl_crew_close(s->crew, 5000, NULL, NULL);
    records_deinit(&s->r);
}

static tskl_exchange *begin(story *s, size_t number) {
    char url[64];
    tskl_request request = call_request(number, url);
    tskl_exchange *exchange = tskl_crew_begin(s->crew, &request, TSKL_S("api.example.com"), 443);
    if (!exchange) return NULL;
    exchange->wants = exchange->pack_wants = TSKL_WANT_RESPONSE_BODY; // as if a Pack asked for it
    exchange->received.wanted = true;
    return exchange;
}

static bool adds_up(story *s) {
    tskl_crew_counts c = tskl_crew_count(s->crew);
    return c.begun == c.finished + c.dropped + c.under_way + c.queued;
}

TEST_ONCE(crew, writes_what_has_ended_in_that_order) {
    story s CLEANUP(close_story) = STORY(4096, 32, 1);
    size_t left;
    CHECK_OK(open_story(&s, &t->err));
    tskl_exchange *first = begin(&s, 1), *second = begin(&s, 2);
    CHECK(first && second);
    call_end_take(second, 10);
    call_end_take(first, 10);
    CHECK(tskl_crew_flush(s.crew, 5000, &left) && left == 0);
    tskl_slice text = tskl_buf_slice(&s.r.text);
    CHECK(s.r.count == 2 && tskl_slice_search(tskl_slice_line(&text), TSKL_S("/2\"")) != SIZE_MAX);
    CHECK(adds_up(&s) && tskl_crew_count(s.crew).finished == 2);
}

TEST_ONCE(crew, counts_calls_it_has_no_room_for) {
    story s CLEANUP(close_story) = STORY(3, 32, 1);
    tskl_exchange *under_way[3];
    size_t left;
    CHECK_OK(open_story(&s, &t->err));
    for (size_t i = 0; i < 3; i++) CHECK((under_way[i] = begin(&s, i)));
    for (size_t i = 0; i < 10; i++) CHECK(!begin(&s, i));
    tskl_crew_counts counts = tskl_crew_count(s.crew);
    CHECK(counts.begun == 13 && counts.dropped == 10 && counts.under_way == 3);
    for (size_t i = 0; i < 3; i++) call_end_take(under_way[i], 0);
    CHECK(tskl_crew_flush(s.crew, 5000, &left));
    call_end_take(begin(&s, 3), 0);
    CHECK(tskl_crew_flush(s.crew, 5000, &left));
    CHECK(s.r.count == 4 && adds_up(&s));
}

TEST_ONCE(crew, says_once_that_it_had_no_room) {
    story s CLEANUP(close_story) = STORY(1, 32, 1);
    char log[1024] = "";
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK_OK(open_story(&s, &t->err));
    tskl_log_set(TSKL_LOG_WARN, ends[1]);
    for (size_t i = 0; i < 3; i++) {
        tskl_exchange *only = begin(&s, i);
        CHECK(!begin(&s, i));
        call_end_take(only, 0);
        CHECK(tskl_crew_flush(s.crew, 5000, &(size_t){0}));
    }
    close_story(&s); // its worker has said all that it will
    s = (story){0};
    tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
    close(ends[1]);
    CHECK(read(ends[0], log, sizeof log - 1) > 0);
    close(ends[0]);
    tskl_slice lines = tskl_slice_of(log);
    CHECK(tskl_slice_search(tskl_slice_line(&lines), TSKL_S("queue.exchanges (1)")) != SIZE_MAX);
    CHECK(lines.len == 0);
}

TEST_ONCE(crew, counts_what_waits_and_is_worked_on_as_held) {
    story s CLEANUP(close_story) = STORY(3, 32, 1);
    CHECK_OK(open_story(&s, &t->err));
    pthread_mutex_lock(&s.r.gate);
    for (size_t i = 0; i < 3; i++) call_end_take(begin(&s, i), 0);
    tskl_exchange *more = begin(&s, 3);
    size_t queued = tskl_crew_count(s.crew).queued;
    pthread_mutex_unlock(&s.r.gate);
    CHECK(!more && queued == 3);
    CHECK(records_reach(&s.r, 3) && adds_up(&s));
}

// 1 MiB holds four bodies of 256 KiB; then bodies are cut, then heads come alone, then none.
TEST_ONCE(crew, keeps_less_the_more_it_holds) {
    story s CLEANUP(close_story) = STORY(100000, 1, 1);
    static tskl_exchange *under_way[4096];
    enum { BODIES = 5 };
    size_t begun = 0, left;
    CHECK_OK(open_story(&s, &t->err));
    pthread_mutex_lock(&s.r.gate);
    for (size_t i = 0; i < BODIES; i++) call_end_take(begin(&s, i), 300 * 1024);
    size_t held = tskl_crew_count(s.crew).held_bytes;
    tskl_exchange *late = begin(&s, 9);
    bool head_only = late && late->head_only;
    while (begun < TSKL_COUNT(under_way) && (under_way[begun] = begin(&s, begun))) begun++;
    size_t most = tskl_crew_count(s.crew).held_bytes;
    pthread_mutex_unlock(&s.r.gate);
    if (late) call_end_take(late, 1000);
    for (size_t i = 0; i < begun; i++) call_end_take(under_way[i], 0);
    bool flushed = tskl_crew_flush(s.crew, 5000, &left);
    tskl_crew_counts counts = tskl_crew_count(s.crew);
    CHECK(held >= 1 << 20 && held < (2 << 20));
    CHECK(head_only && begun > 0 && begun < TSKL_COUNT(under_way));
    CHECK_SAY(most < (1 << 20) * 3 / 2, "%zu bytes are held", most);
    CHECK(flushed && adds_up(&s) && counts.held_bytes == 0);
    CHECK(counts.head_only > begun && counts.shortened >= BODIES && counts.dropped == 1);
    CHECK(records_have(&s.r, "\"truncated\":[\"response\"]") >= BODIES + 1);
}

TEST_ONCE(crew, flushes_what_has_ended_by_then_and_no_more) {
    story s CLEANUP(close_story) = STORY(4096, 32, 1);
    size_t left = 9;
    CHECK_OK(open_story(&s, &t->err));
    CHECK(tskl_crew_flush(s.crew, 0, &left) && left == 0);
    pthread_mutex_lock(&s.r.gate);
    for (size_t i = 0; i < 3; i++) call_end_take(begin(&s, i), 0);
    int64_t start_us = tskl_clock_steady_us();
    bool quiet = tskl_crew_flush(s.crew, 30, &left);
    int64_t waited_us = tskl_clock_steady_us() - start_us;
    pthread_mutex_unlock(&s.r.gate);
    CHECK(!quiet && left == 3 && waited_us >= 30000);
    CHECK(tskl_crew_flush(s.crew, 5000, &left) && left == 0 && s.r.count == 3);
}

// One thread goes on and on; what had ended before is written all the same.
typedef struct traffic {
    story *s;
    atomic_bool stop;
} traffic;

static void *go_on(void *arg) {
    traffic *all = arg;
    for (size_t i = 100; !atomic_load(&all->stop); i++) call_end_take(begin(all->s, i), 100);
    return NULL;
}

TEST_ONCE(crew, flushes_under_traffic_that_never_ends) {
    story s CLEANUP(close_story) = STORY(4096, 32, 1);
    traffic all = {.s = &s};
    pthread_t thread;
    size_t left, flushed = 0;
    CHECK_OK(open_story(&s, &t->err));
    s.r.keeps_none = true;
    CHECK(pthread_create(&thread, NULL, go_on, &all) == 0);
    for (int i = 0; i < 20; i++) {
        call_end_take(begin(&s, 1), 0);
        flushed += tskl_crew_flush(s.crew, 5000, &left);
    }
    atomic_store(&all.stop, true);
    pthread_join(thread, NULL);
    CHECK(flushed == 20);
    CHECK(tskl_crew_flush(s.crew, 5000, &left) && adds_up(&s));
}

TEST_ONCE(crew, ends_calls_under_way_at_close_and_leaves_their_handles) {
    story s CLEANUP(close_story) = STORY(4096, 32, 1);
    tskl_exchange *under_way[8];
    size_t live = tskl_alloc_live();
    CHECK_OK(open_story(&s, &t->err));
    for (size_t i = 0; i < 8; i++) CHECK((under_way[i] = begin(&s, i)));
    tskl_exchange_response(under_way[0], 0, 200, TSKL_S("a: b\r\n"));
    bool closed = tskl_crew_close(s.crew, 5000, NULL, NULL);
    s.crew = NULL;
    // The application goes on as if nothing had happened.
    for (size_t i = 0; i < 8; i++) tskl_exchange_sent(under_way[i], 0, TSKL_S("late"));
    for (size_t i = 0; i < 8; i++) call_end_take(under_way[i], 1000);
    CHECK(closed && s.r.count == 8 && records_have(&s.r, "\"ending\":\"aborted\"") == 8);
    CHECK(records_have(&s.r, "\"status\":200") == 1);
    records_deinit(&s.r);
    CHECK(tskl_alloc_live() == live);
}

static void note_gone(void *gone) {
    atomic_store((atomic_bool *)gone, true);
}

TEST_ONCE(crew, calls_nobody_after_it_was_closed_and_is_cleared_away_by_its_last_worker) {
    story s = STORY(4096, 32, 1);
    atomic_bool gone = false;
    size_t live = tskl_alloc_live();
    CHECK_OK(open_story(&s, &t->err));
    pthread_mutex_lock(&s.r.gate);
    for (size_t i = 0; i < 5; i++) call_end_take(begin(&s, i), 0);
    tskl_exchange *under_way = begin(&s, 6);
    bool called = records_call(&s.r);
    bool closed = tskl_crew_close(s.crew, 10, note_gone, &gone), early = gone;
    pthread_mutex_unlock(&s.r.gate);
    CHECK(called && !closed && !early);
    for (int i = 0; i < 5000 && !gone; i++) usleep(1000);
    CHECK(gone && records_count(&s.r) == 1); // the one that was on its way
    call_end_take(under_way, 0);
    records_deinit(&s.r);
    for (int i = 0; i < 5000 && tskl_alloc_live() != live; i++) usleep(1000);
    CHECK(tskl_alloc_live() == live);
}

TEST_ONCE(crew, ends_calls_that_nobody_has_reported_on_for_long) {
    story s CLEANUP(close_story) = STORY(4096, 32, 1);
    CHECK_OK(open_story(&s, &t->err));
    tskl_exchange *stale = begin(&s, 1), *fresh = begin(&s, 2);
    tskl_exchange_received(stale, 0, TSKL_S("half of it"));
    call_end_take(begin(&s, 3), 0);
    CHECK(records_reach(&s.r, 1));
    atomic_fetch_add(&tskl_clock_advanced_us, 16 * 60 * 1000000ll);
    tskl_exchange_received(fresh, 0, TSKL_S("news"));
    call_end_take(begin(&s, 4), 0);
    bool reached = records_reach(&s.r, 3);
    atomic_store(&tskl_clock_advanced_us, 0);
    call_end_take(stale, 10); // its handle is still good
    CHECK(reached && records_have(&s.r, "\"ending\":\"aborted\"") == 1);
    CHECK(records_have(&s.r, "example.com/1\"") == 1);
    call_end_take(fresh, 10);
    CHECK(records_reach(&s.r, 4) && adds_up(&s) && tskl_crew_count(s.crew).under_way == 0);
}

enum { THREADS = 8, EACH = 12500 };

static void *report(void *arg) {
    story *s = arg;
    for (size_t i = 0; i < EACH; i++) {
        tskl_exchange *exchange = begin(s, i);
        if (i % 16 == 0)
            tskl_exchange_end_take(exchange, 0, TSKL_FAILED, TSKL_S("ECONNREFUSED"), TSKL_S("no"));
        else
            call_end_take(exchange, i % 300);
    }
    return NULL;
}

static void report_from_many_threads(story *s) {
    pthread_t threads[THREADS];
    size_t left;
    s->r.keeps_none = true;
    for (size_t i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, report, s);
    for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    tskl_crew_flush(s->crew, 60000, &left);
}

TEST_ONCE(crew, counts_every_call_of_many_threads) {
    for (uint32_t workers = 1; workers <= 4; workers += 3) {
        story s CLEANUP(close_story) = STORY(512, 4, workers);
        CHECK_OK(open_story(&s, &t->err));
        report_from_many_threads(&s);
        tskl_crew_counts counts = tskl_crew_count(s.crew);
        CHECK(counts.begun == THREADS * EACH);
        CHECK(counts.begun == counts.finished + counts.dropped && counts.held_bytes == 0);
        CHECK(counts.finished == s.r.count && counts.finished > 0);
    }
}

// Closing while other threads report: their handles stay valid, nothing is touched twice.
static void *report_until_closed(void *arg) {
    tskl_exchange **handles = arg;
    for (size_t i = 0; i < 1000; i++) tskl_exchange_received(handles[i % 64], 0, TSKL_S("abc"));
    for (size_t i = 0; i < 64; i++) call_end_take(handles[i], 100);
    return NULL;
}

TEST_ONCE(crew, closes_while_calls_are_reported_on) {
    for (int round = 0; round < 50; round++) {
        story s = STORY(4096, 32, 1);
        tskl_exchange *handles[4][64];
        pthread_t threads[4];
        CHECK_OK(open_story(&s, &t->err));
        for (size_t i = 0; i < 4 * 64; i++) handles[i / 64][i % 64] = begin(&s, i);
        for (size_t i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, report_until_closed, handles[i]);
        bool closed = tskl_crew_close(s.crew, 5000, NULL, NULL);
        for (size_t i = 0; i < 4; i++) pthread_join(threads[i], NULL);
        size_t count = s.r.count;
        records_deinit(&s.r);
        CHECK(closed && count <= 4 * 64);
    }
}
