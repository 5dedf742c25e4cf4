// watch: what changes in folders while somebody works in them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_WATCH_H
#define TSKL_CLI_WATCH_H
#include "base/status.h"
#include <signal.h>

/** What a change asks for. */
typedef enum tskl_change {
    TSKL_CHANGE_CASES,  // cases have to be run again
    TSKL_CHANGE_SOURCE, // and the Pack built before
    TSKL_CHANGE_STOP,   // SIGINT or SIGTERM came
} tskl_change;

enum { TSKL_WATCH_FOLDERS_MAX = 4096 };

/** Begin with {.fd = -1}. */
typedef struct tskl_watch {
    int fd;
    bool of_cases[TSKL_WATCH_FOLDERS_MAX + 1]; // by the number that the kernel gave the folder
    bool builds; // pack.wasm comes of sources: that it changes is nobody's news
} tskl_watch;

/** Begins to watch these folders (ends with NULL) and all below them, but for what is made by
 *  builds and by editors. What came since a watch that was there before began, and was not waited
 *  for, is forgotten: call it before a round. IO naming the folder; LIMIT. */
tskl_status tskl_watch_begin(tskl_watch *watch, char *const *folders, tskl_error *err);
/** Waits until something has changed and then nothing for a moment. `during` is the signal mask to
 *  wait with: SIGINT and SIGTERM, blocked else, are taken as an end there. */
tskl_change tskl_watch_wait(tskl_watch *watch, const sigset_t *during);
void tskl_watch_end(tskl_watch *watch);
/** From now on SIGINT and SIGTERM only end tskl_watch_wait; `*before` is the mask there was. */
void tskl_watch_hold_signals(sigset_t *before);
/** True for names whose changes mean nothing: hidden ones, an editor's, what a build makes. */
bool tskl_watch_ignores(const char *name, bool builds);
#endif
