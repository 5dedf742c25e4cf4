// engine: what modules and instances share, for the files of this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_ENGINE_H
#define TSKL_SANDBOX_ENGINE_H
#include "sandbox/sandbox.h"
#include "sandbox/ticker.h"
#include <semaphore.h>
#include <wasmtime.h>

struct tskl_engine {
    wasm_engine_t *wasm;
    wasmtime_linker_t *linker; // the functions of the host, by name
    wasmtime_module_t *kernel;
    wasmtime_instance_pre_t *kernel_pre;
    tskl_ticker *ticker;
    sem_t places; // in the pool that are free
};

/** A guest needs a place from its first moment to its last. Waits for one: where there is little
 *  address space there are fewer than workers. A thread takes one at a time. */
void tskl_engine_take_place(tskl_engine *engine);
void tskl_engine_give_place(tskl_engine *engine);

/** Fills `err` with what Wasmtime says and frees `error`. Returns `status`. */
tskl_status tskl_take_wasmtime_error(tskl_error *err, tskl_status status, wasmtime_error_t *error);
#endif
