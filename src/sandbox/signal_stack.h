// signal_stack: what Wasmtime wants each thread to have that runs a guest.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_SIGNAL_STACK_H
#define TSKL_SANDBOX_SIGNAL_STACK_H

/**
 * Calls `run(arg)` with a part of the calling thread's stack as its signal stack, and returns what that
 * returns. Every thread of ours that runs guests does so: Wasmtime would map a signal stack itself,
 * and end the process where the machine has no room for it. Nothing is ever delivered there, since
 * our threads block every signal. The thread's stack has 256 KiB for it (base/thread.h).
 */
void *tskl_with_signal_stack(void *(*run)(void *), void *arg);
#endif
