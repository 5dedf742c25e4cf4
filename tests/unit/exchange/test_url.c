// SPDX-License-Identifier: Apache-2.0
#include "exchange/url.h"
#include "harness.h"

TEST(url, falls_into_its_parts) {
    static const struct {
        const char *text, *scheme, *userinfo, *host, *path, *query, *fragment;
        unsigned port;
    } rows[] = {
        {"https://api.stripe.com/v1/charges?a=1#x", "https", "", "api.stripe.com", "/v1/charges",
         "a=1", "#x", 443},
        {"http://a", "http", "", "a", "", "", "", 80},
        {"http://a:8080?x", "http", "", "a", "", "x", "", 8080},
        {"HTTPS://A:443/", "HTTPS", "", "A", "/", "", "", 443},
        {"https://u:p@a/", "https", "u:p", "a", "/", "", "", 443},
        {"https://u:p@q@a:1/", "https", "u:p@q", "a", "/", "", "", 1},
        {"http://[::1]:3000/x", "http", "", "[::1]", "/x", "", "", 3000},
        {"http://[::1]/x", "http", "", "[::1]", "/x", "", "", 80},
        {"http://a/b@c:d?e://f", "http", "", "a", "/b@c:d", "e://f", "", 80},
        {"http://a#b?c", "http", "", "a", "", "", "#b?c", 80},
        {"http://a:99999/", "http", "", "a", "/", "", "", 80},
        {"http://a:/", "http", "", "a", "/", "", "", 80},
        {"http://a:x/", "http", "", "a", "/", "", "", 80},
        {"wss://a/", "wss", "", "a", "/", "", "", 443},
        {"/path?x=1", "", "", "", "/path", "x=1", "", 0},
        {"", "", "", "", "", "", "", 0},
        {"://a/", "", "", "", "://a/", "", "", 0},
        {"1http://a/", "", "", "", "1http://a/", "", "", 0},
        {"http:///x", "http", "", "", "/x", "", "", 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_url url = tskl_url_parse(tskl_slice_of(rows[i].text));
        CHECK_ROW(i, tskl_slice_equal(url.scheme, tskl_slice_of(rows[i].scheme)));
        CHECK_ROW(i, tskl_slice_equal(url.userinfo, tskl_slice_of(rows[i].userinfo)));
        CHECK_ROW(i, tskl_slice_equal(url.host, tskl_slice_of(rows[i].host)));
        CHECK_ROW(i, tskl_slice_equal(url.path, tskl_slice_of(rows[i].path)));
        CHECK_ROW(i, tskl_slice_equal(url.query, tskl_slice_of(rows[i].query)));
        CHECK_ROW(i, tskl_slice_equal(url.fragment, tskl_slice_of(rows[i].fragment)));
        CHECK_ROW(i, url.port == rows[i].port);
    }
}
