// sightings: the failed calls of a recording, those that failed alike as one.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_SIGHTINGS_H
#define TSKL_CLI_SIGHTINGS_H
#include "explain/explain.h"

enum {
    TSKL_SIGHTINGS_MAX = 20, // kinds of failure that are shown
    TSKL_SIGHTING_RANGES = 8,
};

/** One kind of failure: its first call, and which others there were. */
typedef struct tskl_sighting {
    tskl_explanation first;
    tskl_arena arena; // of the first
    tskl_slice key;
    size_t count;
    int64_t from_us, to_us; // 0: not known
    struct {
        size_t from, to;
    } ranges[TSKL_SIGHTING_RANGES]; // numbers of the calls
    size_t range_count;             // may be more than are kept
    bool several_urls;              // they differ behind the path
} tskl_sighting;

/** Zeroed, it is ready to use. */
typedef struct tskl_sightings {
    tskl_sighting items[TSKL_SIGHTINGS_MAX];
    size_t count, left_out; // the latter: calls of kinds for which there is no room
} tskl_sightings;

/** Adds a call that failed, explained in `arena`, which is taken over or emptied. */
void tskl_sightings_add(tskl_sightings *sightings, const tskl_explanation *e, size_t number,
                        tskl_arena *arena);
/** "entry 3", "entries 3, 5 to 8 and more" */
void tskl_sighting_add_numbers(tskl_buf *text, const tskl_sighting *sighting);
void tskl_sightings_deinit(tskl_sightings *sightings);
#endif
