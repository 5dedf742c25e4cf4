// The index against the lists it was made of, asked one by one.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/hostindex.h"
#include "pack/naive_pattern.h"
#include <stdio.h>

static void free_index(tskl_hostindex **index) {
    tskl_hostindex_free(*index);
}

static const char hard[] = "((a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|w|x|y|z|.)*)*q%zu";

static tskl_status make_hard(tskl_test *t, size_t count, tskl_hostlist *out) {
    tskl_slice *items = tskl_arena_array(t->arena, tskl_slice, count);
    for (size_t i = 0; items && i < count; i++)
        items[i] = tskl_slice_of(tskl_arena_printf(t->arena, hard, i));
    if (!items) return TSKL_ERR_NOMEM;
    return tskl_hostlist_make_expressions(items, count, t->arena, out, &t->err);
}

TEST(hostindex, takes_what_a_list_takes) {
    static const char *const patterns[] = {"api.stripe.com",
                                           "API.Stripe.com:443",
                                           "*.stripe.com",
                                           "*.stripe.com:80",
                                           "*",
                                           "*:8080",
                                           "[::1]",
                                           "[::1]:80",
                                           "127.0.0.1",
                                           "com",
                                           "*.com",
                                           "*.a.api.stripe.com"};
    static const char *const hosts[] = {"api.stripe.com",
                                        "API.stripe.COM.",
                                        "stripe.com",
                                        ".stripe.com",
                                        "evilstripe.com",
                                        "a.b.stripe.com",
                                        "[::1]",
                                        "::1",
                                        "127.0.0.1",
                                        "",
                                        ".",
                                        "..",
                                        "com",
                                        "a.com",
                                        "x.a.api.stripe.com",
                                        "a.api.stripe.com"};
    static const uint16_t ports[] = {80, 443, 8080};
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    tskl_hostlist lists[TSKL_COUNT(patterns)];
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    for (size_t i = 0; i < TSKL_COUNT(patterns); i++) {
        tskl_slice pattern = tskl_slice_of(patterns[i]);
        CHECK_OK(tskl_hostlist_make(&pattern, 1, t->arena, &lists[i], &t->err));
        CHECK_OK(tskl_hostindex_add(index, &lists[i], i * 20, &t->err));
    }
    for (size_t i = 0; i < TSKL_COUNT(hosts) * TSKL_COUNT(ports); i++) {
        tskl_slice host = tskl_slice_of(hosts[i / TSKL_COUNT(ports)]);
        uint16_t port = ports[i % TSKL_COUNT(ports)];
        tskl_hostmatch match;
        tskl_hostindex_find(index, host, port, &match);
        CHECK(tskl_set_is_empty(&match.open));
        for (size_t j = 0; j < TSKL_COUNT(patterns); j++)
            CHECK_SAY(tskl_set_has(&match.taken, j * 20) ==
                          tskl_hostlist_has(&lists[j], host, port),
                      "%s and " TSKL_FMT ":%u", patterns[j], TSKL_ARG(host), port);
    }
}

// Names of a, b and dots, so that many are the same, and begin and end as others do.
static tskl_slice random_name(uint32_t *seed, char room[8]) {
    size_t len = 1 + naive_next(seed, 5);
    for (size_t i = 0; i < len; i++) room[i] = "ab."[naive_next(seed, i % 2 ? 3 : 2)];
    if (room[len - 1] == '.') room[len - 1] = 'b';
    return (tskl_slice){room, len};
}

static tskl_status random_list(tskl_test *t, uint32_t *seed, tskl_hostlist *out) {
    tskl_slice items[4];
    size_t count = 1 + naive_next(seed, 4);
    bool expressions = naive_next(seed, 4) == 0;
    for (size_t i = 0; i < count; i++) {
        char room[200], name[8];
        tskl_slice word = random_name(seed, name);
        if (expressions) {
            items[i] = naive_pattern_make(seed, room);
        } else {
            const char *before = naive_next(seed, 3) ? "" : "*.";
            const char *after = naive_next(seed, 3) ? "" : ":80";
            items[i] = tskl_slice_make(
                room, (size_t)sprintf(room, "%s" TSKL_FMT "%s", before, TSKL_ARG(word), after));
        }
        if (!tskl_arena_copy(t->arena, items[i], &items[i])) return TSKL_ERR_NOMEM;
    }
    return expressions ? tskl_hostlist_make_expressions(items, count, t->arena, out, &t->err)
                       : tskl_hostlist_make(items, count, t->arena, out, &t->err);
}

