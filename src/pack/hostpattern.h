// hostpattern: the regular expressions by which manifests of schema `pre1` name hosts. They come
// from outside: matching takes no more than a step for each byte of the host and each of a pattern.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_HOSTPATTERN_H
#define TSKL_PACK_HOSTPATTERN_H
#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

enum {
    TSKL_HOSTPATTERN_MAX = 256,       // bytes of its text
    TSKL_HOSTPATTERN_STEPS_MAX = 128, // of what it becomes
    TSKL_HOSTPATTERN_HOST_MAX = 256   // a longer host is taken by none
};

/** One that was read. Never changes: any thread may match with it. */
typedef struct tskl_hostpattern tskl_hostpattern;

/** Fails with INVALID, naming the byte, where `text` is no pattern: literals, '.', classes, groups,
 *  '|', '*', '+', '?', {m,n}, \d, \w, \s; '^' and '$' at the ends say nothing, since the whole host
 *  is meant. Back-references and looking around are refused; so is what becomes too large. */
tskl_status tskl_hostpattern_check(tskl_slice text, tskl_error *err);
/** Reads it into `arena`. INVALID as above; NOMEM. `*out` is then NULL. */
tskl_status tskl_hostpattern_make(tskl_slice text, tskl_arena *arena, const tskl_hostpattern **out,
                                  tskl_error *err);

typedef enum tskl_hostpattern_answer {
    TSKL_HOSTPATTERN_NO,
    TSKL_HOSTPATTERN_YES,
    TSKL_HOSTPATTERN_OPEN // `*steps_left` did not suffice
} tskl_hostpattern_answer;

/** Whether it takes all of `host`, whatever its case. `*steps_left` falls by what that took. */
tskl_hostpattern_answer tskl_hostpattern_takes(const tskl_hostpattern *pattern, tskl_slice host,
                                               size_t *steps_left);
/** True when it takes one host only: `text` is then that host, in lower case, of `*length` bytes.
 */
bool tskl_hostpattern_literal(const tskl_hostpattern *pattern, char text[TSKL_HOSTPATTERN_MAX],
                              size_t *length);
#endif
