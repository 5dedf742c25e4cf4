// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/hostpattern.h"

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
        CHECK_OK(tskl_hostpattern_check(pattern, &t->err));
        CHECK_ROW(i, tskl_hostpattern_takes(pattern, host) == rows[i].takes);
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
        CHECK(!tskl_hostpattern_takes(pattern, pattern));
    }
}

// Where others try each way by itself, this takes longer than the sun lasts.
TEST(hostpattern, takes_no_longer_for_a_pattern_made_to_take_long) {
    char host[200];
    memset(host, 'a', sizeof host);
    tskl_slice name = {host, sizeof host};
    CHECK(!tskl_hostpattern_takes(TSKL_S("(a+)+b"), name));
    CHECK(!tskl_hostpattern_takes(TSKL_S("(a|a)*(a|aa)*(a?){20}b"), name));
    CHECK(tskl_hostpattern_takes(TSKL_S("(a*)*(a*)*(a*)*"), name));
}
