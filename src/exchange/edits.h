// edits: places of a text that are shown as something else, so that all other bytes stay.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_EDITS_H
#define TSKL_EXCHANGE_EDITS_H
#include "base/arena.h"

typedef struct tskl_edit tskl_edit;
struct tskl_edit {
    size_t start, end; // of the text it was made for
    tskl_slice text;   // stands in their place
    tskl_edit *next;
};

/** Sorted, not overlapping. After a failed one `failed` is set: check a series once. */
typedef struct tskl_edits {
    tskl_arena *arena;
    tskl_edit *first, *last;
    bool failed; // no memory: the text must not be shown at all
} tskl_edits;

/** Shows `part`, which lies in `source` behind all earlier ones, as `text` (borrowed). */
void tskl_edits_add(tskl_edits *edits, tskl_slice source, tskl_slice part, tskl_slice text);
/** The bytes [from, to) of `source` as they are shown, in `arena` where they differ. `*edit` is the
 *  first edit that may matter and moves on, so that a text can be taken piece by piece; what
 *  stands for a place that two pieces share belongs to the first. False: no memory. */
bool tskl_edits_piece(const tskl_edit **edit, tskl_slice source, size_t from, size_t to,
                      tskl_arena *arena, tskl_slice *out);
/** All of `source` as it is shown. False: no memory, now or before. */
bool tskl_edits_apply(const tskl_edits *edits, tskl_slice source, tskl_slice *out);
#endif
