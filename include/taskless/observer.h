// observer: what a program holds to report its calls to other services and learn what they meant.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_OBSERVER_H
#define TASKLESS_OBSERVER_H
#include <taskless/base.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct tskl_observer tskl_observer; // configuration, Packs, workers, outputs
typedef struct tskl_exchange tskl_exchange; // one call under way

/** Receives each record as one JSON line, on a worker thread; `line` ends with the call. */
typedef void (*tskl_record_fn)(void *user, tskl_slice line);

/** A member left at zero is taken from TASKLESS_*, then taskless.yaml, then the default. Later
 *  versions add members at the end: those that a program built with an older header does not have
 *  count as zero, and nothing beyond `size` is read. */
typedef struct tskl_observer_options {
    size_t size;             // sizeof(tskl_observer_options), set by the initializer
    const char *directory;   // where Packs lie
    const char *config_path; // taskless.yaml or .json
    const char *outputs;     // as TASKLESS_OUTPUT
    const char *client;      // who reports, "node/24.1.0"
    tskl_record_fn on_record;
    void *user;
} tskl_observer_options;
#define TSKL_OBSERVER_OPTIONS_INIT                                                                 \
    { sizeof(tskl_observer_options), NULL, NULL, NULL, NULL, NULL, NULL }

/**
 * Reads the configuration and the Packs. A bad Pack is left out and logged; the call still
 * succeeds. No thread is started before the first exchange. `options` may be NULL, and is not
 * needed afterwards. Free `*out` with tskl_observer_close.
 * Fails where the configuration cannot be used, naming file, line and key: SYNTAX, INVALID,
 * UNTRUSTED, NOT_FOUND (a file or folder that was named), UNSUPPORTED (another version of the
 * file), UNAVAILABLE (libyaml is missing), LIMIT or IO; with NOMEM; with INVALID where
 * `options->size` was never set, and UNSUPPORTED where `options` has members set that this version
 * does not know. `*out` is then NULL. Any thread.
 * In a setuid program the observer is inert: it opens, and observes nothing.
 */
TSKL_API TSKL_MUST_USE
tskl_status tskl_observer_open(const tskl_observer_options *options, tskl_observer **out,
                               tskl_error *err);

/**
 * Adds one Pack from memory; everything is copied. `configuration` is a JSON object or empty.
 * UNAVAILABLE: it was added, but its code has to be compiled first; it is in use as soon as that is
 * done. Else, with the Pack and the field at fault, nothing was added: SYNTAX (the manifest or the
 * configuration is not JSON, the code is not WebAssembly), INVALID (a value), NOT_FOUND (there is
 * no code, or a further module is missing), UNSUPPORTED (a component; code that would have to be
 * fetched), LIMIT (there are 256 Packs) or NOMEM. Any thread; takes effect for exchanges that begin
 * afterwards. An inert observer takes all and does nothing.
 */
TSKL_API TSKL_MUST_USE
tskl_status tskl_observer_add(tskl_observer *observer, tskl_slice manifest, tskl_slice wasm,
                              tskl_slice configuration, tskl_error *err);

/**
 * Waits until what has ended is written, `timeout_ms` at most. TIMEOUT: `*pending` (which may be
 * NULL, and is 0 otherwise) says how many exchanges are left. Fails in no other way, and may be
 * ignored: a wait that was too short loses nothing. Any thread but the one on_record is called on.
 */
TSKL_API tskl_status tskl_observer_flush(tskl_observer *observer, uint32_t timeout_ms,
                                         size_t *pending, tskl_error *err);

/**
 * The observer's own cost as one JSON object, copied to `buffer` with a zero behind it; `*length`
 * does not count the zero. LIMIT: it does not fit, and `*length` says how many bytes it has; NOMEM.
 * Any thread.
 */
TSKL_API TSKL_MUST_USE
tskl_status tskl_observer_stats(tskl_observer *observer, char *buffer, size_t size, size_t *length,
                                tskl_error *err);

