// answer: what a server sends back, kept as far as it may be large.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_ANSWER_H
#define TSKL_NET_ANSWER_H
#include "base/buf.h"

enum {
    TSKL_ANSWER_HEADERS_MAX = 64 * 1024, // bytes of all heads, those that count for nothing too
    TSKL_ANSWER_BODY_MAX = 1024 * 1024,
};

/** Owned by whoever initialized it. */
typedef struct tskl_answer {
    int status;       // of the last response that began: 1xx come before the one that counts
    tskl_buf headers; // "name: value\r\n" lines
    tskl_buf body;
    bool head_ended;
    size_t head_bytes;
    bool too_large; // why something could not be added; else there was no memory
} tskl_answer;

void tskl_answer_init(tskl_answer *answer);
void tskl_answer_deinit(tskl_answer *answer);
/** Takes one line of a head, its line end included: the first one of a response begins anew, what
 *  is neither that nor a field is passed over, and so are the fields behind a body. False: the
 *  head is too large, or there is no memory. */
bool tskl_answer_add_line(tskl_answer *answer, tskl_slice line);
/** False: the body is too large, or there is no memory. */
bool tskl_answer_add_body(tskl_answer *answer, tskl_slice part);
#endif
