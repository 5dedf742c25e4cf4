// What a call's begin may take, and what is left to a worker.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pipeline/matcher.h"

typedef struct story {
    tskl_hostindex *index;
    tskl_matcher matcher;
} story;

static void close_story(story *s) {
    if (s->matcher.hosts) tskl_matcher_deinit(&s->matcher);
    tskl_hostindex_free(s->index);
}

// Pack 0 has hard expressions, Pack 1 a name with a port.
static tskl_status open_story(story *s, tskl_test *t) {
    tskl_slice hard[64], name = TSKL_S("aaaa.test:8443");
    tskl_hostlist list;
    for (size_t i = 0; i < TSKL_COUNT(hard); i++)
        hard[i] = TSKL_S("(a|b|.)*(a|.){9}[.]test[0-9]"); // an ending that others have as well
    hard[TSKL_COUNT(hard) - 1] = TSKL_S(".*[.]test");
    TSKL_TRY(tskl_hostindex_new(&s->index, &t->err));
    TSKL_TRY(tskl_hostlist_make_expressions(hard, TSKL_COUNT(hard), t->arena, &list, &t->err));
    TSKL_TRY(tskl_hostindex_add(s->index, &list, 0, &t->err));
    TSKL_TRY(tskl_hostlist_make(&name, 1, t->arena, &list, &t->err));
    TSKL_TRY(tskl_hostindex_add(s->index, &list, 1, &t->err));
    tskl_matcher_init(&s->matcher, s->index);
    return TSKL_OK;
}

TEST(matcher, leaves_what_takes_long_to_a_worker_and_knows_it_then) {
    static const struct {
        tskl_slice host;
        bool takes;
    } rows[] = {{TSKL_LIT("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.test"), true},
                {TSKL_LIT("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.tess"), false}};
    story s CLEANUP(close_story) = {0};
    CHECK_OK(open_story(&s, t));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_hostmatch match;
        tskl_matcher_begin(&s.matcher, rows[i].host, 443, 2, &match);
        CHECK_ROW(i, tskl_set_has(&match.open, 0) && tskl_set_is_empty(&match.taken));
        tskl_matcher_finish(&s.matcher, rows[i].host, 2, &match);
        CHECK_ROW(i, tskl_set_is_empty(&match.open));
        CHECK_ROW(i, tskl_set_has(&match.taken, 0) == rows[i].takes);
        tskl_matcher_begin(&s.matcher, rows[i].host, 443, 2, &match);
        CHECK_ROW(i, tskl_set_is_empty(&match.open));
        CHECK_ROW(i, tskl_set_has(&match.taken, 0) == rows[i].takes);
    }
}

TEST(matcher, keeps_no_answer_that_depends_on_the_port) {
    story s CLEANUP(close_story) = {0};
    CHECK_OK(open_story(&s, t));
    for (size_t i = 0; i < 4; i++) {
        tskl_hostmatch match;
        tskl_matcher_begin(&s.matcher, TSKL_S("aaaa.test"), i % 2 ? 8443 : 443, 2, &match);
        tskl_matcher_finish(&s.matcher, TSKL_S("aaaa.test"), 2, &match);
        CHECK_ROW(i, tskl_set_has(&match.taken, 1) == (i % 2 == 1));
    }
}

TEST(matcher, asks_again_when_a_pack_was_added) {
    static const tskl_slice host = TSKL_LIT("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.test");
    tskl_slice same = TSKL_S("b+[.]test");
    tskl_hostlist list;
    tskl_hostmatch match;
    story s CLEANUP(close_story) = {0};
    CHECK_OK(open_story(&s, t));
    tskl_matcher_begin(&s.matcher, host, 443, 2, &match);
    tskl_matcher_finish(&s.matcher, host, 2, &match);
    CHECK_OK(tskl_hostlist_make_expressions(&same, 1, t->arena, &list, &t->err));
    CHECK_OK(tskl_hostindex_add(s.index, &list, 2, &t->err));
    tskl_matcher_begin(&s.matcher, host, 443, 2, &match);
    CHECK(!tskl_set_has(&match.taken, 2)); // it is not in use yet
    tskl_matcher_begin(&s.matcher, host, 443, 3, &match);
    tskl_matcher_finish(&s.matcher, host, 3, &match);
    CHECK(tskl_set_has(&match.taken, 0) && tskl_set_has(&match.taken, 2));
}

TEST(matcher, needs_no_lock_to_find_out) {
    story s CLEANUP(close_story) = {0};
    tskl_hostmatch match;
    CHECK_OK(open_story(&s, t));
    pthread_mutex_lock(&s.matcher.lock); // as in a child that was forked at that moment
    tskl_matcher_begin(&s.matcher, TSKL_S("a.b"), 443, 2, &match);
    tskl_matcher_finish(&s.matcher, TSKL_S("a.b"), 2, &match);
    pthread_mutex_unlock(&s.matcher.lock);
    CHECK(tskl_set_is_empty(&match.open) && tskl_set_is_empty(&match.taken));
}
