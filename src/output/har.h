// har: a recording, HAR 1.2, that is whole after each entry. docs/record.md describes it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_HAR_H
#define TSKL_OUTPUT_HAR_H
#include "output/output.h"

/** Begins a recording, or continues one. INVALID: not a path, or a file that is none of ours;
 *  UNTRUSTED: a link, or another user's; IO; NOMEM. */
tskl_status tskl_har_output_open(tskl_slice path, tskl_output **out, tskl_error *err);

/** Appends the entry of one record. */
void tskl_har_add_entry(tskl_buf *entry, const tskl_record *record);
#endif
