// vars: what one Pack keeps from exchange to exchange, in this process: Extism's variables.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_VARS_H
#define TSKL_PIPELINE_VARS_H
#include "base/buf.h"
#include "base/status.h"

enum {
    TSKL_VARS_MAX = 1024 * 1024, // bytes, counted as below
    TSKL_VARS_ENTRY = 48,        // what each entry counts besides its key and its value
};

/** Any number of threads at once. It belongs to a runner, and so to one process: a fork begins
 *  with none. */
typedef struct tskl_vars tskl_vars;

/** An empty store. NOMEM. */
tskl_status tskl_vars_new(tskl_vars **out, tskl_error *err);
void tskl_vars_free(tskl_vars *vars);
/** Copies the value into `value`, which is cleared first. NOT_FOUND; NOMEM, also where it is past
 *  the buffer's cap. */
tskl_status tskl_vars_get(tskl_vars *vars, tskl_slice key, tskl_buf *value);
/** Sets or replaces; what is replaced makes room first. LIMIT: the store is full, and as it was.
 *  NOMEM. */
tskl_status tskl_vars_set(tskl_vars *vars, tskl_slice key, tskl_slice value);
void tskl_vars_remove(tskl_vars *vars, tskl_slice key);
#endif
