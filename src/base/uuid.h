// uuid: the ids of exchanges: UUIDv7, so that they sort by time.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_UUID_H
#define TSKL_BASE_UUID_H
#include "base/slice.h"

typedef struct tskl_uuid {
    char text[37]; // lower case, with dashes and a zero
} tskl_uuid;

/** A new id for that time. The random part is the system's. Any thread, also after a fork. */
tskl_uuid tskl_uuid_new(int64_t wall_us);
/** Takes a UUID as text, of any version and case. False, and `*out` empty: not one. */
bool tskl_uuid_parse(tskl_slice text, tskl_uuid *out);
#endif
