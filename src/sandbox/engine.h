// engine: what modules and instances share, for the files of this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_ENGINE_H
#define TSKL_SANDBOX_ENGINE_H
#include "sandbox/places.h"
#include "sandbox/sandbox.h"
#include "sandbox/ticker.h"
#include <wasmtime.h>

struct tskl_engine {
    wasm_engine_t *wasm;
    wasmtime_linker_t *linker; // the functions of the host, by name
    wasmtime_module_t *kernel;
    wasmtime_instance_pre_t *kernel_pre;
    tskl_ticker *ticker;
    tskl_places places;         // in the pool: a guest needs one for each memory, the kernel's too
    pthread_mutex_t parts_lock; // of what follows
    tskl_part *parts;           // that are shared, each by what is linked with it
};
#endif
