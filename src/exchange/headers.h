// headers: header lines as a sorted list, the same whoever reported them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_HEADERS_H
#define TSKL_EXCHANGE_HEADERS_H
#include "base/arena.h"
#include "base/status.h"

enum { TSKL_HEADER_COUNT_MAX = 1000 }; // lines past these are left out

typedef struct tskl_header {
    tskl_slice name, value; // the name in lower case
} tskl_header;

typedef struct tskl_headers {
    tskl_header *items; // sorted by name, values of one name in order of arrival
    size_t count;
} tskl_headers;

/** Reads "name: value\r\n" lines ("\n" alone as well) into `arena`; `lines` must live as long.
 *  Lines that are no header, pseudo-headers (":status") and hop-by-hop headers (RFC 9110 7.6.1,
 *  those that `connection` names among them) are left out. A folded value becomes one line; bytes
 *  that are no text stay, but no line end or zero. NOMEM. */
tskl_status tskl_headers_parse(tskl_slice lines, tskl_arena *arena, tskl_headers *out,
                               tskl_error *err);
/** The first value of that name (given in lower case), or empty. */
tskl_slice tskl_headers_get(const tskl_headers *headers, tskl_slice name);
#endif
