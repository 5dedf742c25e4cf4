// imports: what a part of a guest is given when an instance of it is made; for this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_IMPORTS_H
#define TSKL_SANDBOX_IMPORTS_H
#include "sandbox/instance.h"

/** Fills `imports` for an instance of `linked` in the store of `context`: the guest's own, or that
 *  of a command. False: one is missing, which linking rules out. */
bool tskl_imports_find(tskl_instance *instance, wasmtime_context_t *context,
                       const tskl_linked *linked, wasmtime_extern_t imports[TSKL_MODULE_IMPORTS]);
#endif
