// SPDX-License-Identifier: Apache-2.0
#include "sandbox/signal_stack.h"
#include <signal.h>
#include <stddef.h>

// What Wasmtime 48 takes for large enough (runtime/vm/sys/unix/signals.rs).
enum { SIGNAL_STACK_BYTES = 64 * 4096 };

// Where the call is refused, so is the engine: sandbox/engine.c looks.
void *tskl_with_signal_stack(void *(*run)(void *), void *arg) {
    char room[SIGNAL_STACK_BYTES]; // never written, so never resident
    const stack_t ours = {.ss_sp = room, .ss_size = sizeof room}, none = {.ss_flags = SS_DISABLE};
    (void)sigaltstack(&ours, NULL);
    void *result = run(arg);
    // Before the memory goes.
    (void)sigaltstack(&none, NULL);
    return result;
}
