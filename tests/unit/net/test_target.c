// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/target.h"

TEST(target, is_written_anew) {
    static const struct {
        const char *url, *anew, *host, *label;
        bool secure;
        uint16_t port;
    } rows[] = {
        {"https://api.example.com/v1?a=b&c=%20", "https://api.example.com:443/v1?a=b&c=%20",
         "api.example.com", "https://api.example.com", true, 443},
        {"HTTP://API.Example.COM", "http://api.example.com:80/", "api.example.com",
         "http://api.example.com", false, 80},
        {"http://api.example.com.:8080#top", "http://api.example.com:8080/", "api.example.com",
         "http://api.example.com:8080", false, 8080},
        {"https://a_b.example:/x?y#z?", "https://a_b.example:443/x?y", "a_b.example",
         "https://a_b.example", true, 443},
        {"http://127.0.0.1:9/", "http://127.0.0.1:9/", "127.0.0.1", "http://127.0.0.1:9", false, 9},
        {"http://[::1]:9?q", "http://[::1]:9/?q", "[::1]", "http://[::1]:9", false, 9},
        {"http://[2001:DB8::1]", "http://[2001:db8::1]:80/", "[2001:db8::1]",
         "http://[2001:db8::1]", false, 80},
        {"http://localhost/a/../b//c", "http://localhost:80/a/../b//c", "localhost",
         "http://localhost", false, 80},
        {"http://1.example/", "http://1.example:80/", "1.example", "http://1.example", false, 80},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_target target;
        CHECK_OK(tskl_target_parse(tskl_slice_of(rows[i].url), t->arena, &target, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].anew), tskl_slice_of(target.url));
        CHECK_TEXT(tskl_slice_of(rows[i].label), tskl_slice_of(target.label));
        CHECK_TEXT(tskl_slice_of(rows[i].host), target.host);
        CHECK_ROW(i, target.secure == rows[i].secure && target.port == rows[i].port);
    }
}

TEST(target, refuses_what_readers_take_differently) {
    static const struct {
        tskl_slice url;
        const char *why;
    } rows[] = {
        {TSKL_LIT(""), "only http:// and https://"},
        {TSKL_LIT("ftp://example.com/"), "only http:// and https://"},
        {TSKL_LIT("file:///etc/passwd"), "only http:// and https://"},
        {TSKL_LIT("gopher://127.0.0.1/"), "only http:// and https://"},
        {TSKL_LIT("//example.com/"), "only http:// and https://"},
        {TSKL_LIT("http:/example.com/"), "only http:// and https://"},
        {TSKL_LIT("example.com"), "only http:// and https://"},
        {TSKL_LIT("http://"), "its host"},
        {TSKL_LIT("http:///path"), "its host"},
        {TSKL_LIT("http://."), "its host"},
        {TSKL_LIT("http://a..b/"), "its host"},
        {TSKL_LIT("http://a.b../"), "its host"},
        {TSKL_LIT("http://.a/"), "its host"},
        {TSKL_LIT("http://127.1/"), "its host"},
        {TSKL_LIT("http://2130706433/"), "its host"},
        {TSKL_LIT("http://0x7f.0.0.1/"), "its host"},
        {TSKL_LIT("http://0x7f000001/"), "its host"},
        {TSKL_LIT("http://0177.0.0.1/"), "its host"},
        {TSKL_LIT("http://127.0.0.1.1/"), "its host"},
        {TSKL_LIT("http://256.0.0.1/"), "its host"},
        {TSKL_LIT("http://[::1"), "its host"},
        {TSKL_LIT("http://::1/"), "its host"},
        {TSKL_LIT("http://[fe80::1%25eth0]/"), "its host"},
        {TSKL_LIT("http://[v1.a]/"), "its host"},
        {TSKL_LIT("http://ex%61mple.com/"), "its host"},
        {TSKL_LIT("http://ex*mple.com/"), "its host"},
        {TSKL_LIT("http://a:b:80/"), "its host"},
        {TSKL_LIT("http://a,b/"), "its host"},
        {TSKL_LIT("http://user@example.com/"), "a user name or a password"},
        {TSKL_LIT("http://user:pw@example.com/"), "a user name or a password"},
        {TSKL_LIT("http://example.com:80@evil.com/"), "a user name or a password"},
        {TSKL_LIT("http://@/"), "a user name or a password"},
        {TSKL_LIT("http://a:0/"), "its port"},
        {TSKL_LIT("http://a:65536/"), "its port"},
        {TSKL_LIT("http://a:99999999999999999999/"), "its port"},
        {TSKL_LIT("http://a:-1/"), "its host"},
        {TSKL_LIT("http://a:8o/"), "its host"},
        {TSKL_LIT("http://example.com\\@evil.com/"), "%-encoded"},
        {TSKL_LIT("http://example.com/a b"), "%-encoded"},
        {TSKL_LIT("http://example.com/a\r\nHost: x"), "%-encoded"},
        {TSKL_LIT("http://example.com/a\0b"), "%-encoded"},
        {TSKL_LIT("http://example.com/\x7f"), "%-encoded"},
        {TSKL_LIT("http://ex\xc3\xa4mple.com/"), "%-encoded"},
        {TSKL_LIT("http://example.com/\xc3\xa4"), "%-encoded"},
        {TSKL_LIT(" http://example.com/"), "%-encoded"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_target target;
        t->err.message[0] = 0;
        CHECK_ROW(i, tskl_target_parse(rows[i].url, t->arena, &target, &t->err) != TSKL_OK);
        CHECK_HAS(t->err.message, rows[i].why);
        CHECK_ROW(i, !target.url && target.host.len == 0);
    }
}

TEST(target, has_a_limit) {
    char long_url[TSKL_TARGET_MAX + 2] = "http://a/";
    memset(long_url + 9, 'x', sizeof long_url - 10);
    tskl_target target;
    CHECK_STATUS(TSKL_ERR_LIMIT,
                 tskl_target_parse(tskl_slice_of(long_url), t->arena, &target, &t->err));
    CHECK_OK(
        tskl_target_parse(tskl_slice_make(long_url, TSKL_TARGET_MAX), t->arena, &target, &t->err));
    CHECK(strlen(target.url) == TSKL_TARGET_MAX + 3);
}
