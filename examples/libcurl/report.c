// Heads come from libcurl's debug function, bodies of responses from its write function.
// SPDX-License-Identifier: Apache-2.0
#include "report.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static tskl_slice text(const char *s) {
    return (tskl_slice){s, s ? strlen(s) : 0};
}

static bool starts(tskl_slice s, const char *prefix) {
    size_t len = strlen(prefix);
    return s.len >= len && memcmp(s.ptr, prefix, len) == 0;
}

static void begin(report *r, tskl_slice method, tskl_slice headers) {
    char *url = NULL; // of this hop, in libcurl's normal form
    curl_easy_getinfo(r->curl, CURLINFO_EFFECTIVE_URL, &url);
    tskl_request request = {.size = sizeof request,
                            .time_us = r->started_us, // looking up and connecting are part of it
                            .method = method,
                            .url = text(url),
                            .headers = headers};
    if (r->observer) r->exchange = tskl_exchange_begin(r->observer, &request, &r->wants);
    r->started_us = 0;
}

static void end(report *r, tskl_ending how, const char *code, const char *message) {
    tskl_exchange_end_take(r->exchange, 0, how, text(code), text(message));
    r->exchange = NULL;
    r->answered = false;
    r->head_len = 0;
}

/** A body that no Pack asked for costs nothing but its size. */
static tskl_slice wanted(const report *r, unsigned want, tskl_slice part) {
    return (tskl_slice){r->wants & want ? part.ptr : NULL, part.len};
}

static void request_head(report *r, tskl_slice head) {
    // Still at an exchange: libcurl follows a redirect, or sends the request again because the
    // connection that was kept open turned out to be dead.
    if (r->answered)
        end(r, TSKL_DONE, "", "");
    else
        end(r, TSKL_FAILED, "ECONNRESET", "the connection was closed; libcurl tries again");
    if (starts(head, "CONNECT ")) return; // to a proxy; the request itself follows

    const char *space = memchr(head.ptr, ' ', head.len);
    const char *line_end = memchr(head.ptr, '\n', head.len);
    if (!space || !line_end) return;
    size_t first = (size_t)(line_end + 1 - head.ptr);
    size_t empty_line = strlen("\r\n");
    begin(r, (tskl_slice){head.ptr, (size_t)(space - head.ptr)},
          (tskl_slice){head.ptr + first, head.len - first - empty_line});
}

static void keep_line(report *r, tskl_slice line) {
    if (line.len >= sizeof r->head - r->head_len) return;
    memcpy(r->head + r->head_len, line.ptr, line.len);
    r->head_len += line.len;
    r->head[r->head_len] = 0;
}

static void response_head(report *r) {
    tskl_slice head = {r->head, r->head_len};
    const char *line_end = memchr(head.ptr, '\n', head.len);
    r->head_len = 0;
    if (!line_end || !starts(head, "HTTP/")) return; // trailers
    int status = (int)strtol(head.ptr + strcspn(head.ptr, " \n"), NULL, 10);
    size_t first = (size_t)(line_end + 1 - head.ptr);
    tskl_exchange_response(r->exchange, 0, status,
                           (tskl_slice){head.ptr + first, head.len - first});
    if (status >= 200) r->answered = true;
}

static void response_line(report *r, tskl_slice line) {
    // The empty line behind an informational response is not always shown.
    if (starts(line, "HTTP/")) response_head(r);
    if (starts(line, "\r\n") || starts(line, "\n"))
        response_head(r);
    else
        keep_line(r, line);
}

static int on_debug(CURL *curl, curl_infotype kind, char *data, size_t size, void *user) {
    (void)curl;
    report *r = user;
    tskl_slice part = {data, size};
    if (kind == CURLINFO_HEADER_OUT) request_head(r, part);
    // With "transfer-encoding: chunked" this has the sizes of the chunks in it: a program that
    // sends so reports from its read function instead.
    if (kind == CURLINFO_DATA_OUT)
        tskl_exchange_sent(r->exchange, 0, wanted(r, TSKL_WANT_REQUEST_BODY, part));
    if (kind == CURLINFO_HEADER_IN) response_line(r, part);
    return 0; // CURLINFO_DATA_IN would be the body between the sizes of its chunks
}

