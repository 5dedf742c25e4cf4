// case_writer: a call that was recorded, written as a case.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CASE_WRITER_H
#define TSKL_CLI_CASE_WRITER_H
#include "base/json.h"
#include "recording/call.h"

/** Appends a case of this call, as people would write it, with these captures expected (NULL: none
 *  yet). What the wire alone needed (lengths, codings) is left out, as bodies are decoded. SYNTAX
 *  when it would be no case; NOMEM, LIMIT. */
tskl_status tskl_case_write(const tskl_call *call, const tskl_json *captures, tskl_buf *out,
                            tskl_error *err);
/** What to call its file, without ".json": "post_v1_charges_402". In `arena`; NULL: no memory. */
const char *tskl_case_name_of(const tskl_call *call, tskl_arena *arena);
#endif
