// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "recording/http_reader.h"

typedef struct row {
    const char *text, *method, *url, *headers, *body;
    int status;
} row;

static void check_rows(tskl_test *t, const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tskl_call call;
        CHECK_OK(tskl_http_read(tskl_slice_of(rows[i].text), t->arena, &call, &t->err));
        CHECK_SAY(call.status == rows[i].status, "row %zu: status %d", i, call.status);
        CHECK_TEXT(tskl_slice_of(rows[i].method), call.method);
        CHECK_TEXT(tskl_slice_of(rows[i].url), call.url);
        CHECK_TEXT(tskl_slice_of(rows[i].headers), call.response_headers);
        CHECK_TEXT(tskl_slice_of(rows[i].body), call.part_count ? call.parts[0].bytes : TSKL_S(""));
    }
}

TEST(http_reader, reads_a_response_as_it_is_pasted) {
    static const row rows[] = {
        {"HTTP/1.1 402 Payment Required\r\nA: 1\r\nB: 2\r\n\r\n{}\n", "", "", "A: 1\r\nB: 2\r\n",
         "{}\n", 402},
        {"HTTP/2 429 \nx-request-id: r\n\nbusy", "", "", "x-request-id: r\n", "busy", 429},
        {"HTTP/2 204", "", "", "", "", 204},
        {"HTTP/1.1 400 Bad\nA: 1\n{\"no\": \"blank line\"}", "", "", "A: 1\n",
         "{\"no\": \"blank line\"}", 400},
        {"HTTP/1.1 200 OK\ncontent-length: 2\n\n{}\n\n", "", "", "content-length: 2\n", "{}", 200},
    };
    check_rows(t, rows, TSKL_COUNT(rows));
}

TEST(http_reader, takes_the_last_of_several_responses) {
    static const row rows[] = {
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\na: b\r\n\r\nx", "", "", "a: b\r\n", "x",
         200},
        {"HTTP/1.1 200 Connection established\n\nHTTP/2 403 \na: b\n\nno", "", "", "a: b\n", "no",
         403},
        {"HTTP/1.1 302 Found\nlocation: /\n\n<a>moved</a>HTTP/1.1 404 Not Found\n\nnone", "", "",
         "", "none", 404},
        {"HTTP/1.1 401 Unauthorized\n\nlog in\nHTTP/1.1 200 OK\n\nin", "", "", "", "in", 200},
        // A batch answer holds whole responses: they are its body.
        {"HTTP/1.1 200 OK\n\n--batch\n\nHTTP/1.1 404 Not Found\n\n{}", "", "", "",
         "--batch\n\nHTTP/1.1 404 Not Found\n\n{}", 200},
    };
    check_rows(t, rows, TSKL_COUNT(rows));
}

TEST(http_reader, finds_the_request_where_it_is_shown) {
    static const row rows[] = {
        {"$ curl -i 'https://api.stripe.com/v1/charges' -d amount=1\nHTTP/2 402 \n\n{}", "",
         "https://api.stripe.com/v1/charges", "", "{}", 402},
        {"POST /v1/charges HTTP/1.1\nHost: api.stripe.com\na: b\n\namount=1\n\nHTTP/1.1 402 No\n\n{}",
         "POST", "https://api.stripe.com/v1/charges", "", "{}", 402},
        {"GET http://local/x HTTP/1.1\n\nHTTP/1.1 200 OK\n\n", "GET", "http://local/x", "", "",
         200},
    };
    check_rows(t, rows, TSKL_COUNT(rows));
}

TEST(http_reader, reads_what_curl_says_when_it_is_verbose) {
    static const row rows[] = {
        {"*   Trying 1.2.3.4:443...\n* Connected to api.stripe.com (1.2.3.4) port 443 (#0)\n"
         "> POST /v1/charges HTTP/2\r\n> Host: api.stripe.com\r\n> accept: */*\r\n> \r\n"
         "} [8 bytes data]\n* We are completely uploaded and fine\n"
         "< HTTP/2 402 \r\n< request-id: req_1\r\n< \r\n{ [5 bytes data]\n"
         "{\"error\": {}}* Connection #0 to host api.stripe.com left intact\n",
         "POST", "https://api.stripe.com/v1/charges", "request-id: req_1\r\n", "{\"error\": {}}",
         402},
        // With -L: the second call counts.
        {"> GET /a HTTP/1.1\n> Host: one\n> \n< HTTP/1.1 301 Moved\n< location: //two/b\n< \n"
         "* Issue another request\n> GET /b HTTP/1.1\n> Host: two\n> \n< HTTP/1.1 500 Oh\n< \noh",
         "GET", "https://two/b", "", "oh", 500},
        // With -i: the head comes twice.
        {"> GET /a HTTP/1.1\n> Host: one\n> \n< HTTP/1.1 400 Bad\n< a: 1\n< \n"
         "HTTP/1.1 400 Bad\na: 1\n\nbody",
         "GET", "https://one/a", "a: 1\n", "body", 400},
    };
    check_rows(t, rows, TSKL_COUNT(rows));
}

TEST(http_reader, joins_chunks_only_where_they_are_still_there) {
    static const row rows[] = {
        {"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n",
         "", "", "Transfer-Encoding: chunked\n", "Wikipedia", 200},
        {"HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n{}", "", "",
         "transfer-encoding: chunked\n", "{}", 200},
        {"HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n4\nWiki", "", "",
         "transfer-encoding: chunked\n", "4\nWiki", 200},
        {"HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n", "", "", "transfer-encoding: chunked\n",
         "", 200},
    };
    check_rows(t, rows, TSKL_COUNT(rows));
}

TEST(http_reader, takes_what_curl_says_when_it_got_no_answer) {
    static const struct {
        const char *text, *code, *message, *url;
    } rows[] = {
        {"$ curl https://api.strpe.com/v1\ncurl: (6) Could not resolve host: api.strpe.com\n",
         "ENOTFOUND", "Could not resolve host: api.strpe.com", "https://api.strpe.com/v1"},
        {"* Connected to a (1.2.3.4) port 443\n> GET / HTTP/1.1\n> Host: a\n> \n"
         "curl: (52) Empty reply from server",
         "ECONNRESET", "Empty reply from server", "https://a/"},
        {"curl: (3) URL using bad/illegal format or missing URL", "",
         "URL using bad/illegal format or missing URL", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        CHECK_OK(tskl_http_read(tskl_slice_of(rows[i].text), t->arena, &call, &t->err));
        CHECK_ROW(i, call.status == 0 && call.ending == TSKL_FAILED);
        CHECK_TEXT(tskl_slice_of(rows[i].code), call.error_code);
        CHECK_TEXT(tskl_slice_of(rows[i].message), call.error_message);
        CHECK_TEXT(tskl_slice_of(rows[i].url), call.url);
    }
}

TEST(http_reader, says_that_there_is_no_response) {
    static const char *const rows[] = {
        "", "hello", "HTTP/x 200", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "< HTTP/1.1", "curl: no"};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call;
        CHECK_STATUS(TSKL_ERR_SYNTAX,
                     tskl_http_read(tskl_slice_of(rows[i]), t->arena, &call, &t->err));
        CHECK_HAS(t->err.message, "no HTTP response");
    }
}
