// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/http.h"
#include "net/server.h"
#include <dirent.h>
#include <stdlib.h>

enum { GENEROUS_MS = 30000 };

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"

// Asks the server, which lies at an address that is lifted, for "/path?q".
static tskl_status ask_for(tskl_test *t, const char *url, tskl_http_request request,
                           tskl_answer *out) {
    tskl_target target;
    tskl_answer_init(out);
    TSKL_TRY(tskl_target_parse(tskl_slice_of(url), t->arena, &target, &t->err));
    request.target = &target;
    if (!request.method.len) request.method = TSKL_S("GET");
    if (!request.timeout_ms) request.timeout_ms = GENEROUS_MS;
    return tskl_http_perform(&request, out, &t->err);
}

static tskl_status ask(tskl_test *t, const server *s, tskl_http_request request, tskl_answer *out) {
    const char *url = tskl_arena_printf(t->arena, "http://127.0.0.1:%u/path?q", (unsigned)s->port);
    request.any_address = true;
    tskl_answer_init(out);
    if (!url) return tskl_fail(&t->err, TSKL_ERR_NOMEM, "no room for a URL");
    return ask_for(t, url, request, out);
}

static bool heard(const server *s, const char *part) {
    return tskl_slice_search(tskl_slice_make(s->heard, s->heard_len), tskl_slice_of(part)) !=
           SIZE_MAX;
}

TEST(net_http, sends_what_it_was_asked_to_and_nothing_else) {
    server s CLEANUP(server_stop) = {0};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(server_start(&s, TSKL_S(OK_HEAD "X-A: 1\r\nx-a: 2\r\nContent-Length: 5\r\n\r\nhello")));
    tskl_http_request request = {.method = TSKL_S("PATCH"),
                                 .headers =
                                     TSKL_S("X-One: 1\r\nx-empty: \r\nContent-Length: 4\r\n"),
                                 .body = TSKL_S("a\0bc")};
    CHECK_OK(ask(t, &s, request, &answer));
    CHECK(answer.status == 200);
    CHECK_TEXT(TSKL_S("hello"), tskl_buf_slice(&answer.body));
    CHECK_TEXT(TSKL_S("Content-Type: text/plain\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 5\r\n"),
               tskl_buf_slice(&answer.headers));
    const char *wanted = tskl_arena_printf(t->arena,
                                           "PATCH /path?q HTTP/1.1\r\n"
                                           "Host: 127.0.0.1:%u\r\n"
                                           "User-Agent: taskless/%s\r\n"
                                           "Accept: */*\r\n"
                                           "X-One: 1\r\n"
                                           "x-empty:\r\n"
                                           "Content-Length: 4\r\n\r\na",
                                           (unsigned)s.port, TSKL_VERSION);
    CHECK(wanted);
    CHECK_TEXT(tskl_slice_of(wanted), tskl_slice_make(s.heard, s.heard_len - 3));
}

TEST(net_http, says_that_there_is_no_body_where_one_is_meant) {
    static const struct {
        tskl_slice method;
        bool says;
    } rows[] = {{TSKL_LIT("POST"), true}, {TSKL_LIT("PUT"), true},     {TSKL_LIT("PATCH"), true},
                {TSKL_LIT("GET"), false}, {TSKL_LIT("DELETE"), false}, {TSKL_LIT("OWN"), false}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        server s CLEANUP(server_stop) = {0};
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        tskl_answer_init(&answer);
        CHECK(server_start(&s, TSKL_S("HTTP/1.1 204 No Content\r\n\r\n")));
        CHECK_OK(ask(t, &s, (tskl_http_request){.method = rows[i].method}, &answer));
        CHECK_ROW(i, answer.status == 204 && answer.body.len == 0);
        CHECK_ROW(i, heard(&s, "Content-Length: 0\r\n") == rows[i].says);
    }
}

TEST(net_http, has_no_body_in_the_answer_to_head) {
    server s CLEANUP(server_stop) = {0};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(server_start(&s, TSKL_S(OK_HEAD "Content-Length: 5000000\r\n\r\n")));
    CHECK_OK(ask(t, &s, (tskl_http_request){.method = TSKL_S("HEAD")}, &answer));
    CHECK(answer.status == 200 && answer.body.len == 0);
    CHECK(heard(&s, "HEAD /path?q HTTP/1.1\r\n"));
}

