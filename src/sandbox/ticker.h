// ticker: one thread that lets time pass for running guests, asleep while there are none.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_TICKER_H
#define TSKL_SANDBOX_TICKER_H
#include "base/status.h"
#include <wasm.h>

enum { TSKL_TICK_MS = 5 };

typedef struct tskl_ticker tskl_ticker;

/** No thread is started before the first tskl_ticker_enter. `engine` is borrowed. NOMEM. */
tskl_status tskl_ticker_new(wasm_engine_t *engine, tskl_ticker **out, tskl_error *err);
/** Stops the thread and waits for it. NULL is allowed. */
void tskl_ticker_free(tskl_ticker *ticker);
/** A guest begins to run, or has ended. False: the thread could not be started, so that nothing
 *  would ever stop the guest. Any thread. */
bool tskl_ticker_enter(tskl_ticker *ticker);
void tskl_ticker_leave(tskl_ticker *ticker);
#endif
