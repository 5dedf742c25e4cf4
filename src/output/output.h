// output: where records go. One ops table per kind of place.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_OUTPUT_H
#define TSKL_OUTPUT_OUTPUT_H
#include "capture/record.h"
#include "config/config.h"
#include <stdatomic.h>

typedef struct tskl_output tskl_output;

/** What a kind of output does. All run on one worker thread at a time. */
typedef struct tskl_output_ops {
    /** Writes one record; errors are the output's own to count and to log once. */
    void (*write)(tskl_output *output, const tskl_record *record);
    void (*close)(tskl_output *output);
} tskl_output_ops;

/** The first member of each kind's own struct. */
struct tskl_output {
    const tskl_output_ops *ops;
    tskl_output *next;
    char name[96];  // as configured, for messages
    unsigned wants; // TSKL_WANT_* that this output needs even where no Pack does
    bool failing;   // the last record was lost
    // Stats read them at any time.
    atomic_uint_least64_t written, failed, unread;
};

/**
 * Opens what the configuration names ("stderr", "file:calls.ndjson", "har:calls.har", "fd:3").
 * INVALID, IO, UNTRUSTED, UNSUPPORTED or NOMEM, naming the output; `*out` is then NULL.
 * stderr, stdout and fd:N are what `spec->given` says, never closed, and left alone from the moment
 * the program puts another file in their place. A forked child opens its outputs again and does not
 * close the parent's.
 */
tskl_status tskl_output_open(const tskl_config_output *spec, tskl_output **out, tskl_error *err);
/** Hands each record to a callback, as ndjson without the "\n". NOMEM. */
tskl_status tskl_output_open_callback(tskl_record_fn on_record, void *user, tskl_output **out,
                                      tskl_error *err);
/** Closes one. NULL is allowed. */
void tskl_output_close(tskl_output *output);

/** For the kinds of output: counts what became of a record, and logs a loss unless the record
 *  before was lost as well. CLOSED is none: nobody reads there any more. */
void tskl_output_count(tskl_output *output, tskl_status status, const tskl_error *err);
#endif
