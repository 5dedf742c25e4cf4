// hostindex: which of up to 256 lists take a host, found in one look however many lists there are
// and however long they are.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_HOSTINDEX_H
#define TSKL_PACK_HOSTINDEX_H
#include "base/set.h"
#include "pack/hostlist.h"

enum {
    TSKL_HOSTINDEX_LISTS = TSKL_SET_MAX,
    /** What the expressions of all lists may take on the application's thread. An ordinary one
     * takes some ten steps for a host, a list that is made to be slow takes millions. */
    TSKL_HOSTINDEX_STEPS = 256
};

typedef struct tskl_hostindex tskl_hostindex;

/** Free with tskl_hostindex_free. NOMEM. */
tskl_status tskl_hostindex_new(tskl_hostindex **out, tskl_error *err);
void tskl_hostindex_free(tskl_hostindex *index);
/** Adds what `list` takes under a number, below TSKL_HOSTINDEX_LISTS, that is not in use. Its
 *  expressions are borrowed for the index's life. NOMEM; nothing is added then. One thread at a
 * time; meanwhile any thread may look, and a child process that is forked has an index that works:
 * each sees the new list or does not, or sees a part of it. */
tskl_status tskl_hostindex_add(tskl_hostindex *index, const tskl_hostlist *list, size_t number,
                               tskl_error *err);
/** Takes a list out again, so that its number is free. Threads as above. */
void tskl_hostindex_remove(tskl_hostindex *index, size_t number);

/** Which lists take a host: those of `taken`, perhaps also those of `open`. */
typedef struct tskl_hostmatch {
    tskl_set taken, open;
} tskl_hostmatch;

/** Finds the lists that take it. Those with expressions are left open. Takes time for the host's
 *  length alone. Any thread, without a lock. */
void tskl_hostindex_find(const tskl_hostindex *index, tskl_slice host, uint16_t port,
                         tskl_hostmatch *out);
/** Finds out which of the open ones take it, as far as `steps` (SIZE_MAX: all)
 * go. Any thread, without a lock. */
void tskl_hostindex_decide(const tskl_hostindex *index, tskl_slice host, size_t steps,
                           tskl_hostmatch *match);
/** True when one list takes it, with no bound on the steps. */
bool tskl_hostindex_has(const tskl_hostindex *index, tskl_slice host, uint16_t port);
#endif
