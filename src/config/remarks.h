// remarks: what a person has to be told once of the configuration that was found.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_REMARKS_H
#define TSKL_CONFIG_REMARKS_H
#include "config/config.h"

enum { TSKL_REMARKS_MAX = 4, TSKL_REMARK_BYTES = 960 };

/** Lines for a log or a terminal, TSKL_REMARK_BYTES at most each, in `arena`: what is left out and
 *  the command that mends it, that the folder is another user's, what waits for consent and both
 *  ways out, and which shipped Packs have others in their place. No command is ever cut: where it
 *  would not fit the line names `taskless doctor`. Returns how many. */
size_t tskl_remarks(const tskl_config *config, tskl_arena *arena,
                    const char *lines[TSKL_REMARKS_MAX]);
/** Names what a command gives no Pack and a live run would: hosts and secrets. In `arena`; NULL: it
 *  is nothing, or no memory. */
const char *tskl_remark_withheld(const tskl_config *config, tskl_arena *arena);
/** The ways to agree: "`taskless trust`, or ... TASKLESS_CONFIG=PATH". In `arena`; NULL: no memory.
 */
const char *tskl_remark_consent(const tskl_config *config, tskl_arena *arena);
#endif
