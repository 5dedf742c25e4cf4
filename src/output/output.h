// output: where records go. One ops table per kind of place.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_OUTPUT_H
#define TSKL_OUTPUT_OUTPUT_H
#include "capture/record.h"
#include "config/config.h"

typedef struct tskl_output tskl_output;

/** What a kind of output does. All run on one worker thread at a time. */
typedef struct tskl_output_ops {
    /** Writes one record; errors are the output's own to count and to log once. */
    void (*write)(tskl_output *output, const tskl_record *record);
    void (*close)(tskl_output *output);
} tskl_output_ops;

struct tskl_output {
    const tskl_output_ops *ops;
    tskl_output *next;
    uint64_t written, failed;
};

/** Opens what the configuration names ("stderr", "file:calls.ndjson", "har:calls.har", "fd:3").
 *  INVALID, IO, UNTRUSTED or NOMEM, naming the output. `*out` is then NULL. */
tskl_status tskl_output_open(const tskl_config_output *spec, tskl_output **out, tskl_error *err);
/** Hands each record to a callback, as one ndjson line. */
tskl_status tskl_output_open_callback(tskl_record_fn on_record, void *user, tskl_output **out,
                                      tskl_error *err);
/** Closes one. NULL is allowed. */
void tskl_output_close(tskl_output *output);
#endif
