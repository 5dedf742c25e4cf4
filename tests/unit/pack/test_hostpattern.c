// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/hostpattern.h"

static tskl_status takes(tskl_test *t, tskl_slice text, tskl_slice host, bool *answer) {
    const tskl_hostpattern *pattern;
    size_t steps = SIZE_MAX;
    *answer = false;
    TSKL_TRY(tskl_hostpattern_make(text, t->arena, &pattern, &t->err));
    *answer = tskl_hostpattern_takes(pattern, host, &steps) == TSKL_HOSTPATTERN_YES;
    return TSKL_OK;
}

TEST(hostpattern, takes_whole_hosts) {
    static const struct {
        const char *pattern, *host;
        bool takes;
    } rows[] = {
        {"api\\.stripe\\.com", "api.stripe.com", true},
        {"api\\.stripe\\.com", "API.Stripe.com", true},
        {"api\\.stripe\\.com", "apixstripe.com", false},
        {"api\\.stripe\\.com", "evil-api.stripe.com", false},
        {"api\\.stripe\\.com", "api.stripe.com.evil.example", false},
        {"^api.stripe.com$", "api-stripe.com", true},
        {".*\\.example\\.com", "a.b.example.com", true},
        {".*\\.example\\.com", "example.com", false},
        {".+", "a", true},
        {".+", "", false},
        {"a|bc|d", "bc", true},
        {"a|bc|d", "d", true},
        {"a|bc|d", "ad", false},
        {"(a|b)*c", "abbac", true},
        {"(?:a|b)+c", "c", false},
        {"(a|b)+c", "abc", true},
        {"(api|files)\\.x\\.(com|io)", "files.x.io", true},
        {"a{2}", "aa", true},
        {"a{2}", "aaa", false},
        {"(ab){1,3}", "ababab", true},
        {"(ab){1,3}", "abababab", false},
        {"a{2,}", "aaaa", true},
        {"a{2,}", "a", false},
        {"a{0}b", "b", true},
        {"x(a?){3}y", "xaay", true},
        {"[a-f0-9]+", "c0ffee", true},
        {"[a-f0-9]+", "g", false},
        {"[^.]+\\.x", "a-b.x", true},
        {"[^.]+\\.x", "a.b.x", false},
        {"[A-C]", "b", true},
        {"[a\\-z]", "-", true},
        {"[-a]", "-", true},
        {"\\w+-\\d+", "shard_a-12", true},
        {"\\w+-\\d+", "a-b", false},
        {"(|a)b", "b", true},
        {"a??b", "b", true},
        {"((a*)*)*", "aaaa", true},
        {"((a*)*)*", "b", false},
        {"^a$|^b$", "b", true},
        {"a\xff", "a\xff", false}, // hosts are ASCII
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice pattern = tskl_slice_of(rows[i].pattern), host = tskl_slice_of(rows[i].host);
        bool answer;
        CHECK_OK(takes(t, pattern, host, &answer));
        CHECK_ROW(i, answer == rows[i].takes);
    }
}

TEST(hostpattern, says_what_is_wrong_and_where) {
    static const struct {
        const char *pattern, *says;
    } rows[] = {
        {"", "at byte 0: it is empty"},
        {"a)", "')' has no '('"},
        {"(a", "at byte 2: ')' is missing"},
        {"[a", "']' is missing"},
        {"[b-a]", "a range runs backwards"},
        {"[a-\\d]", "a range ends in a class"},
        {"[[:alpha:]]", "[: is not supported"},
        {"*a", "at byte 1: there is nothing to repeat"},
        {"a**", "there is nothing to repeat"},
        {"(a)\\1", "back-references are not supported"},
        {"a\\b", "what follows '\\' is not supported"},
        {"a\\", "what follows '\\' is not supported"},
        {"(?=a)", "of (? only (?: is supported"},
        {"a{", "a number is missing"},
        {"a{2", "'}' is missing"},
        {"a{3,2}", "it repeats less often than that"},
        {"a{65}", "it repeats too often"},
        {"(a{60}){60}", "the pattern is too large"},
        {"((((((((((((((((((a))))))))))))))))))", "groups lie too deep"},
        {"a$b", "'$' is not at an end"},
        {"a^b", "'^' is not at a beginning"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice pattern = tskl_slice_of(rows[i].pattern);
        CHECK_STATUS(TSKL_ERR_INVALID, tskl_hostpattern_check(pattern, &t->err));
        CHECK_HAS(t->err.message, rows[i].says);
        const tskl_hostpattern *none;
        CHECK_STATUS(TSKL_ERR_INVALID, tskl_hostpattern_make(pattern, t->arena, &none, &t->err));
        CHECK(!none);
    }
}

// Where others try each way by itself, this takes longer than the sun lasts.
TEST(hostpattern, takes_a_step_for_each_byte_and_place_at_most) {
    static const struct {
        const char *pattern;
        bool takes;
    } rows[] = {
        {"(a+)+b", false},          {"(a|a)*(a|aa)*(a?){20}b", false},
        {"(a*)*(a*)*(a*)*", true},  {"((a|b|c|d|e|f|g|h|.)*)*q", false},
        {"(a|b)*a(a|b){25}", true}, {"(.?){30}(.?){30}", false},
    };
    char host[TSKL_HOSTPATTERN_HOST_MAX];
    memset(host, 'a', sizeof host);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_hostpattern *pattern;
        size_t most = sizeof host * (TSKL_HOSTPATTERN_STEPS_MAX + 1), left = most;
        CHECK_OK(
            tskl_hostpattern_make(tskl_slice_of(rows[i].pattern), t->arena, &pattern, &t->err));
        tskl_hostpattern_answer answer =
            tskl_hostpattern_takes(pattern, (tskl_slice){host, sizeof host}, &left);
        CHECK_ROW(i, answer == (rows[i].takes ? TSKL_HOSTPATTERN_YES : TSKL_HOSTPATTERN_NO));
        CHECK_ROW(i, left < most);
    }
}

