// grants: what a Pack asks for, beside what the configuration in force gives it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_GRANTS_H
#define TSKL_CLI_GRANTS_H
#include "pack/pack.h"

typedef struct tskl_grant {
    const char *kind; // "body", "environment", "hosts" or "vars", as under `allow:`
    tskl_slice name;  // of the variable or the host; else empty
    bool given;
    bool unset;       // a variable that is not set: there is nothing to give
    const char *mend; // what to write into the configuration; NULL where given or unset
} tskl_grant;

typedef struct tskl_grants {
    tskl_grant *items;
    size_t count, missing; // asked, not given, and not unset
} tskl_grants;

/** All that the Pack asks for. Borrows from the Pack; in `arena`. NOMEM. */
tskl_status tskl_grants_of(const tskl_pack *pack, tskl_arena *arena, tskl_grants *out,
                           tskl_error *err);
#endif
