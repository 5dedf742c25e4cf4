// http: one request that a Pack makes, under rules that it cannot change.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_HTTP_H
#define TSKL_NET_HTTP_H
#include "net/answer.h"
#include "net/target.h"

enum {
    TSKL_HTTP_BODY_MAX = 64 * 1024,
    TSKL_HTTP_HEADERS_MAX = 16 * 1024, // bytes of all lines
    TSKL_HTTP_HEADER_COUNT_MAX = 64,
};

typedef struct tskl_http_request {
    const tskl_target *target;
    tskl_slice method;  // a token
    tskl_slice headers; // "name: value\r\n" lines
    tskl_slice body;
    uint32_t timeout_ms; // of all of it
    bool any_address;    // an address that is not public may be reached as well
} tskl_http_request;

/**
 * Makes the request and waits for the end of the answer, whatever its status. Nothing is followed,
 * decoded, kept or taken from the environment but the authorities in SSL_CERT_FILE and
 * SSL_CERT_DIR. The name is resolved once and only the addresses that were looked at are reached.
 *
 * OK: `*out` is the caller's, to be released by tskl_answer_deinit, as it is on every path.
 * INVALID: it is not made: a header that is not the Pack's to set, an address that is not public.
 * LIMIT: the request or the answer is too large; TIMEOUT; NETWORK; NOMEM; UNAVAILABLE: there is no
 * libcurl, or no thread. Any thread; the work is done on another.
 */
tskl_status tskl_http_perform(const tskl_http_request *request, tskl_answer *out, tskl_error *err);
#endif
