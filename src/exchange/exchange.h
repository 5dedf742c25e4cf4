// exchange: what the application sent and received, copied as it passes; nothing is looked at yet.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_EXCHANGE_H
#define TSKL_EXCHANGE_EXCHANGE_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/set.h"
#include "base/uuid.h"
#include <stdatomic.h>
#include <taskless/observer.h>

/** What is kept of a head, whatever the application reports. */
enum {
    TSKL_METHOD_MAX = 32,
    TSKL_URL_MAX = 32 * 1024,
    TSKL_HEADERS_MAX = 256 * 1024, // cut at a line
    TSKL_ERROR_CODE_MAX = 64,
    TSKL_ERROR_MESSAGE_MAX = 4096,
    TSKL_ARRIVALS_MAX = 4096 // what comes later counts to the last one
};

/** Beside TSKL_WANT_*: the response's body, where the status is 400 or more. A client is told to
 *  report it as any other; until the status is known nothing of it is kept. */
enum { TSKL_WANT_ERROR_BODY = 256 };

/** When the body's first `upto` bytes had arrived: a stream is cut by these times later. */
typedef struct tskl_arrival {
    size_t upto;
    int64_t time_us;
} tskl_arrival;

/** A request's body in JSON or a form is kept where the response's may be seen, so that its secrets
 *  are known when the answer repeats them: this many times the cap, behind which nobody looks. */
enum { TSKL_LEARNED_CAPS = 4 };

typedef struct tskl_body {
    tskl_buf kept;    // at most the cap, or what is learned from
    size_t shown_cap; // the cap; 0 where nobody asks for it
    size_t unshown;   // how much of what is kept, at its end, is only there to be learned from
    uint64_t passed;  // all that went by on the wire
    bool wanted;      // some Pack or output asks for it
    bool learned;     // its secrets are wanted
    bool truncated;   // more went by than may be shown
    bool full;        // nothing more is kept
    tskl_arrival *arrivals; // in the exchange's arena; only where a stream is wanted
    size_t arrival_count, arrival_room;
} tskl_body;

/** What Packs and outputs may see of what is kept. */
static inline tskl_slice tskl_body_shown(const tskl_body *body) {
    return tskl_slice_first(tskl_buf_slice(&body->kept), body->kept.len - body->unshown);
}

/** What is known of one call among the tries of the same call. */
typedef struct tskl_attempt {
    uint32_t number; // from 2; 0: it is no further try
    tskl_uuid first; // of the first try; empty: nobody saw it
    int64_t wait_ms; // since the end of the try before; 0 where `first` is empty
} tskl_attempt;

/** One call under way or ended. Filled by the application's thread, then read by one worker. */
struct tskl_exchange {
    void *owner;                     // whose it is: see pipeline/crew.c, which these six serve
    atomic_int state;                // who holds it; with `owner` all that is never moved away
    tskl_exchange *previous, *next;  // in the list of calls under way, then in the queue
    atomic_int_least64_t touched_us; // when it was last reported on
    size_t charged;                  // bytes counted against the bound
    tskl_arena arena;
    tskl_uuid id;
    unsigned wants, pack_wants;              // of all, and without what only outputs want
    size_t pack_count;                       // how many Packs there were when it began
    tskl_set packs, packs_open;              // of these, those for its host; not yet known of
    tskl_slice method, url, request_headers; // as reported
    tskl_body sent;
    int status; // 0: no response
    tskl_slice response_headers;
    size_t response_headers_room; // informational responses come first and share it
    tskl_body received;
    int64_t start_us, first_byte_us, end_us; // first_byte_us: of the response's head; 0 without
    tskl_ending ending;
    tskl_slice error_code, error_message;
    unsigned recorded_flags; // TSKL_RECORDED_*, of a call that was recorded before
    uint64_t recorded_sent, recorded_received;
    tskl_attempt recorded_attempt; // with TSKL_RECORDED_ATTEMPT
    uint64_t turn;                 // from 1, in the order of the queue; 0: it was in none
    bool head_only;                // over the bound: no body was kept
};

/** Copies the head. NULL: no memory. `body_cap` is the most bytes kept each way. */
tskl_exchange *tskl_exchange_new(const tskl_request *request, unsigned wants, size_t body_cap);
void tskl_exchange_free(tskl_exchange *exchange);
/** Forgets what was kept of bodies that turn out not to be wanted, once it has ended. Both are of
 *  those it was made with. */
void tskl_exchange_narrow(tskl_exchange *exchange, unsigned wants, unsigned pack_wants);
/** Moves all that was reported into an exchange of its own; what is left is an empty shell, still
 *  to be freed. NULL, and nothing moved: no memory. */
tskl_exchange *tskl_exchange_split(tskl_exchange *exchange);
/** Lets go of what is only there to be learned from, as far as it is behind the cap. */
void tskl_exchange_learn_less(tskl_exchange *exchange);
/** Bytes of heap it holds. */
size_t tskl_exchange_held(const tskl_exchange *exchange);
/** The functions of observer.h, without the observer: `time_us` 0 means now. */
void tskl_exchange_add_sent(tskl_exchange *exchange, int64_t time_us, tskl_slice part);
void tskl_exchange_set_response(tskl_exchange *exchange, int64_t time_us, int status,
                                tskl_slice headers);
void tskl_exchange_add_received(tskl_exchange *exchange, int64_t time_us, tskl_slice part);
void tskl_exchange_end(tskl_exchange *exchange, int64_t time_us, tskl_ending how, tskl_slice code,
                       tskl_slice message);
#endif