TEST(net_http, keeps_every_status_and_follows_nothing) {
    static const tskl_slice answers[] = {
        TSKL_LIT("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"),
        TSKL_LIT("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"),
        TSKL_LIT("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\n"
                 "Content-Length: 2\r\n\r\nno"),
        TSKL_LIT("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno"),
        TSKL_LIT("HTTP/1.0 299 Own\r\n\r\nno"),
        TSKL_LIT("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 201 Made\r\nA: b\r\n"
                 "Content-Length: 2\r\n\r\nno"),
        TSKL_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"
                 "1\r\nn\r\n1\r\no\r\n0\r\nX-Late: 1\r\n\r\n"),
    };
    static const int statuses[] = {404, 500, 302, 401, 299, 201, 200};
    for (size_t i = 0; i < TSKL_COUNT(answers); i++) {
        server s CLEANUP(server_stop) = {0};
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        tskl_answer_init(&answer);
        CHECK(server_start(&s, answers[i]));
        CHECK_OK(ask(t, &s, (tskl_http_request){0}, &answer));
        CHECK_ROW(i, answer.status == statuses[i]);
        CHECK_TEXT(TSKL_S("no"), tskl_buf_slice(&answer.body));
        tskl_slice headers = tskl_buf_slice(&answer.headers);
        CHECK_ROW(i, tskl_slice_search(headers, TSKL_S("Early")) == SIZE_MAX);
        CHECK_ROW(i, tskl_slice_search(headers, TSKL_S("X-Late: ")) == SIZE_MAX);
        CHECK_ROW(i, atomic_load(&s.connections) == 1);
    }
}

TEST(net_http, fails_where_the_answer_is_none) {
    static const tskl_slice answers[] = {
        TSKL_LIT(""),
        TSKL_LIT("this is HTTP/0.9\r\n"),
        TSKL_LIT("SSH-2.0-OpenSSH_9.2\r\n"),
        TSKL_LIT("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut"),
        TSKL_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    };
    for (size_t i = 0; i < TSKL_COUNT(answers); i++) {
        server s CLEANUP(server_stop) = {0};
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        tskl_answer_init(&answer);
        CHECK(server_start(&s, answers[i]));
        CHECK_STATUS(TSKL_ERR_NETWORK, ask(t, &s, (tskl_http_request){0}, &answer));
        CHECK_ROW(i, t->err.message[0] && answer.status == 0 && answer.body.len == 0);
    }
}

// An answer of so many bytes, in the test's arena.
static tskl_slice long_answer(tskl_test *t, size_t size) {
    const char *head = tskl_arena_printf(t->arena, OK_HEAD "Content-Length: %zu\r\n\r\n", size);
    size_t len = head ? strlen(head) : 0;
    char *text = head ? tskl_arena_take(t->arena, len + size) : NULL;
    if (!text) return (tskl_slice){NULL, 0};
    memcpy(text, head, len);
    memset(text + len, 'x', size);
    return tskl_slice_make(text, len + size);
}

TEST(net_http, takes_a_mebibyte_and_not_a_byte_more) {
    for (size_t more = 0; more < 2; more++) {
        server s CLEANUP(server_stop) = {0};
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        tskl_answer_init(&answer);
        tskl_slice text = long_answer(t, TSKL_ANSWER_BODY_MAX + more);
        CHECK(text.len && server_start(&s, text));
        CHECK_STATUS(more ? TSKL_ERR_LIMIT : TSKL_OK, ask(t, &s, (tskl_http_request){0}, &answer));
        CHECK(answer.body.len == (more ? 0 : TSKL_ANSWER_BODY_MAX));
        if (more) CHECK_HAS(t->err.message, "its answer has more than 1 MiB");
    }
}

TEST_ONCE(net_http, ends_what_has_no_end) {
    static const struct {
        tskl_slice answer, tail;
        tskl_status status;
        const char *says;
    } rows[] = {
        {TSKL_LIT(OK_HEAD "\r\n"), TSKL_LIT("some more of the body, "), TSKL_ERR_LIMIT,
         "its answer has more than 1 MiB"},
        {TSKL_LIT(OK_HEAD), TSKL_LIT("X-Field: and another one\r\n"), TSKL_ERR_LIMIT,
         "the headers of its answer have more than 64 KiB"},
        {TSKL_LIT("HTTP/1.1 103 Early\r\n\r\n"), TSKL_LIT("HTTP/1.1 103 Early\r\n\r\n"),
         TSKL_ERR_LIMIT, "the headers of its answer have more than 64 KiB"},
        {TSKL_LIT("HTTP/1.1 200 OK\r\nX: "), TSKL_LIT("a line that never ends "), TSKL_ERR_NOMEM,
         "no room for a request or its answer"}, // libcurl's word for a line of more than 100 KiB
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        server s CLEANUP(server_stop) = {.tail = rows[i].tail};
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        tskl_answer_init(&answer);
        CHECK(server_start(&s, rows[i].answer));
        CHECK_STATUS(rows[i].status, ask(t, &s, (tskl_http_request){0}, &answer));
        CHECK_HAS(t->err.message, rows[i].says);
    }
}

