// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/hostlist.h"

TEST(hostlist, takes_subdomains_but_not_lookalikes) {
    static const struct {
        const char *pattern, *host;
        uint16_t port;
        bool takes;
    } rows[] = {
        {"api.stripe.com", "API.Stripe.com", 443, true},
        {"api.stripe.com", "api.stripe.com.", 443, true},
        {"api.stripe.com", "api.stripe.com", 8443, true},
        {"api.stripe.com:443", "api.stripe.com", 443, true},
        {"api.stripe.com:443", "api.stripe.com", 8443, false},
        {"*.stripe.com", "api.stripe.com", 443, true},
        {"*.stripe.com", "a.b.stripe.com", 443, true},
        {"*.stripe.com", "stripe.com", 443, false},
        {"*.stripe.com", ".stripe.com", 443, false},
        {"*.stripe.com", "evilstripe.com", 443, false},
        {"*.stripe.com:80", "api.stripe.com", 443, false},
        {"*", "anything", 1, true},
        {"*:8080", "anything", 8080, true},
        {"*:8080", "anything", 80, false},
        {"[::1]", "::1", 443, true},
        {"[::1]:80", "[::1]", 80, true},
        {"[::1]:80", "[::1]", 81, false},
        {"127.0.0.1", "127.0.0.1", 80, true},
        {"api.stripe.com", "", 443, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_hostlist list;
        tskl_slice pattern = tskl_slice_of(rows[i].pattern), host = tskl_slice_of(rows[i].host);
        CHECK_OK(tskl_hostlist_make(&pattern, 1, t->arena, &list, &t->err));
        CHECK_ROW(i, tskl_hostlist_has(&list, host, rows[i].port) == rows[i].takes);
    }
}

TEST(hostlist, names_a_host_only_as_it_is_with_its_port) {
    static const struct {
        const char *pattern, *host;
        uint16_t port;
        bool names;
    } rows[] = {
        {"127.0.0.1:9", "127.0.0.1", 9, true},  {"127.0.0.1:9", "127.0.0.1", 8, false},
        {"127.0.0.1:9", "127.0.0.2", 9, false}, {"127.0.0.1", "127.0.0.1", 80, false},
        {"*:9", "127.0.0.1", 9, false},         {"*", "127.0.0.1", 80, false},
        {"[::1]:9", "[::1]", 9, true},          {"[::1]", "[::1]", 80, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_hostlist list;
        tskl_slice pattern = tskl_slice_of(rows[i].pattern), host = tskl_slice_of(rows[i].host);
        CHECK_OK(tskl_hostlist_make(&pattern, 1, t->arena, &list, &t->err));
        CHECK_ROW(i, tskl_hostlist_names(&list, host, rows[i].port) == rows[i].names);
    }
}

TEST(hostlist, names_the_pattern_it_refuses) {
    static const struct {
        const char *pattern, *message;
    } rows[] = {
        {"", "is not a host"},
        {"a..b", "is not a host"},
        {".a", "is not a host"},
        {"a.", "is not a host"},
        {"a b", "is not a host"},
        {"b\xc3\xbc"
         "cher.de",
         "is not a host"},
        {"a.*.b", "'*' other than as its first label"},
        {"*a.b", "'*' other than as its first label"},
        {"*.*.b", "'*' other than as its first label"},
        {"*.", "is not a host"},
        {"https://a.b", "is a URL"},
        {"a.b:0", "no valid port"},
        {"a.b:70000", "no valid port"},
        {"a.b:http", "is not a host"},
        {"[::1", "is not an address"},
        {"[]", "is not an address"},
        {"[::g]", "is not an address"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_hostlist list;
        tskl_slice patterns[] = {TSKL_S("a.com"), tskl_slice_of(rows[i].pattern)};
        CHECK_STATUS(TSKL_ERR_INVALID, tskl_hostlist_make(patterns, 2, t->arena, &list, &t->err));
        CHECK_HAS(t->err.message, "host 2, \"");
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(list.count == 0);
    }
}
