// code_state: whether a Pack's native code lies in the cache, and where.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CODE_STATE_H
#define TSKL_CLI_CODE_STATE_H
#include "base/arena.h"
#include "base/digest.h"

typedef struct tskl_code_state {
    const char *folder; // in the arena; NULL: there is none
    bool portable;      // for any processor of this kind, not for this very one
    size_t bytes;
} tskl_code_state;

/** The code that the library would take. */
tskl_code_state tskl_code_state_of(const tskl_sha256 *wasm, tskl_arena *arena);
#endif
