// desk: an observer of a test's own: its files in the test's folder, its records in memory.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_DESK_H
#define TSKL_TESTS_DESK_H
#include "base/digest.h"
#include "base/env.h"
#include "pipeline/records.h"

typedef struct desk {
    records r;
    tskl_env env; // in place of the process's
    tskl_observer *observer;
} desk;
#define DESK_INIT {.r = RECORDS_INIT}

/** Opens the observer with these members of taskless.json, such as ",\"queue\":{...}". No helper,
 *  the cache in the test's folder; no output but the records, unless `outputs` stands there. */
tskl_status desk_open(desk *d, tskl_test *t, const char *members);
/** Opens it with the Pack of tests/unit/pipeline/wat/NAME.wat as a folder for api.example.com, its
 *  code in the cache: with these members in its manifest and in its entry of taskless.json. */
tskl_status desk_open_pack(desk *d, tskl_test *t, const char *name, const char *members,
                           const char *entry);
/** What was built of that WAT: ".wasm" or ".cwasm". In `t->arena`. */
tskl_slice desk_read(tskl_test *t, const char *name, const char *ending);
/** Puts its code into the cache. */
tskl_status desk_store(desk *d, tskl_test *t, const char *name);
/** For CLEANUP: closes what is open. */
void desk_close(desk *d);
/** Adds the Pack of tests/unit/pipeline/wat/NAME.wat for api.example.com; `compiled`: its code is
 *  put into the cache before. */
tskl_status desk_add(desk *d, tskl_test *t, const char *name, bool compiled);
/** The same, compiled, with these members in its manifest: ",\"reads\":[...]". */
tskl_status desk_add_with(desk *d, tskl_test *t, const char *name, const char *members);
tskl_exchange *desk_begin(desk *d, size_t number);
/** One call from begin to end. */
void desk_call(desk *d, size_t number);
#endif
