// http_reader: an HTTP response as a person pastes it: raw, or from curl and its like.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HTTP_READER_H
#define TSKL_CLI_HTTP_READER_H
#include "base/status.h"
#include "recording/call.h"

/** Reads the last response of the text, and the request's method and URL where they are shown;
 *  else those stay empty. Where curl got no answer, the call is one that failed. SYNTAX: neither a
 *  response nor such a failure is in the text. NOMEM. */
tskl_status tskl_http_read(tskl_slice text, tskl_arena *arena, tskl_call *out, tskl_error *err);
#endif
