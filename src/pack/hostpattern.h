// hostpattern: the regular expressions by which manifests of schema `pre1` name hosts. They come
// from outside: matching takes no more than a step for each byte of the host and each of a pattern.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_HOSTPATTERN_H
#define TSKL_PACK_HOSTPATTERN_H
#include "base/slice.h"
#include "base/status.h"

enum {
    TSKL_HOSTPATTERN_MAX = 256,      // bytes of its text
    TSKL_HOSTPATTERN_STEPS_MAX = 128 // of what it becomes
};

/** Fails with INVALID, naming the byte, where `text` is no pattern: literals, '.', classes, groups,
 *  '|', '*', '+', '?', {m,n}, \d, \w, \s; '^' and '$' at the ends say nothing, since the whole host
 *  is meant. Back-references and looking around are refused; so is what becomes too large. */
tskl_status tskl_hostpattern_check(tskl_slice text, tskl_error *err);
/** True when it takes all of `host`, whatever its case. False of what the check refuses. */
bool tskl_hostpattern_takes(tskl_slice text, tskl_slice host);
#endif
