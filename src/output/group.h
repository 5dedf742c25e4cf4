// group: the captures of one Pack, read by the names that all Packs share.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_GROUP_H
#define TSKL_OUTPUT_GROUP_H
#include "capture/record.h"

/** Borrowed from the captures; never empty. */
typedef struct tskl_group {
    const tskl_capture *items;
    size_t count;
} tskl_group;

/** The next Pack's captures from `*at` (first 0) on, but for the core Pack's, which repeat what the
 *  record says. False: no more. */
bool tskl_group_next(const tskl_captures *captures, size_t *at, tskl_group *out);
/** What the core Pack noted as the call's error, or empty. */
tskl_slice tskl_group_core_error(const tskl_captures *captures);
/** A value as text, or empty. */
tskl_slice tskl_group_get(const tskl_group *group, const char *name);
/** A number of milliseconds, in microseconds. False: there is none. */
bool tskl_group_get_ms(const tskl_group *group, const char *name, int64_t *us);
/** True when the Pack calls the exchange a failure, whatever its status. */
bool tskl_group_failed(const tskl_group *group);
/** True when the Pack says why a call failed. */
bool tskl_group_explains(const tskl_group *group);
/** True when the call failed: by its ending, its status, or in a Pack's words. */
bool tskl_record_failed(const tskl_record *record);
#endif
