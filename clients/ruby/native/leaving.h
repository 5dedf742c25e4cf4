// leaving: the ways out of the process at which no at_exit block runs: exit!, exec, Process.daemon.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_RUBY_LEAVING_H
#define TSKL_RUBY_LEAVING_H

/** From here on each of them calls `flush` first, and is otherwise what it was; once. */
void tskl_leaving_watch(void (*flush)(void));
#endif
