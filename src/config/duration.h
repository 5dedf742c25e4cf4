// duration: "15m", "2s", "500ms": a length of time as a person writes it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_DURATION_H
#define TSKL_CONFIG_DURATION_H
#include "base/slice.h"

/** Reads a whole number with ms, s, m, h or d behind it; a bare number is milliseconds. False: it
 *  is none, or longer than `most_ms`. */
bool tskl_duration_parse(tskl_slice text, uint64_t most_ms, uint64_t *ms);
#endif
