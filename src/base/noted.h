// noted: which file each descriptor was at one moment: before the program ran.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_NOTED_H
#define TSKL_BASE_NOTED_H
#include "base/descriptor.h"

enum {
    TSKL_NOTED_LOW = 32,   // numbers that are always noted, more than shells and supervisors give
    TSKL_NOTED_NAMED = 16, // higher ones that TASKLESS_OUTPUT names: as many as it may have outputs
};

typedef struct tskl_noted {
    tskl_descriptor low[TSKL_NOTED_LOW]; // by number
    tskl_descriptor named[TSKL_NOTED_NAMED];
    size_t named_count;
} tskl_noted;

/** Notes what is open now. `outputs` is TASKLESS_OUTPUT, or NULL. Keeps errno. */
void tskl_noted_take(tskl_noted *out, const char *outputs);
/** What `fd` was, in `*out`. False: that number was not looked at. */
bool tskl_noted_find(const tskl_noted *noted, int fd, tskl_descriptor *out);
#endif
