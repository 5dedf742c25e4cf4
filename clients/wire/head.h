// head: an HTTP request head as one string, taken apart into what an observer wants to know.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WIRE_HEAD_H
#define TSKL_WIRE_HEAD_H
#include <stdbool.h>
#include <taskless/base.h>

/** The parts of a request head. All of them point into the text it was read from. */
typedef struct tskl_head {
    tskl_slice method;
    tskl_slice target;  // as on the request line: a path, or a whole URL towards a proxy
    tskl_slice headers; // the lines between request line and blank line
    tskl_slice host;    // the value of the first host line; empty when there is none
} tskl_head;

/** Reads `text`, whose blank line and last line end may be missing. False: not a request head. */
bool tskl_head_read(tskl_slice text, tskl_head *out);

/** True when `target` carries scheme and host of its own. */
bool tskl_head_is_absolute(tskl_slice target);
#endif
