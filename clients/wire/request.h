// request: what a call begins with, from the first bytes that are sent of it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WIRE_REQUEST_H
#define TSKL_WIRE_REQUEST_H
#include "head.h"
#include <taskless/observer.h>

/** A request whose parts point into `url`, which is to be freed, and into what it was read from. */
typedef struct tskl_sent_request {
    tskl_request request;
    size_t head_length; // how many of the bytes that it was read from are no body
    char *url;
} tskl_sent_request;

/** Reads `data`, a head with or without some body behind it, towards `origin`. False when it is no
 *  head, or there is no memory; then there is nothing to free. */
bool tskl_sent_request_read(tskl_slice origin, tskl_slice data, tskl_sent_request *out);

/** The same of a head that was read, or that nobody sent: its length is 0. */
bool tskl_sent_request_make(tskl_slice origin, const tskl_head *head, tskl_sent_request *out);
#endif
