// date: a moment as people's tools write it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_DATE_H
#define TSKL_CLI_DATE_H
#include "base/slice.h"

/**
 * Reads a date with its time, in microseconds since the epoch: ISO 8601 in its many shapes
 * ("2026-03-04 05:06", "20260304T050607Z", "...07,123+0530"), RFC 1123 and RFC 850, asctime,
 * JavaScript's toString, a log's "04/Mar/2026:05:06:07 +0000", and the seconds, milliseconds,
 * microseconds or nanoseconds since the epoch. Without a zone it is taken for UTC. False, and 0:
 * not a date, one that could be two ("3/4/2026"), or one before 1970.
 */
bool tskl_date_read(tskl_slice text, int64_t *wall_us);
#endif