static size_t on_body(char *data, size_t one, size_t size, void *user) {
    (void)one;
    report *r = user;
    tskl_exchange_received(r->exchange, 0,
                           wanted(r, TSKL_WANT_RESPONSE_BODY, (tskl_slice){data, size}));
    return size; // a program would use the body here
}

void report_watch(report *r, CURL *curl) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    r->curl = curl;
    r->started_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); // or nothing is shown to on_debug
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, r);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, r);
    // Bodies are reported as they were on the wire: taskless decodes its own copy.
    curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
}

typedef struct row {
    long number;
    const char *name;
} row;

// What other clients call it, where they have a word; error.kind follows from the code.
static const row transfer_errors[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "ENOTFOUND"},
    {CURLE_COULDNT_RESOLVE_PROXY, "ENOTFOUND"},
    {CURLE_OPERATION_TIMEDOUT, "ETIMEDOUT"},
    {CURLE_SEND_ERROR, "ECONNRESET"},
    {CURLE_RECV_ERROR, "ECONNRESET"},
    {CURLE_GOT_NOTHING, "ECONNRESET"},
    {CURLE_PARTIAL_FILE, "ECONNRESET"},
    {CURLE_SSL_CONNECT_ERROR, "CURLE_SSL_CONNECT_ERROR"},
    {CURLE_SSL_CACERT_BADFILE, "CURLE_SSL_CACERT_BADFILE"},
    {CURLE_UNSUPPORTED_PROTOCOL, "CURLE_UNSUPPORTED_PROTOCOL"},
    {CURLE_WEIRD_SERVER_REPLY, "CURLE_WEIRD_SERVER_REPLY"},
    {0, "CURLE_OTHER"},
};
static const row connect_errors[] = {
    {ECONNREFUSED, "ECONNREFUSED"},   {EHOSTUNREACH, "EHOSTUNREACH"}, {ENETUNREACH, "ENETUNREACH"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"}, {ETIMEDOUT, "ETIMEDOUT"},       {0, "CURLE_COULDNT_CONNECT"},
};
static const row certificate_errors[] = {
    // OpenSSL's numbers; a wrong host has none
    {9, "CERT_NOT_YET_VALID"},
    {10, "CERT_HAS_EXPIRED"},
    {18, "DEPTH_ZERO_SELF_SIGNED_CERT"},
    {19, "SELF_SIGNED_CERT_IN_CHAIN"},
    {20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"},
    {21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"},
    {0, "CURLE_PEER_FAILED_VERIFICATION"},
};

/** The name of `number`, or that of the last row. */
static const char *name_of(const row *rows, long number) {
    while (rows->number != 0 && rows->number != number) rows++;
    return rows->name;
}

static const char *error_code(CURL *curl, CURLcode result) {
    long number = 0;
    if (result == CURLE_COULDNT_CONNECT) {
        // Only here: after other failures it may be that of an earlier transfer.
        curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
        return name_of(connect_errors, number);
    }
    if (result == CURLE_PEER_FAILED_VERIFICATION) {
        curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &number);
        return name_of(certificate_errors, number);
    }
    return name_of(transfer_errors, result);
}

void report_finish(report *r, CURLcode result, const char *message, const char *method,
                   const struct curl_slist *headers) {
    if (r->started_us != 0) {
        r->head_len = 0; // a proxy may have answered
        for (; headers; headers = headers->next) {
            keep_line(r, text(headers->data));
            keep_line(r, text("\r\n"));
        }
        begin(r, text(method), (tskl_slice){r->head, r->head_len});
    }
    if (result == CURLE_OK)
        end(r, TSKL_DONE, "", "");
    else if (result == CURLE_WRITE_ERROR || result == CURLE_ABORTED_BY_CALLBACK)
        end(r, TSKL_ABORTED, "", ""); // the program's own wish
    else
        end(r, TSKL_FAILED, error_code(r->curl, result), message);
}
