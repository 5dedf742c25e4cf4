// helper: has the program compile a Pack, in a process that the application cannot see.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_HELPER_H
#define TSKL_PIPELINE_HELPER_H
#include "base/confine.h"
#include "base/status.h"

// The most it may take; it has set itself the limits of base/confine.h before it compiles.
enum { TSKL_HELPER_SECONDS = TSKL_CONFINED_SECONDS };

/** Starts `taskless compile --stdin` on `wasm` and returns at once; the code appears in the cache
 *  when it is done. UNAVAILABLE where none may be started: the application is process 1 or a
 *  subreaper, the program is not beside the library, or the system gives no process. */
tskl_status tskl_helper_start(tskl_slice wasm, const char *cache_folder, tskl_error *err);
#ifdef TSKL_TESTING
/** Started in place of the program beside the library, when not NULL. */
extern const char *tskl_helper_program;
#endif
/** The folder that this library lies in, or "" when that is not known. Static. */
const char *tskl_library_folder(void);
#endif
