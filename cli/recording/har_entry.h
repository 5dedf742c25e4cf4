// har_entry: one entry of a HAR as a call, from whatever recorder it came.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HAR_ENTRY_H
#define TSKL_CLI_HAR_ENTRY_H
#include "base/json.h"
#include "recording/call.h"

/** Reads an entry as written; `line` is where it begins in its file. The call shares `text` and
 *  `arena`. A member that cannot be read is left out and noted in `problems`; without a request and
 *  its URL there is no call: SYNTAX or INVALID, naming line and member. NOMEM. */
tskl_status tskl_har_entry_parse(tskl_slice text, uint32_t line, tskl_arena *arena, tskl_call *out,
                                 tskl_error *err);
/** Parses what may be an entry. SYNTAX naming its line in the file; NOMEM. */
tskl_status tskl_har_entry_tree(tskl_slice text, uint32_t line, tskl_arena *arena,
                                const tskl_json **out, tskl_error *err);
/** tskl_har_entry_parse of an entry that has been parsed. */
tskl_status tskl_har_entry_read(const tskl_json *entry, uint32_t line, tskl_arena *arena,
                                tskl_call *out, tskl_error *err);
/** True of an object that has what only an entry has: a body may have a member "request" too. */
bool tskl_har_is_entry(const tskl_json *value);
/** Browsers record pages, images and data: URLs too; a call goes by http or https (or ws). */
bool tskl_har_url_is_call(tskl_slice url);
#endif
