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
/** Between these two a fork of another thread waits, a second at most. For calls that hold, for a
 *  moment, a lock of the C library or the engine: a child would find it held for ever, and so
 *  would the application in it. They may nest. */
void tskl_generation_hold(void);
void tskl_generation_release(void);
#endif
