// settings: the one configuration of Wasmtime, for the engine that runs code and for the one that
// compiles it: code made by one loads in the other only when they agree.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_SETTINGS_H
#define TSKL_SANDBOX_SETTINGS_H
#include "base/slice.h"
#include <wasm.h>

enum {
    TSKL_SANDBOX_MEMORY_MIB = 64,          // the most one linear memory may grow to
    TSKL_SANDBOX_STACK_BYTES = 512 * 1024, // of a guest, on the worker's own stack of 1.25 MiB
};

/** A new configuration; the caller hands it to an engine, which takes it. NULL: no memory. */
wasm_config_t *tskl_settings_new(void);

/** Names all that compiled code depends on: the engine's version, our settings, the processor.
 *  Static. Any thread. */
tskl_slice tskl_settings_key(void);
/** The same for code that any processor of this machine's kind runs. */
tskl_slice tskl_settings_portable_key(void);
#endif
