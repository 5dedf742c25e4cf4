// candidates: the Packs that an answer of unknown origin could be for.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CANDIDATES_H
#define TSKL_CLI_CANDIDATES_H
#include "config/config.h"

typedef struct tskl_candidate {
    tskl_slice name, host; // a host that the Pack is for
    tskl_texts marks;      // of its service's answers
} tskl_candidate;

/** Zeroed, it is empty. The arena holds all of it. */
typedef struct tskl_candidates {
    tskl_candidate *items;
    size_t count;
    tskl_arena arena;
} tskl_candidates;

/** Reads the Packs of `config`. One that cannot be read, or that is for all hosts, is none. NOMEM.
 */
tskl_status tskl_candidates_fill(tskl_candidates *candidates, const tskl_config *config,
                                 tskl_error *err);
void tskl_candidates_deinit(tskl_candidates *candidates);
#endif
