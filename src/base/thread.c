// SPDX-License-Identifier: Apache-2.0
#include "base/thread.h"
#include "base/generation.h"
#include <signal.h>
#include <sys/single_threaded.h>

// A guest takes half a MiB at most; the last quarter is for sandbox/signal_stack.c.
enum { STACK_BYTES = (1 << 20) + (1 << 18) };

bool tskl_thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *arg) {
    pthread_attr_t attr;
    sigset_t all, before;
    if (pthread_attr_init(&attr)) return false;
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    // Blocked before the thread exists: a signal of the application must never land in it.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    tskl_generation_hold(); // of the loader's lock, for what is thread-local
    bool started = pthread_create(out, &attr, run, arg) == 0;
    tskl_generation_release();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    if (started) pthread_setname_np(*out, name);
    return started;
}

// Not by /proc/self, which the kernel takes down again when a process ends that has looked at it: a
// millisecond of a short program.
bool tskl_thread_is_alone(void) {
    return __libc_single_threaded;
}
