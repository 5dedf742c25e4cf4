// view: one ended exchange in its lasting form: decoded, sorted, masked. All that comes after
// reads only this.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_VIEW_H
#define TSKL_EXCHANGE_VIEW_H
#include "exchange/chunks.h"
#include "exchange/mask.h"

enum { TSKL_VIEW_ERROR_MAX = 1024 }; // bytes of an error's message

typedef struct tskl_view_message {
    tskl_headers headers; // masked
    tskl_slice body;      // decoded and masked; empty when not kept
    bool body_kept;       // the body was wanted and kept (it may be empty) and could be decoded
    bool truncated;
    tskl_slice shown;        // the body as JSON, where pack/shown.c has written it already
    uint64_t passed;         // bytes of body on the wire
    tskl_slice content_type; // without parameters, lower case
} tskl_view_message;

/** Lives in the exchange's arena. */
typedef struct tskl_view {
    const tskl_exchange *exchange; // id, times, status, ending
    tskl_arena *arena;             // the exchange's
    tskl_slice method;             // upper case
    tskl_slice url;                // masked, without fragment and userinfo
    tskl_slice scheme, host, path; // of the masked url; host in lower case, without the port
    uint16_t port;
    tskl_view_message request, response;
    tskl_decoded response_decoded; // before masking: chunks are cut from it
    tskl_slice error_kind; // "dns" ... "other"; empty with a response, and where all went well
    tskl_slice error_code, error_message; // masked
    tskl_slice trace_id, span_id;         // of a valid traceparent, else empty
    tskl_secrets secrets;
} tskl_view;

/** Makes the view of an exchange that has ended. `body_cap` bounds decoding. NOMEM. */
tskl_status tskl_view_make(tskl_exchange *exchange, const tskl_mask_rules *rules, size_t body_cap,
                           tskl_view *out, tskl_error *err);
/** Its response cut into masked chunks: together they are `response.body`. NOMEM. */
tskl_status tskl_view_chunks(const tskl_view *view, const tskl_mask_rules *rules, tskl_chunks *out,
                             tskl_error *err);
/** `code` as one of the closed list: dns connect tls reset timeout aborted protocol other. */
tskl_slice tskl_error_kind(tskl_ending ending, tskl_slice code, tskl_slice message);
/** The first word of a message that is such a code: "connect ECONNREFUSED 127.0.0.1:9" has one in
 *  its second. Borrowed from it; empty: none is. */
tskl_slice tskl_error_code_in(tskl_slice message);
#endif