/**
 * Says one line about the client itself ("calls are not observed: ...") where taskless's own
 * messages go: at first standard error, as it was when the library was loaded. "taskless: " is put
 * before it; it is cut at 1 KiB; control characters are escaped. Never blocks, raises no signal,
 * keeps errno; where there is nobody to read it, it is dropped. Needs no observer. Any thread.
 */
TSKL_API void tskl_warn(tskl_slice message);

/**
 * Flushes for `timeout_ms` at most, stops, frees. Calls under way count as aborted; their handles
 * stay valid until ended. NULL is allowed. Once, after every other call with this observer.
 */
TSKL_API void tskl_observer_close(tskl_observer *observer, uint32_t timeout_ms);

/** What is worth reporting for this call; the rest may be left out, and costs nothing. */
enum { TSKL_WANT_REQUEST_BODY = 1, TSKL_WANT_RESPONSE_BODY = 2, TSKL_WANT_STREAM = 4 };

/** All up to `headers` is read in any case; `recorded` only where `size` reaches so far. What lies
 *  beyond the members that this version knows is ignored. */
typedef struct tskl_request {
    size_t size;     // sizeof(tskl_request)
    int64_t time_us; // since the epoch; 0 means now, here and below
    tskl_slice method, url;
    tskl_slice headers; // "name: value\r\n" lines as sent, without request line and pseudo-headers
    const struct tskl_recorded *recorded; // NULL for a live call
} tskl_request;

/** What the parts of a call that was recorded before cannot tell by themselves. Where `size` does
 *  not reach `attempt`, none of it counts; where it is less than all, nothing from `attempt` on
 *  does. What lies beyond the members that this version knows is ignored. */
typedef struct tskl_recorded {
    size_t size;             // sizeof(tskl_recorded)
    tskl_slice id;           // a UUID; empty: a new one is made
    uint64_t sent, received; // bytes of body on the wire, where more than what is reported
    unsigned flags;          // TSKL_RECORDED_*
    uint32_t attempt;        // with TSKL_RECORDED_ATTEMPT: from 2; less where it is no further try
    uint32_t wait_ms;        // since the try before
    tskl_slice first;        // id of the first try; empty: not known
} tskl_recorded;

enum {
    TSKL_RECORDED_DECODED = 1,           // the response's body has no content-encoding any more
    TSKL_RECORDED_REQUEST_TRUNCATED = 2, // more went by than is reported
    TSKL_RECORDED_RESPONSE_TRUNCATED = 4,
    TSKL_RECORDED_ATTEMPT = 8,           // which try it was is known, and not found out again
    TSKL_RECORDED_NOTHING_RECEIVED = 16, // the response's body came out of a cache
};

/**
 * Begins a call; bytes are copied before it returns. NULL when it is not to be observed (bypassed,
 * ignored, no room): every function below takes NULL and does nothing. One thread at a time for
 * one exchange; none of them blocks, fails, calls back or touches errno.
 */
TSKL_API tskl_exchange *tskl_exchange_begin(tskl_observer *observer, const tskl_request *request,
                                            unsigned *wants);

/** A part of the request's body, as sent on the wire; an empty part is allowed. Of a body that is
 *  not wanted only the size is: {NULL, length}, in one piece or several. */
TSKL_API void tskl_exchange_sent(tskl_exchange *exchange, int64_t time_us, tskl_slice body_part);

/** Status and headers; called again for each informational response, the last one counts. */
TSKL_API void tskl_exchange_response(tskl_exchange *exchange, int64_t time_us, int status,
                                     tskl_slice headers);

/** A part of the response's body, as received, content-encoding and all; else as above. */
TSKL_API void tskl_exchange_received(tskl_exchange *exchange, int64_t time_us,
                                     tskl_slice body_part);

typedef enum tskl_ending { TSKL_DONE, TSKL_ABORTED, TSKL_FAILED } tskl_ending;

/** Ends the call, takes `exchange`. `code` (ECONNREFUSED) and `message` only with TSKL_FAILED. */
TSKL_API void tskl_exchange_end_take(tskl_exchange *exchange, int64_t time_us, tskl_ending how,
                                     tskl_slice code, tskl_slice message);

#ifdef __cplusplus
}
#endif
#endif
