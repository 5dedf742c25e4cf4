// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/download.h"
#include "net/server.h"

enum { GENEROUS_MS = 30000, CAP = 1 << 20 };

static tskl_status download(tskl_test *t, const char *url, uint32_t timeout_ms, tskl_buf *out) {
    tskl_target target;
    TSKL_TRY(tskl_target_parse(tskl_slice_of(url), t->arena, &target, &t->err));
    return tskl_download(&target, timeout_ms, out, &t->err);
}

static tskl_status fetch(tskl_test *t, const server *s, uint32_t timeout_ms, tskl_buf *out) {
    const char *url = tskl_arena_printf(t->arena, "http://127.0.0.1:%u/a.tgz", (unsigned)s->port);
    if (!url) return tskl_fail(&t->err, TSKL_ERR_NOMEM, "no room for a URL");
    return download(t, url, timeout_ms, out);
}

TEST(download, takes_a_file_whole) {
    server s CLEANUP(server_stop) = {0};
    tskl_buf file CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&file, CAP);
    CHECK(server_start(&s, TSKL_S("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na\0bc")));
    CHECK_OK(fetch(t, &s, GENEROUS_MS, &file));
    CHECK_TEXT(TSKL_S("a\0bc"), tskl_buf_slice(&file));
}

TEST(download, takes_nothing_else_for_a_file) {
    static const struct {
        tskl_slice answer, tail;
        tskl_status status;
        const char *says;
    } rows[] = {
        {TSKL_LIT("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"),
         {NULL, 0},
         TSKL_ERR_NETWORK,
         "the server answered 404"},
        {TSKL_LIT("HTTP/1.1 204 None\r\n\r\n"),
         {NULL, 0},
         TSKL_ERR_NETWORK,
         "the server answered 204"},
        {TSKL_LIT("HTTP/1.1 302 To\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
         {NULL, 0},
         TSKL_ERR_NETWORK,
         "\"http\""},
        {TSKL_LIT("HTTP/1.1 302 To\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
         {NULL, 0},
         TSKL_ERR_NETWORK,
         "\"file\""},
        {TSKL_LIT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"),
         {NULL, 0},
         TSKL_ERR_NETWORK,
         ""},
        {TSKL_LIT(""), {NULL, 0}, TSKL_ERR_NETWORK, "Empty reply"},
        {TSKL_LIT("HTTP/1.1 200 OK\r\n\r\n"), TSKL_LIT("more and more "), TSKL_ERR_LIMIT,
         "it has more than 1 MiB"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        server s CLEANUP(server_stop) = {.tail = rows[i].tail};
        tskl_buf file CLEANUP(tskl_buf_deinit);
        tskl_buf_init(&file, CAP);
        CHECK(server_start(&s, rows[i].answer));
        CHECK_STATUS(rows[i].status, fetch(t, &s, GENEROUS_MS, &file));
        CHECK_HAS(t->err.message, rows[i].says);
        CHECK_ROW(i, file.len == 0);
    }
}

TEST_ONCE(download, waits_no_longer_than_it_may) {
    server s CLEANUP(server_stop) = {.silent = true};
    tskl_buf file CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&file, CAP);
    CHECK(server_start(&s, TSKL_S("")));
    CHECK_STATUS(TSKL_ERR_TIMEOUT, fetch(t, &s, 100, &file));
}

TEST(download, comes_by_http_from_this_machine_only) {
    static const char *const urls[] = {"http://example.com/a", "http://localhost/a",
                                       "http://10.0.0.1/a", "http://[fd00::1]/a"};
    tskl_buf file CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&file, CAP);
    for (size_t i = 0; i < TSKL_COUNT(urls); i++) {
        CHECK_STATUS(TSKL_ERR_INVALID, download(t, urls[i], GENEROUS_MS, &file));
        CHECK_HAS(t->err.message, "use https:");
    }
}
