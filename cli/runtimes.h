// runtimes: how each language's runtime is told to load the client. A new one is a row.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_RUNTIMES_H
#define TSKL_CLI_RUNTIMES_H
#include "base/arena.h"
#include "base/status.h"

/** Sets each runtime's variables in this process's environment for `command`, words that end with
 *  NULL or NULL itself, keeping what was there; of a client that is not installed it sets nothing. Says in one line
 *  where it is known that the command cannot be observed. NOMEM. */
tskl_status tskl_runtimes_set(const char *const *command, tskl_error *err);
/** What a runtime needs of one variable, for those who ask; one that needs two comes twice. */
typedef struct tskl_runtime_state {
    const char *name, *part, *variable;
    const char *value; // what the variable would be set to, in the arena; NULL: no client is there
} tskl_runtime_state;

/** The variable at that place; false past the last one. */
bool tskl_runtimes_at(size_t at, tskl_arena *arena, tskl_runtime_state *out);
/** A list of folders, as PYTHONPATH and RUBYLIB are, with the folder `path` first; the old value
 * where it is already, or where it cannot be named there. In `arena`; NULL: no memory. */
const char *tskl_runtime_folder(const char *old, const char *path, tskl_arena *arena);
/** RUBYOPT that has taskless/auto of the folder `path` required first, by its whole path, or where
 * that has spaces by way of RUBYLIB; the old value where it does so already, or where the folder
 * cannot be named. In `arena`; NULL: no memory. */
const char *tskl_runtime_ruby(const char *old, const char *path, tskl_arena *arena);
/** LD_PRELOAD with the file of the folder `path` that is for the loader's kind of program. In
 *  `arena`; the old value, or "", where the loader would not find it; NULL: no memory. */
const char *tskl_runtime_libcurl(const char *old, const char *path, tskl_arena *arena);
/** LD_PRELOAD with `file` last; the old value where it is in it already, or where it cannot be
 * named there. In `arena`; NULL: no memory. */
const char *tskl_runtime_preload(const char *old, const char *file, tskl_arena *arena);
/** ASAN_OPTIONS under which programs that are preloaded to start. In `arena`; NULL: no memory. */
const char *tskl_runtime_sanitizer(const char *old, const char *path, tskl_arena *arena);
#endif