TEST_ONCE(hostindex, takes_what_256_lists_take_one_by_one) {
    static tskl_hostlist lists[TSKL_HOSTINDEX_LISTS];
    uint32_t seed = 7;
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    for (size_t i = 0; i < TSKL_HOSTINDEX_LISTS; i++) {
        while (random_list(t, &seed, &lists[i])) continue; // some expressions are too large
        CHECK_OK(tskl_hostindex_add(index, &lists[i], i, &t->err));
    }
    for (size_t round = 0; round < 400; round++) {
        char room[8];
        tskl_slice host = random_name(&seed, room);
        uint16_t port = naive_next(&seed, 2) ? 80 : 443;
        tskl_hostmatch match;
        tskl_hostindex_find(index, host, port, &match);
        tskl_hostindex_decide(index, host, SIZE_MAX, &match);
        CHECK(tskl_set_is_empty(&match.open));
        for (size_t i = 0; i < TSKL_HOSTINDEX_LISTS; i++)
            CHECK_SAY(tskl_set_has(&match.taken, i) == tskl_hostlist_has(&lists[i], host, port),
                      "list %zu and " TSKL_FMT ":%u", i, TSKL_ARG(host), port);
    }
}

TEST(hostindex, takes_names_of_any_length_a_host_may_have) {
    char name[253], host[300];
    memset(name, 'a', sizeof name);
    for (size_t i = 9; i < sizeof name; i += 10) name[i] = '.';
    name[sizeof name - 1] = 'a';
    memset(host, 'x', sizeof host);
    tskl_slice pattern = tskl_slice_make(name, sizeof name);
    tskl_hostlist exact, below;
    tskl_slice any = tskl_slice_of(tskl_arena_printf(t->arena, "*." TSKL_FMT, TSKL_ARG(pattern)));
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    CHECK_OK(tskl_hostlist_make(&pattern, 1, t->arena, &exact, &t->err));
    CHECK_OK(tskl_hostlist_make(&any, 1, t->arena, &below, &t->err));
    CHECK_OK(tskl_hostindex_add(index, &exact, 0, &t->err));
    CHECK_OK(tskl_hostindex_add(index, &below, 255, &t->err));
    memcpy(host + sizeof host - sizeof name, name, sizeof name);
    host[sizeof host - sizeof name - 1] = '.';
    tskl_hostmatch match;
    tskl_hostindex_find(index, pattern, 443, &match);
    CHECK(tskl_set_has(&match.taken, 0) && !tskl_set_has(&match.taken, 255));
    tskl_hostindex_find(index, tskl_slice_make(host, sizeof host), 443, &match);
    CHECK(!tskl_set_has(&match.taken, 0) && tskl_set_has(&match.taken, 255));
    host[sizeof host - sizeof name - 1] = 'x';
    tskl_hostindex_find(index, tskl_slice_make(host, sizeof host), 443, &match);
    CHECK(tskl_set_is_empty(&match.taken));
}

TEST_ONCE(hostindex, leaves_open_what_takes_more_steps_than_it_may) {
    tskl_hostlist list;
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    tskl_hostmatch match, later;
    char host[240];
    memset(host, 'a', sizeof host);
    memcpy(host + sizeof host - 5, "q1023", 5);
    tskl_slice name = tskl_slice_make(host, sizeof host);
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    CHECK_OK(make_hard(t, 1024, &list));
    CHECK_OK(tskl_hostindex_add(index, &list, 3, &t->err));
    tskl_hostindex_find(index, name, 443, &match);
    tskl_hostindex_decide(index, name, TSKL_HOSTINDEX_STEPS, &match);
    CHECK(tskl_set_has(&match.open, 3) && !tskl_set_has(&match.taken, 3));
    later = match;
    tskl_hostindex_decide(index, name, SIZE_MAX, &later);
    CHECK(!tskl_set_has(&later.open, 3) && tskl_set_has(&later.taken, 3));
    name.len--;
    tskl_hostindex_decide(index, name, SIZE_MAX, &match);
    CHECK(!tskl_set_has(&match.open, 3) && tskl_set_has(&match.taken, 3)); // q102
    name.len -= 4;
    tskl_hostindex_find(index, name, 443, &match);
    tskl_hostindex_decide(index, name, SIZE_MAX, &match);
    CHECK(tskl_set_is_empty(&match.open) && tskl_set_is_empty(&match.taken));
}

