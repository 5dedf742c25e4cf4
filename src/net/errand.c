// SPDX-License-Identifier: Apache-2.0
#include "net/errand.h"
#include "base/clock.h"
#include "base/generation.h"
#include "base/thread.h"
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { END_WAIT_MS = 200, CLAIMED = 1, UNSHARE = 1 << 1, DESCRIPTORS_MOST = 65536 };

// Which thread it is: the generation of the process, then the thread's number. A fork has none of
// these threads, and takes the slots for free.
typedef struct tskl_errand_slot {
    atomic_uint_least64_t thread;
    atomic_bool entered;
} slot;

static slot slots[TSKL_ERRANDS_MAX];
static atomic_bool ending; // the process

#ifdef TSKL_TESTING
atomic_int tskl_errand_threads;
#define COUNT_THREADS(change) atomic_fetch_add(&tskl_errand_threads, change)
#else
#define COUNT_THREADS(change) (void)0
#endif

static uint64_t of_this_process(uint32_t thread) {
    return (uint64_t)tskl_generation() << 32 | thread;
}

static bool is_taken(uint64_t thread) {
    return (uint32_t)thread && thread >> 32 == tskl_generation();
}

static slot *claim_slot(void) {
    for (size_t i = 0; i < TSKL_COUNT(slots); i++) {
        uint64_t thread = atomic_load(&slots[i].thread);
        if (is_taken(thread) ||
            !atomic_compare_exchange_strong(&slots[i].thread, &thread, of_this_process(CLAIMED)))
            continue;
        atomic_store(&slots[i].entered, false);
        return &slots[i];
    }
    return NULL;
}

static void wait_at_end(void) {
    const struct timespec a_while = {.tv_nsec = 1000000};
    int64_t until_us = tskl_clock_steady_us() + END_WAIT_MS * 1000;
    atomic_store(&ending, true);
    for (size_t i = 0; i < TSKL_COUNT(slots); i++)
        while (is_taken(atomic_load(&slots[i].thread)) && atomic_load(&slots[i].entered) &&
               tskl_clock_steady_us() < until_us)
            nanosleep(&a_while, NULL);
}

static void watch_end(void) {
    // What cannot be registered is not waited for, which is what would have been without it.
    int ignored TSKL_UNUSED = atexit(wait_at_end);
}

static void note_end(void) {
    atomic_store(&ending, true);
}

static void watch_for_note(void) {
    int ignored TSKL_UNUSED = atexit(note_end); // as above
}

void tskl_errand_mind_end(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_for_note);
}

bool tskl_errand_process_ends(void) {
    return atomic_load(&ending);
}

bool tskl_errand_is_over(const tskl_errand *errand) {
    return atomic_load(&errand->abandoned) || tskl_errand_process_ends();
}

bool tskl_errand_enter(tskl_errand *errand) {
    // Registered here, after the libraries that are worked with have registered theirs: the last
    // one runs first.
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_end);
    // First that it entered, then the question: whoever ends the process does it the other way
    // round, and one of the two sees the other.
    atomic_store(&errand->slot->entered, true);
    if (!tskl_errand_is_over(errand)) return true;
    tskl_errand_leave(errand);
    return false;
}

void tskl_errand_leave(tskl_errand *errand) {
    atomic_store(&errand->slot->entered, false);
}

bool tskl_errand_is_here(void) {
    uint64_t own = 0;
    for (size_t i = 0; i < TSKL_COUNT(slots); i++) {
        uint64_t thread = atomic_load_explicit(&slots[i].thread, memory_order_relaxed);
        if (!is_taken(thread)) continue;
        if (!own) own = of_this_process((uint32_t)gettid());
        if (thread == own) return true;
    }
    return false;
}

// Without close_range, which Linux has since 5.9 and older filters of system calls forbid.
static bool leave_each_descriptor(void) {
    struct rlimit limit = {.rlim_cur = DESCRIPTORS_MOST};
    if (unshare(CLONE_FILES) != 0) return false;
    getrlimit(RLIMIT_NOFILE, &limit);
    int most = limit.rlim_cur < DESCRIPTORS_MOST ? (int)limit.rlim_cur : DESCRIPTORS_MOST;
    for (int fd = 0; fd < most; fd++) close(fd);
    return true;
}

// A table of descriptors of its own, and an empty one: what the program closes is closed, and what
// is opened here, by libraries that know no O_CLOEXEC, goes into no child of the program. The first
// three lead nowhere, in case a library complains to one of them.
static bool leave_descriptors(void) {
    if (syscall(SYS_close_range, 0u, ~0u, UNSHARE) != 0 && !leave_each_descriptor()) return false;
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
        if (eventfd(0, EFD_CLOEXEC) < 0) break; // then sockets have these numbers, as harmlessly
    return true;
}

static void *run(void *arg) {
    tskl_errand *errand = arg;
    atomic_store(&errand->slot->thread, of_this_process((uint32_t)gettid()));
    bool apart = leave_descriptors() || errand->may_share_descriptors;
    if (apart) errand->run(errand);
    atomic_store(&errand->slot->thread, 0);
    // Whoever waits finds it given up already, so that it is freed there; nothing of it is touched
    // behind the lock.
    pthread_mutex_lock(&errand->lock);
    errand->done = true;
    errand->refused = !apart;
    bool last = --errand->holders == 0;
    pthread_cond_signal(&errand->ended);
    pthread_mutex_unlock(&errand->lock);
    if (last) errand->free(errand);
    COUNT_THREADS(-1);
    return NULL;
}

static bool start(tskl_errand *errand) {
    pthread_t thread;
    errand->holders = 2;
    COUNT_THREADS(1);
    if (!tskl_thread_start(&thread, "taskless-net", run, errand)) {
        COUNT_THREADS(-1);
        return false;
    }
    pthread_detach(thread);
    return true;
}

static bool wait_until(tskl_errand *errand, uint32_t timeout_ms) {
    struct timespec deadline = tskl_clock_deadline(timeout_ms);
    int late = 0;
    pthread_mutex_lock(&errand->lock);
    while (!errand->done && !late)
        late = pthread_cond_clockwait(&errand->ended, &errand->lock, CLOCK_MONOTONIC, &deadline);
    bool done = errand->done;
    pthread_mutex_unlock(&errand->lock);
    return done;
}

tskl_status tskl_errand_wait(tskl_errand *errand, uint32_t timeout_ms, tskl_error *err) {
    pthread_mutex_init(&errand->lock, NULL);
    pthread_cond_init(&errand->ended, NULL);
    errand->holders = 1;
    if (atomic_load(&ending)) return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "the program ends");
    errand->slot = claim_slot();
    if (!errand->slot)
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "%d requests are under way already",
                         TSKL_ERRANDS_MAX);
    if (!start(errand)) {
        atomic_store(&errand->slot->thread, 0);
        errand->holders = 1;
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "there is no thread for a request");
    }
    bool done = wait_until(errand, timeout_ms);
    if (done && errand->refused)
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE,
                         "the system gives a thread no descriptors of its own");
    if (done) return TSKL_OK;
    atomic_store(&errand->abandoned, true);
    tskl_errand_drop(errand);
    return tskl_fail(err, TSKL_ERR_TIMEOUT, "no answer within %u ms", (unsigned)timeout_ms);
}

void tskl_errand_drop(tskl_errand *errand) {
    if (!errand) return;
    pthread_mutex_lock(&errand->lock);
    bool last = --errand->holders == 0;
    pthread_mutex_unlock(&errand->lock);
    if (last) errand->free(errand);
}
