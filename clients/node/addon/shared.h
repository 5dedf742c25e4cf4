// shared: the one observer of the process, held by each JavaScript environment that reports to it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NODE_SHARED_H
#define TSKL_NODE_SHARED_H
#include "calls.h"
#include <pthread.h>
#include <stdbool.h>

/** One environment: its calls under way, which only its own thread may touch. Zeroed, it is nobody.
 */
typedef struct tskl_member {
    tskl_observer *observer; // NULL before it has joined and after it has left
    tskl_calls calls;
    pthread_t thread;
    struct tskl_member *next;
} tskl_member;

/**
 * Joins the observer, opening it with `options` when nobody holds it yet; otherwise `options` are
 * not looked at. Leave with tskl_shared_leave. Fails as tskl_observer_open does. Any thread.
 */
tskl_status tskl_shared_join(const tskl_observer_options *options, tskl_member *member,
                             tskl_error *err);

/**
 * Ends the calls of `member` and gives the observer back after waiting, `timeout_ms` at most, for
 * what is unwritten; whoever is last waits in any case, and closes it. Returns how many exchanges
 * are left unwritten. Does nothing for somebody who has not joined.
 */
size_t tskl_shared_leave(tskl_member *member, uint32_t timeout_ms);

/** Notes a call, counts a connection: at the end it is said if there were only these. Any thread.
 */
void tskl_shared_note_call(void);
void tskl_shared_count_connection(void);
#endif
