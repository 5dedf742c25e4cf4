// errand: work on the network, done by a thread of its own that can be left behind when it is late.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_ERRAND_H
#define TSKL_NET_ERRAND_H
#include "base/status.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { TSKL_ERRANDS_MAX = 8 }; // under way at once in a process, those left behind among them

/** What is to be done; the first member of the struct that holds what it needs. */
typedef struct tskl_errand {
    /** On the thread. Every signal is blocked there. It has a table of descriptors of its own, in
     * which there is none of the program's: what it opens the program can neither close nor
     * inherit, and no number of its means a file of the program's. */
    void (*run)(struct tskl_errand *errand);
    /** The program is taskless itself: where the system gives the thread no table of its own it is
     * run with that of the program. Else it is not run there. */
    bool may_share_descriptors;
    /** Frees the struct that holds the errand, when nobody needs it any more. */
    void (*free)(struct tskl_errand *errand);
    // The rest belongs to errand.c.
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool done, refused;
    int holders;
    atomic_bool abandoned;
    struct tskl_errand_slot *slot;
} tskl_errand;

/** From now on none is begun while the process ends: what another library has cleared away at its
 *  end must not be brought up again. Any thread; once is enough. */
void tskl_errand_mind_end(void);
/** True where it is minded and the process has begun to end. */
bool tskl_errand_process_ends(void);
/**
 * Does it and waits, `timeout_ms` at most. OK: it is done, and the caller has it until
 * tskl_errand_drop. TIMEOUT: it was left behind, and is not the caller's any more. UNAVAILABLE:
 * there is no thread for it or no table of descriptors, too many are under way, or the process
 * ends; it was not begun and is the caller's.
 */
tskl_status tskl_errand_wait(tskl_errand *errand, uint32_t timeout_ms, tskl_error *err);
/** Gives it up: it is freed when its thread has ended as well. Only one that
 *  tskl_errand_wait was called with; NULL is fine. */
void tskl_errand_drop(tskl_errand *errand);

/** For the thread. True when nobody waits for it any more, or the process ends: it is to come back
 *  soon. */
bool tskl_errand_is_over(const tskl_errand *errand);
/** Between these two the process does not end, for a moment: another library's functions for its
 *  end would pull away what the errand works with. False when it is over. */
bool tskl_errand_enter(tskl_errand *errand);
void tskl_errand_leave(tskl_errand *errand);
/** True on a thread that does an errand: what it calls is taskless's own, and is not observed. Any
 *  thread; costs next to nothing where no errand is under way. */
bool tskl_errand_is_here(void);

#ifdef TSKL_TESTING
/** How many threads have not ended yet, and what they hold with them. */
extern atomic_int tskl_errand_threads;
#endif
#endif
