// own_words: what a service itself says of an error, as the library masks it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_OWN_WORDS_H
#define TSKL_CLI_OWN_WORDS_H
#include "exchange/mask.h"
#include "recording/call.h"

/** The message in the JSON of the call's answer, or empty. Secrets that the call carried in any
 *  part are hidden in it. NOMEM. */
tskl_status tskl_own_words(const tskl_call *call, const tskl_mask_rules *rules, tskl_arena *arena,
                           tskl_slice *out, tskl_error *err);
#endif
