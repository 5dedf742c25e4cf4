// shared: counts who holds the observer, so that a worker thread's end takes nothing from others.
// SPDX-License-Identifier: Apache-2.0
#include "shared.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_MS = 200 }; // how long the end of a program may wait for records to be written

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static tskl_observer *observer;
static tskl_member *members;
static pid_t owner;
static atomic_bool called;
static atomic_ullong connections;

void tskl_shared_note_call(void) {
    atomic_store(&called, true);
}

void tskl_shared_count_connection(void) {
    atomic_fetch_add_explicit(&connections, 1, memory_order_relaxed);
}

static void say_unseen(void) {
    unsigned long long count = atomic_exchange(&connections, 0);
    if (count == 0 || atomic_load(&called)) return;
    char line[256];
    int length = snprintf(line, sizeof line,
                          "%llu connection%s made and no HTTP call was seen in %s: what uses %s is "
                          "not observed (`taskless help run` lists what is)",
                          count, count == 1 ? " was" : "s were", count == 1 ? "it" : "them",
                          count == 1 ? "it" : "them");
    tskl_warn((tskl_slice){line, (size_t)length});
}

static void close_observer(uint32_t timeout_ms) {
    say_unseen();
    tskl_observer_close(observer, timeout_ms);
    observer = NULL;
}

// process.exit runs no clean-up of its environment, an uncaught error no event, process.reallyExit
// neither: but all of them this. The threads of other environments have ended by now.
static void on_exit_of_process(void) {
    // A child that was forked by some library has nothing here, and the lock may be anybody's.
    if (getpid() != owner) return;
    pthread_mutex_lock(&lock);
    for (tskl_member *m = members; m; m = m->next) {
        if (pthread_equal(m->thread, pthread_self())) tskl_calls_deinit(&m->calls);
        m->observer = NULL;
    }
    members = NULL;
    if (observer) close_observer(EXIT_MS);
    pthread_mutex_unlock(&lock);
}

static tskl_status open_observer(const tskl_observer_options *options, tskl_error *err) {
    tskl_status status = tskl_observer_open(options, &observer, err);
    if (status == TSKL_OK && owner == 0) {
        owner = getpid();
        // Without it the end of the program costs some records, no more.
        (void)atexit(on_exit_of_process);
    }
    return status;
}

tskl_status tskl_shared_join(const tskl_observer_options *options, tskl_member *member,
                             tskl_error *err) {
    pthread_mutex_lock(&lock);
    tskl_status status = members ? TSKL_OK : open_observer(options, err);
    if (status == TSKL_OK) {
        member->observer = observer;
        member->thread = pthread_self();
        member->next = members;
        members = member;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

static void unlink_member(const tskl_member *member) {
    for (tskl_member **m = &members; *m; m = &(*m)->next) {
        if (*m != member) continue;
        *m = member->next;
        return;
    }
}

size_t tskl_shared_leave(tskl_member *member, uint32_t timeout_ms) {
    size_t pending = 0;
    // Before the observer may go: what is under way counts as aborted.
    tskl_calls_deinit(&member->calls);
    pthread_mutex_lock(&lock);
    if (member->observer) {
        unlink_member(member);
        bool last = !members;
        if (last && timeout_ms == 0) timeout_ms = EXIT_MS;
        if (timeout_ms && tskl_observer_flush(observer, timeout_ms, &pending, NULL) == TSKL_OK)
            pending = 0;
        // What could be written is: closing has nothing more to wait for.
        if (last) close_observer(0);
        member->observer = NULL;
    }
    pthread_mutex_unlock(&lock);
    return pending;
}
