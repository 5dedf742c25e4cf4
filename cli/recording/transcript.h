// transcript: what a terminal showed of a call, parted into what was asked and what came back.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_TRANSCRIPT_H
#define TSKL_CLI_TRANSCRIPT_H
#include "base/arena.h"
#include "base/status.h"

/** Each part is empty where the text has none; all are in the arena or in the text. */
typedef struct tskl_transcript {
    tskl_slice request;  // what stands before the response: a command, a request's head
    tskl_slice response; // from the status line of the first response on
    tskl_slice failure;  // of "curl: (6) Could not resolve host: ...", what follows "curl: "
} tskl_transcript;

/** Parts the output of `curl -i`, `curl -v` and their like. In verbose output the marks before the
 *  lines ("> ", "< ") are taken off, curl's own remarks left out, and of several calls the last
 *  one is kept. NOMEM. */
tskl_status tskl_transcript_read(tskl_slice text, tskl_arena *arena, tskl_transcript *out,
                                 tskl_error *err);
/** True when `text` begins with a status line: "HTTP/1.1 402 Payment Required", "HTTP/2 402". */
bool tskl_is_status_line(tskl_slice text);
#endif
