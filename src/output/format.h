// format: a record as text.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_FORMAT_H
#define TSKL_OUTPUT_FORMAT_H
#include "base/buf.h"
#include "capture/record.h"

enum {
    TSKL_RECORD_LINE_MAX = 64 * 1024, // bytes of an ndjson line, its "\n" counted
    TSKL_FORMAT_ROOM = 256 * 1024     // a buffer with this cap takes any record in any format
};

/** How `pretty` may show a record. */
typedef struct tskl_pretty_style {
    bool colour;      // colours and hyperlinks
    unsigned columns; // width of the terminal; 0: 80
} tskl_pretty_style;

// Each appends to `text`, which is marked as failed when it has no room. No other memory is taken.

/** Version 1 of the record, one line with its "\n", 64 KiB at most: where it would be longer,
 *  captures are left out from the end and counted as withheld. */
void tskl_format_ndjson(tskl_buf *text, const tskl_record *record);
/** What two runs must agree on: the record without ids, times, client and pid. */
void tskl_format_stable(tskl_buf *text, const tskl_record *record);
/** {"requestId":...,"dimensions":[...]}, as the older loader wrote; 64 KiB at most as well. */
void tskl_format_taskless(tskl_buf *text, const tskl_record *record);
/** For a person: one line per call, the reason below a failure. */
void tskl_format_pretty(tskl_buf *text, const tskl_record *record, const tskl_pretty_style *style);
#endif
