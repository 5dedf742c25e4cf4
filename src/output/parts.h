// parts: the pieces of JSON that more than one format writes.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_PARTS_H
#define TSKL_OUTPUT_PARTS_H
#include "base/json_writer.h"
#include "capture/record.h"

/** "done", "aborted" or "failed". */
tskl_slice tskl_ending_text(tskl_ending ending);
/** Appends microseconds as milliseconds with at most three decimals; a negative time is 0. */
void tskl_add_ms(tskl_buf *buf, int64_t us);
/** Appends `text` as a JSON string of at most `max` bytes between its quotes; what is cut ends
 *  with U+2026. */
void tskl_add_bounded(tskl_buf *buf, tskl_slice text, size_t max);
/** Appends the string "pack/name". */
void tskl_add_capture_name(tskl_buf *buf, const tskl_capture *capture);

/** Each appends `"name":value`, after a comma where one is due; the string only if it has text. */
void tskl_add_string_member(tskl_buf *buf, tskl_slice name, tskl_slice text, size_t max);
void tskl_add_u64_member(tskl_buf *buf, tskl_slice name, uint64_t value);
void tskl_add_ms_member(tskl_buf *buf, tskl_slice name, int64_t us);
/** `"truncated":["request","response"]`, where one is that is wanted: TSKL_WANT_*. */
void tskl_add_truncated_member(tskl_buf *buf, const tskl_view *view, unsigned wants);
#endif
