// shared: the one observer of the process, held by each JavaScript environment that reports to it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NODE_SHARED_H
#define TSKL_NODE_SHARED_H
#include <taskless/observer.h>

/** How long the end of a program may wait for records to be written. */
enum { TSKL_EXIT_MS = 200 };

/**
 * Joins the observer, opening it with `options` when nobody holds it yet; otherwise `options` are
 * not looked at. Leave with tskl_shared_leave. Fails as tskl_observer_open does. Any thread.
 */
tskl_status tskl_shared_join(const tskl_observer_options *options, tskl_observer **out,
                             tskl_error *err);

/**
 * Gives it back after waiting, `timeout_ms` at most, for what is unwritten; whoever is last closes
 * it. Returns how many exchanges are left unwritten.
 */
size_t tskl_shared_leave(uint32_t timeout_ms);

/** Says that the process is ending: from now on nobody waits past `timeout_ms` from here. */
void tskl_shared_set_ending(uint32_t timeout_ms);
#endif
