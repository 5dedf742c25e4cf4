// way: how taskless comes into a command, or what keeps it out: as far as can be told without
// running it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_WAY_H
#define TSKL_CLI_WAY_H
#include "base/arena.h"
#include "page.h"

/** One thing that was found on the way to what runs a command in the end. */
typedef struct tskl_way {
    tskl_mood mood;   // GOOD: observed; NOTE: not, or not surely; BAD: not, and that can be mended
    bool unseen;      // it is known that its own calls will not be seen
    const char *name; // of the program it is about
    const char *text; // what was found
    const char *mend; // what to do; NULL: nothing
} tskl_way;

enum { TSKL_WAYS_MAX = 8 };

/** All that was found on the way of a command. */
typedef struct tskl_ways {
    tskl_way items[TSKL_WAYS_MAX];
    size_t count;
    bool asks;       // programs may be run to say what they are
    bool spare_node; // with our NODE_OPTIONS this Node.js would not start
    tskl_arena *arena;
} tskl_ways;

/** Looks at the command of `words`, which end with NULL, or is NULL: none is known. With `asks` its
 * runtime, not the command, is run for its version; without, nothing is. Texts are in `arena`, or
 * borrowed from `words`. */
tskl_ways tskl_ways_of(const char *const *words, bool asks, tskl_arena *arena);
#endif
