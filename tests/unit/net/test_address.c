// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

typedef struct room {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
        struct sockaddr_un local;
    };
} room;

static bool read_address(const char *text, room *out) {
    *out = (room){0};
    if (inet_pton(AF_INET, text, &out->four.sin_addr) == 1)
        out->any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &out->six.sin6_addr) == 1)
        out->any.sa_family = AF_INET6;
    return out->any.sa_family != 0;
}

// The first and the last address of each range, and their neighbours outside.
TEST(address, is_refused_in_every_range_that_is_not_public) {
    static const struct {
        const char *address, *problem;
    } rows[] = {
        {"0.0.0.0", "this network"},
        {"0.255.255.255", "this network"},
        {"1.0.0.0", NULL},
        {"9.255.255.255", NULL},
        {"10.0.0.0", "private"},
        {"10.255.255.255", "private"},
        {"11.0.0.0", NULL},
        {"100.63.255.255", NULL},
        {"100.64.0.0", "shared"},
        {"100.100.100.200", "metadata"},
        {"100.127.255.255", "shared"},
        {"100.128.0.0", NULL},
        {"126.255.255.255", NULL},
        {"127.0.0.0", "loopback"},
        {"127.0.0.1", "loopback"},
        {"127.255.255.255", "loopback"},
        {"128.0.0.0", NULL},
        {"168.63.129.15", NULL},
        {"168.63.129.16", "metadata"},
        {"168.63.129.17", NULL},
        {"169.253.255.255", NULL},
        {"169.254.0.0", "link-local"},
        {"169.254.169.254", "metadata"},
        {"169.254.255.255", "link-local"},
        {"169.255.0.0", NULL},
        {"172.15.255.255", NULL},
        {"172.16.0.0", "private"},
        {"172.31.255.255", "private"},
        {"172.32.0.0", NULL},
        {"191.255.255.255", NULL},
        {"192.0.0.0", "reserved"},
        {"192.0.0.192", "reserved"},
        {"192.0.0.255", "reserved"},
        {"192.0.1.0", NULL},
        {"192.0.2.0", "documentation"},
        {"192.0.2.255", "documentation"},
        {"192.0.3.0", NULL},
        {"192.88.98.255", NULL},
        {"192.88.99.1", "relay"},
        {"192.88.100.0", NULL},
        {"192.167.255.255", NULL},
        {"192.168.0.0", "private"},
        {"192.168.255.255", "private"},
        {"192.169.0.0", NULL},
        {"198.17.255.255", NULL},
        {"198.18.0.0", "benchmarking"},
        {"198.19.255.255", "benchmarking"},
        {"198.20.0.0", NULL},
        {"198.51.99.255", NULL},
        {"198.51.100.0", "documentation"},
        {"198.51.100.255", "documentation"},
        {"198.51.101.0", NULL},
        {"203.0.112.255", NULL},
        {"203.0.113.0", "documentation"},
        {"203.0.113.255", "documentation"},
        {"203.0.114.0", NULL},
        {"223.255.255.255", NULL},
        {"224.0.0.0", "multicast"},
        {"239.255.255.255", "multicast"},
        {"240.0.0.0", "reserved"},
        {"255.255.255.255", "reserved"},
        {"8.8.8.8", NULL},

        {"::", "reserved"},
        {"::1", "loopback"},
        {"::2", "reserved"},
        {"::127.0.0.1", "reserved"}, // "compatible", long given up
        {"::8.8.8.8", "reserved"},
        {"::ffff:127.0.0.1", "loopback"},
        {"::ffff:10.1.2.3", "private"},
        {"::ffff:169.254.169.254", "metadata"},
        {"::ffff:8.8.8.8", NULL},
        {"::ffff:0:7f00:1", "reserved"}, // "translated"
        {"64:ff9b::127.0.0.1", "loopback"},
        {"64:ff9b::192.168.1.1", "private"},
        {"64:ff9b::8.8.8.8", NULL},
        {"64:ff9b:0:1::8.8.8.8", "reserved"},
        {"64:ff9b:1::8.8.8.8", "reserved"}, // NAT64 of a network's own
        {"100::1", "reserved"},
        {"1fff:ffff::1", "reserved"},
        {"2000::1", NULL},
        {"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
        {"2001::1", "this network"},                               // Teredo: its server is 0.0.0.0
        {"2001:0:4136:e378:8000:63bf:80ff:fffe", "loopback"},      // Teredo of 127.0.0.1
        {"2001:0:4136:e378:8000:63bf:f5ff:fffe", "private"},       // of 10.0.0.1
        {"2001:0:a9fe:a9fe:8000:63bf:3fff:fdd2", "metadata"},      // from that server
        {"2001:0:4136:e378:8000:63bf:3fff:fdd2", "documentation"}, // of 192.0.2.45
        {"2001:0:4136:e378:8000:63bf:f7f7:f7f7", NULL},            // of 8.8.8.8
        {"2001:1::1", "reserved"},
        {"2001:2::1", "reserved"},
        {"2001:20::1", "reserved"},
        {"2001:1ff:ffff::1", "reserved"},
        {"2001:200::1", NULL},
        {"2001:db7:ffff::1", NULL},
        {"2001:db8::1", "documentation"},
        {"2001:db8:ffff::1", "documentation"},
        {"2001:db9::1", NULL},
        {"2001:4860:4860::8888", NULL},
        {"2002:7f00:1::", "loopback"}, // 6to4 of 127.0.0.1
        {"2002:a9fe:a9fe::1", "metadata"},
        {"2002:c0a8:101::1", "private"},
        {"2002:808:808::1", NULL},
        {"2003::1", NULL},
        {"3ffe:ffff::1", NULL},
        {"3fff::1", "documentation"},
        {"3fff:fff:ffff::1", "documentation"},
        {"3fff:1000::1", NULL},
        {"4000::1", "reserved"},
        {"5f00::1", "reserved"},
        {"fbff::1", "reserved"},
        {"fc00::1", "private"},
        {"fd00:ec2::254", "private"},
        {"fdff:ffff::1", "private"},
        {"fe00::1", "reserved"},
        {"fe80::1", "link-local"},
        {"febf:ffff::1", "link-local"},
        {"fec0::1", "private"},
        {"feff:ffff::1", "private"},
        {"ff02::1", "multicast"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        room address;
        CHECK_ROW(i, read_address(rows[i].address, &address));
        const char *problem = tskl_address_problem(&address.any);
        CHECK_SAY(!problem == !rows[i].problem && (!problem || strstr(problem, rows[i].problem)),
                  "%s: %s, not %s", rows[i].address, problem ? problem : "public",
                  rows[i].problem ? rows[i].problem : "public");
    }
}

TEST(address, is_refused_in_any_other_family) {
    room address = {.local = {.sun_family = AF_UNIX}};
    char text[TSKL_ADDRESS_TEXT_MAX];
    CHECK(tskl_address_problem(&address.any));
    tskl_address_text(&address.any, text);
    CHECK(text[0] == 0);
    CHECK(!tskl_address_same(&address.any, &address.any));
}

TEST(address, is_the_same_whatever_its_port) {
    room a, b;
    CHECK(read_address("192.0.2.1", &a) && read_address("192.0.2.1", &b));
    a.four.sin_port = htons(80);
    CHECK(tskl_address_same(&a.any, &b.any));
    CHECK(read_address("192.0.2.2", &b) && !tskl_address_same(&a.any, &b.any));
    CHECK(read_address("::ffff:192.0.2.1", &b) && !tskl_address_same(&a.any, &b.any));
    char text[TSKL_ADDRESS_TEXT_MAX];
    tskl_address_text(&b.any, text);
    CHECK_TEXT(TSKL_S("::ffff:192.0.2.1"), tskl_slice_of(text));
}

TEST(address, is_literal_only_as_a_url_has_it) {
    static const struct {
        const char *host;
        bool literal, loopback;
    } rows[] = {
        {"127.0.0.1", true, true},    {"127.255.0.9", true, true},
        {"10.0.0.1", true, false},    {"[::1]", true, true},
        {"[::]", true, false},        {"[2001:db8::1]", true, false},
        {"::1", false, false},        {"[127.0.0.1]", false, false},
        {"127.1", false, false},      {"0x7f.0.0.1", false, false},
        {"localhost", false, false},  {"2130706433", false, false},
        {"[]", false, false},         {"", false, false},
        {"[::1", false, false},       {"127.0.0.1 ", false, false},
        {"0127.0.0.1", false, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice host = tskl_slice_of(rows[i].host);
        CHECK_ROW(i, tskl_address_is_literal(host) == rows[i].literal);
        CHECK_ROW(i, tskl_address_is_loopback(host) == rows[i].loopback);
    }
}
