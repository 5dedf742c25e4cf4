// thread: threads of ours inside somebody else's program.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_THREAD_H
#define TSKL_BASE_THREAD_H
#include <pthread.h>
#include <stdbool.h>

/** Starts a thread with every signal blocked, a stack of 1.25 MiB and a name of at most 15 bytes.
 *  False: the system gives none. */
bool tskl_thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *arg);
/** True while the process has this one thread. Any thread. */
bool tskl_thread_is_alone(void);
#endif
