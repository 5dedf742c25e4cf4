// crew: the queue between the application's threads and the worker that runs Packs, and the bound
// on all that is held for it. It belongs to one process: after a fork a new one is made.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_CREW_H
#define TSKL_PIPELINE_CREW_H
#include "pipeline/pipeline.h"

typedef struct tskl_crew tskl_crew;

/** What the observer's owner asked for; borrowed for the crew's life. */
typedef struct tskl_crew_options {
    const tskl_config *config;
    const char *client;
    const tskl_hostindex *hosts; // of the Packs, by their numbers; NULL: there are none
    tskl_record_fn on_record;
    void *user;
} tskl_crew_options;

/** Counts since the crew was made: begun = finished + dropped + under_way + queued. */
typedef struct tskl_crew_counts {
    uint64_t begun;                       // all that were to be observed, dropped ones included
    uint64_t finished;                    // written, or sampled out
    uint64_t dropped;                     // not written for want of room, or of time at the end
    uint64_t head_only;                   // begun over the bound: no bodies were kept
    uint64_t shortened;                   // ended with a body cut at its cap, or at the bound
    size_t under_way, queued, held_bytes; // now
} tskl_crew_counts;

/** Opens the outputs; one that cannot be opened is logged and left out. Starts nothing yet. NOMEM.
 */
tskl_status tskl_crew_new(const tskl_crew_options *options, tskl_crew **out, tskl_error *err);
/** The tskl_generation it was made in. */
unsigned tskl_crew_generation(const tskl_crew *crew);
/** Adds a Pack, which is borrowed for the crew's life. */
tskl_status tskl_crew_add(tskl_crew *crew, tskl_pack *pack, tskl_runner **out, tskl_error *err);
/** As tskl_exchange_begin, for the host and port in its URL. Outputs and the Packs for that host
 * say what is wanted; where it takes long to know which these are, all that may be. */
tskl_exchange *tskl_crew_begin(tskl_crew *crew, const tskl_request *request, tskl_slice host,
                               uint16_t port);
/** Brackets each report on a call under way. False from the first: it was given up meanwhile (or
 *  belongs to another process), and there is nothing to report to. The second counts what it holds
 *  by now against the bound. */
bool tskl_crew_enter(tskl_exchange *exchange);
void tskl_crew_leave(tskl_exchange *exchange);
/** In place of the second, after the last report: queues the exchange and starts the worker if
 *  need be. Takes it. */
void tskl_crew_end_take(tskl_exchange *exchange);
/** In place of a last report for which tskl_crew_enter said no: frees what is left; in a child of
 *  the crew's process, nothing. */
void tskl_crew_forget_take(tskl_exchange *exchange);
/** Waits until what has ended by now is written; false when time ran out, with how many are left.
 */
bool tskl_crew_flush(tskl_crew *crew, uint32_t timeout_ms, size_t *left);
tskl_crew_counts tskl_crew_count(tskl_crew *crew);
/** The Packs, for stats. */
const tskl_pipeline *tskl_crew_pipeline(const tskl_crew *crew);
/**
 * Ends what is under way as aborted, flushes, stops its threads, closes outputs, and calls `gone`
 * (NULL: nobody asks), after which nothing is used that the crew was given. False: a worker is
 * still in the middle of a Pack; it does the rest by itself when it comes back from there, and is
 * not waited for where the process ends. The crew itself is freed when the last exchange under way
 * has ended.
 */
bool tskl_crew_close(tskl_crew *crew, uint32_t timeout_ms, void (*gone)(void *owner), void *owner);
#endif
