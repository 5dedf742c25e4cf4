// lines: header lines as the observer takes them, added one by one.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WIRE_LINES_H
#define TSKL_WIRE_LINES_H
#include <stdbool.h>
#include <taskless/base.h>

/** Text that grows; zeroed it is empty. Free `ptr`. */
typedef struct tskl_lines {
    char *ptr;
    size_t len, capacity;
} tskl_lines;

/** Adds bytes as they are. False when there is no memory. */
bool tskl_lines_add(tskl_lines *lines, tskl_slice text);

/** Adds "name: value", on one line whatever stands in them. False when there is no memory. */
bool tskl_lines_add_field(tskl_lines *lines, tskl_slice name, tskl_slice value);

/** What is there so far; it moves with the next that is added. */
tskl_slice tskl_lines_slice(const tskl_lines *lines);
#endif
