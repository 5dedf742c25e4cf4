// compiler: Wasm to native code, in the program only; nothing is ever compiled in an application.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_COMPILER_H
#define TSKL_CLI_COMPILER_H
#include "base/buf.h"
#include "base/status.h"

/** Compiles one module, appending the native code to `code`. INVALID with the validator's reason;
 *  NOMEM. Takes up to some seconds for megabytes of Wasm, on all processors. */
tskl_status tskl_compile(tskl_slice wasm, tskl_buf *code, tskl_error *err);
/** As above, for any processor of this machine's kind: what ships with the library. */
tskl_status tskl_compile_portable(tskl_slice wasm, tskl_buf *code, tskl_error *err);
/** Whether tskl_compile would take it, without compiling it: INVALID with the reason; NOMEM. */
tskl_status tskl_compiler_check(tskl_slice wasm, tskl_error *err);
/** What such code depends on: part of its name in the cache. Static. */
tskl_slice tskl_compiler_key(void);
tskl_slice tskl_compiler_portable_key(void);
#endif
