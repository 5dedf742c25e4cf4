// outcome: how a hook ended, told from what Wasmtime and the kernel say; for this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_OUTCOME_H
#define TSKL_SANDBOX_OUTCOME_H
#include "sandbox/instance.h"

/** One with a text of ours or the guest's, copied to `arena`. */
tskl_outcome tskl_outcome_make(tskl_outcome_kind kind, tskl_arena *arena, tskl_slice detail);
/** Notes in `instance` why the host, or the engine, could not make an instance. */
void tskl_outcome_note_error(tskl_instance *instance, wasmtime_error_t *error);
/** Of a hook that did not return. Deletes `error` and `trap`, of which at most one is not NULL. */
tskl_outcome tskl_outcome_take_end(tskl_instance *instance, wasmtime_error_t *error,
                                   wasm_trap_t *trap, tskl_arena *arena);
/** Of a hook that returned: the error it set, whatever it returned; that it returned other than 0;
 *  else its output. */
tskl_outcome tskl_outcome_read(tskl_instance *instance, int32_t returned, tskl_arena *arena,
                               tskl_slice *output);
#endif
