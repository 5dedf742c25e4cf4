// remarks: what is said of a recording's calls that could not be read whole: of each kind of fault
// the first call, and at the end how many more there were.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_REMARKS_H
#define TSKL_CLI_REMARKS_H
#include "recording/item.h"

enum { TSKL_REMARKS_MAX = 32 }; // kinds

typedef struct tskl_remarks {
    const char *file;
    struct {
        const char *what;
        size_t more; // calls behind the first
    } kinds[TSKL_REMARKS_MAX];
    size_t count;
} tskl_remarks;

/** Says what was left out of an item, where such a thing was not said before. */
void tskl_remarks_add(tskl_remarks *remarks, const tskl_item *item, tskl_arena *arena);
/** Says how many more there were. */
void tskl_remarks_end(const tskl_remarks *remarks);
#endif
