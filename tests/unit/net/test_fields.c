// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/fields.h"
#include "net/http.h"

TEST(fields, of_a_pack_are_sent) {
    static const char *const rows[] = {
        "",
        "Authorization: Bearer x\r\nX-Api-Key: y\r\n",
        "accept:application/json\r\n",
        "X-Empty:\r\n",
        "x-tab: a\tb\r\n",
        "x-text: caf\xc3\xa9\r\n",
        "Content-Length: 3\r\n",
        "cookie: a=b\r\nuser-agent: mine\r\n",
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_OK(tskl_fields_check(tskl_slice_of(rows[i]), 3, &t->err));
}

TEST(fields, that_would_change_more_than_the_request_are_refused) {
    static const struct {
        tskl_slice lines;
        const char *says;
    } rows[] = {
        {TSKL_LIT("Host: internal\r\n"), "the header \"Host\" is not a Pack's to set"},
        {TSKL_LIT("HOST: internal\r\n"), "not a Pack's"},
        {TSKL_LIT("connection: upgrade\r\n"), "not a Pack's"},
        {TSKL_LIT("Keep-Alive: 5\r\n"), "not a Pack's"},
        {TSKL_LIT("TE: trailers\r\n"), "not a Pack's"},
        {TSKL_LIT("Trailer: x\r\n"), "not a Pack's"},
        {TSKL_LIT("Upgrade: h2c\r\n"), "not a Pack's"},
        {TSKL_LIT("HTTP2-Settings: x\r\n"), "not a Pack's"},
        {TSKL_LIT("Transfer-Encoding: chunked\r\n"), "not a Pack's"},
        {TSKL_LIT("Expect: 100-continue\r\n"), "not a Pack's"},
        {TSKL_LIT("Proxy-Authorization: x\r\n"), "not a Pack's"},
        {TSKL_LIT("proxy-connection: x\r\n"), "not a Pack's"},
        {TSKL_LIT("Forwarded: for=10.0.0.1\r\n"), "not a Pack's"},
        {TSKL_LIT("Content-Length: 4\r\n"), "not a Pack's"},
        {TSKL_LIT("Content-Length: -1\r\n"), "not a Pack's"},
        {TSKL_LIT("Content-Length: 3, 3\r\n"), "not a Pack's"},
        {TSKL_LIT("a: b\r\nHost : x\r\n"), "header 2, \"Host \", is none"},
        {TSKL_LIT("no field\r\n"), "header 1, \"\", is none"},
        {TSKL_LIT(": x\r\n"), "is none"},
        {TSKL_LIT("a: b\nHost: x\r\n"), "is none"},
        {TSKL_LIT("a: b\rHost: x\r\n"), "is none"},
        {TSKL_LIT("a: b\0c\r\n"), "is none"},
        {TSKL_LIT("a: b\x7f\r\n"), "is none"},
        {TSKL_LIT("a: b\r\n folded\r\n"), "is none"},
        {TSKL_LIT("a\tb: c\r\n"), "is none"},
        {TSKL_LIT("caf\xc3\xa9: c\r\n"), "is none"},
        {TSKL_LIT("a: b\r\n\r\nGET / HTTP/1.1\r\n"), "is none"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CHECK_STATUS(TSKL_ERR_INVALID, tskl_fields_check(rows[i].lines, 3, &t->err));
        CHECK_HAS(t->err.message, rows[i].says);
    }
}

TEST(fields, are_bounded_in_number_and_size) {
    static char lines[TSKL_HTTP_HEADERS_MAX + 8];
    size_t len = 0;
    for (size_t i = 0; i < TSKL_HTTP_HEADER_COUNT_MAX; i++, len += 6)
        memcpy(lines + len, "a: b\r\n", 6);
    CHECK_OK(tskl_fields_check(tskl_slice_make(lines, len), 0, &t->err));
    memcpy(lines + len, "a: b\r\n", 6);
    CHECK_STATUS(TSKL_ERR_LIMIT, tskl_fields_check(tskl_slice_make(lines, len + 6), 0, &t->err));
    CHECK_HAS(t->err.message, "more than 64 headers");
    memset(lines, 'x', sizeof lines);
    memcpy(lines, "a:", 2);
    CHECK_OK(tskl_fields_check(tskl_slice_make(lines, TSKL_HTTP_HEADERS_MAX), 0, &t->err));
    CHECK_STATUS(TSKL_ERR_LIMIT,
                 tskl_fields_check(tskl_slice_make(lines, TSKL_HTTP_HEADERS_MAX + 1), 0, &t->err));
}

TEST(fields, are_found_by_name) {
    tskl_slice lines = TSKL_S("Content-Type: x\r\nb: Content-Length\r\n");
    CHECK(tskl_fields_have(lines, "content-type") && tskl_fields_have(lines, "B"));
    CHECK(!tskl_fields_have(lines, "content-length") && !tskl_fields_have(lines, "Content"));
}