TEST(hostpattern, leaves_open_what_takes_more_steps_than_it_may) {
    const tskl_hostpattern *pattern;
    size_t enough = SIZE_MAX;
    tskl_slice host = TSKL_S("aaaaaaaaaaaaaaaaaaaab");
    CHECK_OK(tskl_hostpattern_make(TSKL_S("(a|a|a)*b"), t->arena, &pattern, &t->err));
    CHECK(tskl_hostpattern_takes(pattern, host, &enough) == TSKL_HOSTPATTERN_YES);
    enough = SIZE_MAX - enough;
    CHECK(enough > host.len && enough < host.len * 6);
    for (size_t steps = 0; steps <= enough; steps++) {
        size_t left = steps;
        bool decided = tskl_hostpattern_takes(pattern, host, &left) == TSKL_HOSTPATTERN_YES;
        CHECK_ROW(steps, decided == (steps == enough) && left == 0);
    }
}

TEST(hostpattern, knows_an_expression_that_is_one_host) {
    static const struct {
        const char *pattern, *host;
    } rows[] = {
        {"api\\.stripe\\.com", "api.stripe.com"},
        {"^API\\.stripe[.]com$", "api.stripe.com"},
        {"(?:api)\\.(b{2})", "api.bb"},
        {"[a]", "a"},
        {"a|a", NULL}, // it is, but need not be found to be
        {"api.stripe\\.com", NULL},
        {"a?", NULL},
        {"ab*", NULL},
        {"a|b", NULL},
        {"ab|a", NULL},
        {"[ab]", NULL},
        {"()", NULL},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_hostpattern *pattern;
        char text[TSKL_HOSTPATTERN_MAX];
        size_t length;
        CHECK_OK(
            tskl_hostpattern_make(tskl_slice_of(rows[i].pattern), t->arena, &pattern, &t->err));
        bool literal = tskl_hostpattern_literal(pattern, text, &length);
        CHECK_ROW(i, literal == !!rows[i].host);
        if (literal) CHECK_TEXT(tskl_slice_of(rows[i].host), tskl_slice_make(text, length));
    }
}

// Programs mostly call other hosts than a Pack is for.
TEST(hostpattern, knows_a_host_by_its_ending_in_one_step) {
    static const struct {
        const char *pattern, *host;
        bool one_step;
    } rows[] = {
        {".*\\.stripe\\.com", "api.twilio.com", true},
        {"(.+\\.)?stripe\\.com", "api.twilio.com", true},
        {"((a|b|.)*)*q17", "aaaaaaaaaaaaaaaaaaaaaaaaq18", true},
        {"(api|files)\\.stripe\\.com", "stripe.com", true},
        {".*\\.stripe\\.(com|org)", "api.twilio.com", false}, // two ways to end
        {".*\\.stripe\\.co[mn]?", "api.twilio.com", false},
        {".*", "api.twilio.com", false},
        {"(ab)+", "cab", false}, // it ends so, and is another all the same
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_hostpattern *pattern;
        size_t left = 1;
        CHECK_OK(
            tskl_hostpattern_make(tskl_slice_of(rows[i].pattern), t->arena, &pattern, &t->err));
        tskl_hostpattern_answer answer =
            tskl_hostpattern_takes(pattern, tskl_slice_of(rows[i].host), &left);
        CHECK_ROW(i, answer == (rows[i].one_step ? TSKL_HOSTPATTERN_NO : TSKL_HOSTPATTERN_OPEN));
    }
}
