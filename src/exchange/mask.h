// mask: which parts of an exchange are secrets, and the exchange without them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_MASK_H
#define TSKL_EXCHANGE_MASK_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/json_path.h"
#include "exchange/headers.h"

enum {
    TSKL_SECRET_MIN = 8,    // bytes: what is shorter would be found where it is none
    TSKL_SECRETS_MAX = 128, // remembered of one exchange, the request's first
};

/** What a user names as secret on top of our own list. Lower-case names. */
typedef struct tskl_mask_rules {
    const tskl_slice *headers; // "x-partner-token"
    size_t header_count;
    const tskl_slice *query; // "sig"; names in form bodies as well
    size_t query_count;
    const tskl_json_path *json; // "$.card.number": members by path; "$..number": at any depth
    size_t json_count;
    const tskl_slice *values; // hidden wherever they stand, such as a variable's value
    size_t value_count;
} tskl_mask_rules;

typedef struct tskl_secret_search tskl_secret_search;
typedef struct tskl_deferred tskl_deferred; // see masker.h

/** Values that must not leave the process: collected while masking, looked for in what leaves.
 *  Zeroed, it is ready to use; all in the arena that is given when one is added. Used by one thread
 *  at a time, also where it is const: a search is made ready when it is first asked for. */
typedef struct tskl_secrets {
    tskl_slice *items; // each of 8 bytes or more, the first 64 of which are looked for
    size_t count, room;
    unsigned changes;               // how often it changed
    tskl_deferred *cookies, *users; // values of headers; the first halves of Basic credentials
    size_t user_count;
    tskl_secret_search *search;
} tskl_secrets;

/** Masks header values in place ("authorization: Bearer sk_test_***" keeps the scheme and a prefix
 *  that is known, "***" else), keeping each secret in `secrets`. NOMEM. */
tskl_status tskl_mask_headers(const tskl_mask_rules *rules, tskl_headers *headers,
                              tskl_arena *arena, tskl_secrets *secrets, tskl_error *err);
/** The URL without fragment and userinfo, secret query values as "***". NOMEM. */
tskl_status tskl_mask_url(const tskl_mask_rules *rules, tskl_slice url, tskl_arena *arena,
                          tskl_slice *out, tskl_secrets *secrets, tskl_error *err);
/** A body with secret members and what is a secret by its shape as "***" and all other bytes as
 *  they were: JSON, forms of either kind, XML, HTML, lines and events of JSON, any other text. What
 *  is no text is returned as it is. NOMEM. */
tskl_status tskl_mask_body(const tskl_mask_rules *rules, tskl_slice content_type, tskl_slice body,
                           tskl_arena *arena, tskl_slice *out, tskl_secrets *secrets,
                           tskl_error *err);
/** Any text, such as the value of a header that is no secret by its name: what is one by its shape,
 *  URLs with secrets, `name=value`. NOMEM. */
tskl_status tskl_mask_text(const tskl_mask_rules *rules, tskl_slice text, tskl_arena *arena,
                           tskl_slice *out, tskl_secrets *secrets, tskl_error *err);
/** True when `text` contains a secret: plain, in base64 (any alignment, either alphabet), in hex
 *  (either case), URL-encoded, or escaped as in JSON or HTML. True also without memory to look. */
bool tskl_secrets_in(const tskl_secrets *secrets, tskl_slice text);
/** `text` with "***" in place of each secret in any of these forms and of the rest of the token
 *  that goes on behind it; `text` itself where there is none. False, and `*out` empty: no memory.
 */
bool tskl_secrets_hide(const tskl_secrets *secrets, tskl_slice text, tskl_slice *out);
#endif