TEST_ONCE(net_http, waits_no_longer_than_it_may) {
    server s CLEANUP(server_stop) = {.silent = true};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(server_start(&s, TSKL_S("")));
    CHECK_STATUS(TSKL_ERR_TIMEOUT, ask(t, &s, (tskl_http_request){.timeout_ms = 100}, &answer));
    CHECK(answer.status == 0);
}

TEST(net_http, reaches_no_address_that_is_not_public) {
    static const char *const urls[] = {
        "http://127.0.0.1:%u/",          "http://localhost:%u/",         "http://[::1]:%u/",
        "http://[::ffff:127.0.0.1]:%u/", "http://0.0.0.0:%u/",           "http://[::]:%u/",
        "http://169.254.169.254:%u/",    "http://[64:ff9b::7f00:1]:%u/",
    };
    server s CLEANUP(server_stop) = {0};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(server_start(&s, TSKL_S(OK_HEAD "\r\n")));
    for (size_t i = 0; i < TSKL_COUNT(urls); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        const char *url = tskl_arena_printf(t->arena, urls[i], (unsigned)s.port);
#pragma GCC diagnostic pop
        CHECK(url);
        CHECK_STATUS(TSKL_ERR_INVALID, ask_for(t, url, (tskl_http_request){0}, &answer));
        CHECK_HAS(t->err.message, "it leads to ");
    }
    CHECK(atomic_load(&s.connections) == 0);
}

TEST(net_http, asks_for_a_name_once_and_goes_there) {
    server s CLEANUP(server_stop) = {0};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(server_start(&s, TSKL_S(OK_HEAD "Content-Length: 0\r\n\r\n")));
    const char *url = tskl_arena_printf(t->arena, "http://localhost:%u", (unsigned)s.port);
    CHECK(url);
    CHECK_OK(ask_for(t, url, (tskl_http_request){.any_address = true}, &answer));
    CHECK(heard(&s, tskl_arena_printf(t->arena, "Host: localhost:%u\r\n", (unsigned)s.port)));
}

static void forget_proxies(int *ignored) {
    (void)ignored;
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

TEST(net_http, takes_no_way_that_the_environment_names) {
    int guard CLEANUP(forget_proxies) = 0;
    server s CLEANUP(server_stop) = {0};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    setenv("all_proxy", "socks5://127.0.0.1:9", 1);
    CHECK(server_start(&s, TSKL_S(OK_HEAD "Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")));
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(ask(t, &s, (tskl_http_request){0}, &answer));
        tskl_answer_deinit(&answer);
    }
    CHECK(!heard(&s, "Cookie"));
}

static size_t count_descriptors(void) {
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count;
}

TEST_ONCE(net_http, leaves_no_descriptor_in_the_program) {
    server s CLEANUP(server_stop) = {.silent = true};
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(server_start(&s, TSKL_S("")));
    size_t before = count_descriptors();
    CHECK_STATUS(TSKL_ERR_TIMEOUT, ask(t, &s, (tskl_http_request){.timeout_ms = 200}, &answer));
    // The server's end of the connection at most: ours was never among the program's.
    CHECK(count_descriptors() <= before + 1);
}

TEST(net_http, refuses_what_is_not_a_packs_to_ask) {
    static const struct {
        tskl_http_request request;
        tskl_status status;
        const char *says;
    } rows[] = {
        {{.method = TSKL_LIT("CONNECT")}, TSKL_ERR_INVALID, "the method CONNECT is not a Pack's"},
        {{.method = TSKL_LIT("TRACE")}, TSKL_ERR_INVALID, "the method TRACE is not a Pack's"},
        {{.headers = TSKL_LIT("Host: other\r\n")}, TSKL_ERR_INVALID, "the header \"Host\" is not"},
        {{.body = {"", TSKL_HTTP_BODY_MAX + 1}}, TSKL_ERR_LIMIT, "its body has more than 64 KiB"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        CHECK_STATUS(rows[i].status,
                     ask_for(t, "http://example.invalid/", rows[i].request, &answer));
        CHECK_HAS(t->err.message, rows[i].says);
    }
}

TEST(net_http, says_when_a_name_has_no_address) {
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    CHECK_STATUS(TSKL_ERR_NETWORK,
                 ask_for(t, "http://nobody.invalid/", (tskl_http_request){0}, &answer));
    CHECK_HAS(t->err.message, "its name has no address");
}
