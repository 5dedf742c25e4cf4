// nearest: the known name that a wrong one was probably meant to be.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_NEAREST_H
#define TSKL_CONFIG_NEAREST_H
#include "base/slice.h"

/** Begin with {.wrong = name}, offer each known name, then read `best`: empty where none is near
 *  enough to be meant. */
typedef struct tskl_nearest {
    tskl_slice wrong, best;
    size_t distance; // of `best`
} tskl_nearest;

void tskl_nearest_offer(tskl_nearest *nearest, tskl_slice name);

/** For printf: ", did you mean 'hosts'?", or nothing. */
#define TSKL_NEAREST_FMT "%s%.*s%s"
#define TSKL_NEAREST_ARG(nearest)                                                                  \
    (nearest).best.len ? ", did you mean '" : "", TSKL_ARG((nearest).best),                        \
        (nearest).best.len ? "'?" : ""
#endif
