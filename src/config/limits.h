// limits: how much a Pack may use, as manifests and configurations write it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_LIMITS_H
#define TSKL_CONFIG_LIMITS_H
#include "config/shape.h"

/** A member left at 0 says nothing. */
typedef struct tskl_limits {
    uint32_t time_ms, wall_ms, memory_mib, output_kib, captures, log_lines;
} tskl_limits;

/** The limits that hold where nobody says otherwise. */
#define TSKL_LIMITS_DEFAULT {100, 2000, 64, 256, 128, 20}
/** What a Pack may ask for where the user's `limits` do not say. */
#define TSKL_LIMITS_CAP {500, 10000, 64, 1024, 512, 100}

/** Reads `limits: {...}` into a tskl_limits; the most that each may be is ours. */
extern const tskl_shape tskl_limits_shape;

/** `first` where it says something, else `second`. */
tskl_limits tskl_limits_or(tskl_limits first, tskl_limits second);
/** `limits`, none of them above `caps`; a cap of 0 allows all. */
tskl_limits tskl_limits_within(tskl_limits limits, tskl_limits caps);
#endif
