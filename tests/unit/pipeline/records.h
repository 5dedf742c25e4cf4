// records: what a test's observer writes, kept line by line; and calls to report to it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_RECORDS_H
#define TSKL_TESTS_RECORDS_H
#include "base/buf.h"
#include "harness.h"
#include <pthread.h>
#include <taskless/observer.h>

/** Zeroed but for its locks: RECORDS_INIT. */
typedef struct records {
    pthread_mutex_t lock; // of the lines and the count
    pthread_mutex_t gate; // whoever holds it holds up the worker that has a record
    tskl_buf text;
    size_t count, called; // the gate lies between the two
    bool keeps_none;      // count only
} records;
#define RECORDS_INIT                                                                               \
    {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, {.cap = 16 << 20}, 0, 0, false}

/** A tskl_record_fn; `user` is a records. */
void records_add(void *user, tskl_slice line);
size_t records_count(records *r);
/** How often `part` stands in the lines. */
size_t records_have(records *r, const char *part);
/** Waits until there are `count`, 5 s at most. */
bool records_reach(records *r, size_t count);
/** Waits until a worker stands at the gate, 5 s at most. */
bool records_call(records *r);
/** For CLEANUP. */
void records_deinit(records *r);

/** GET https://api.example.com/NUMBER. */
tskl_request call_request(size_t number, char url[64]);
/** 200, with a body of `size` bytes. */
void call_end_take(tskl_exchange *exchange, size_t size);
#endif
