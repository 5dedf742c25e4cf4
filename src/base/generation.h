// generation: notices that this process is a fork of another.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_GENERATION_H
#define TSKL_BASE_GENERATION_H

/** A number that a fork raises in the child, and nothing else does. What was made under another
 *  number has threads that are not here and locks that may be held for ever: it is forgotten,
 *  never used, never freed. Any thread. */
unsigned tskl_generation(void);
/** Begins to watch for forks; again and again is fine. Before the first thread is started. */
void tskl_generation_watch(void);
#endif