TEST(hostindex, decides_ordinary_expressions_at_once) {
    static const char *const ordinary[] = {
        "api\\.stripe\\.com",    "api.twilio.com",           ".*\\.amazonaws\\.com",
        "(.+\\.)?example\\.org", "[a-z0-9-]+\\.shop\\.test", "^(api|files)\\.service\\.test$",
    };
    tskl_slice items[TSKL_COUNT(ordinary)];
    tskl_hostlist list;
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    for (size_t i = 0; i < TSKL_COUNT(ordinary); i++) items[i] = tskl_slice_of(ordinary[i]);
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    CHECK_OK(tskl_hostlist_make_expressions(items, TSKL_COUNT(ordinary), t->arena, &list, &t->err));
    CHECK_OK(tskl_hostindex_add(index, &list, 2, &t->err));
    static const char *const hosts[] = {"s3.eu-central-1.amazonaws.com", "files.service.test",
                                        "nobody.knows.this-host.example.net"};
    for (size_t i = 0; i < TSKL_COUNT(hosts); i++) {
        tskl_hostmatch match;
        tskl_hostindex_find(index, tskl_slice_of(hosts[i]), 443, &match);
        tskl_hostindex_decide(index, tskl_slice_of(hosts[i]), TSKL_HOSTINDEX_STEPS, &match);
        CHECK_ROW(i, tskl_set_is_empty(&match.open) && tskl_set_has(&match.taken, 2) == (i < 2));
    }
}

TEST(hostindex, forgets_a_list_that_is_removed) {
    tskl_slice names[] = {TSKL_S("a.test"), TSKL_S("*.a.test")}, expressions[] = {TSKL_S("b.test")};
    tskl_hostlist list, matched;
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    CHECK_OK(tskl_hostlist_make(names, 2, t->arena, &list, &t->err));
    CHECK_OK(tskl_hostlist_make_expressions(expressions, 1, t->arena, &matched, &t->err));
    CHECK_OK(tskl_hostindex_add(index, &list, 0, &t->err));
    CHECK_OK(tskl_hostindex_add(index, &list, 1, &t->err));
    tskl_hostindex_remove(index, 1);
    CHECK_OK(tskl_hostindex_add(index, &matched, 1, &t->err));
    CHECK(tskl_hostindex_has(index, TSKL_S("b.test"), 443));
    tskl_hostindex_remove(index, 1);
    CHECK(!tskl_hostindex_has(index, TSKL_S("b.test"), 443));
    tskl_hostmatch match;
    tskl_hostindex_find(index, TSKL_S("x.a.test"), 443, &match);
    CHECK(tskl_set_has(&match.taken, 0) && !tskl_set_has(&match.taken, 1));
}

TEST(hostindex, adds_all_of_a_list_or_nothing) {
    tskl_slice names[100];
    tskl_hostlist list;
    tskl_hostindex *index CLEANUP(free_index) = NULL;
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        names[i] = tskl_slice_of(tskl_arena_printf(t->arena, "h%zu.test", i));
    CHECK_OK(tskl_hostindex_new(&index, &t->err));
    CHECK_OK(tskl_hostlist_make(names, TSKL_COUNT(names), t->arena, &list, &t->err));
    bool added = tskl_hostindex_add(index, &list, 5, &t->err) == TSKL_OK;
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        CHECK_ROW(i, tskl_hostindex_has(index, names[i], 443) == added);
}

TEST_ONCE(hostpattern, takes_what_a_naive_matcher_takes) {
    uint32_t seed = 1;
    size_t takes = 0, compared = 0;
    for (size_t round = 0; round < 3000; round++) {
        char room[200], host[12];
        const tskl_hostpattern *pattern;
        tskl_slice text = naive_pattern_make(&seed, room);
        tskl_arena_reuse(t->arena);
        if (tskl_hostpattern_make(text, t->arena, &pattern, &t->err)) continue; // it is too large
        for (size_t i = 0; i < 20; i++, compared++) {
            size_t steps = SIZE_MAX, len = naive_next(&seed, 9);
            for (size_t j = 0; j < len; j++) host[j] = "aab."[naive_next(&seed, 4)];
            tskl_slice name = {host, len};
            bool naive = naive_pattern_takes(text, name);
            takes += naive;
            CHECK_SAY((tskl_hostpattern_takes(pattern, name, &steps) == TSKL_HOSTPATTERN_YES) ==
                          naive,
                      TSKL_FMT " and " TSKL_FMT, TSKL_ARG(text), TSKL_ARG(name));
        }
    }
    CHECK(compared > 40000 && takes > compared / 20);
}
