// limited_compiler: the one way in which commands compile Wasm: in a process that has little.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_LIMITED_COMPILER_H
#define TSKL_CLI_LIMITED_COMPILER_H
#include "base/buf.h"
#include "base/status.h"

/** Compiles one module, for this processor or (`portable`) any of its kind, appending the native
 *  code to `code`: in a process of its own, with the limits of base/confine.h, no environment and
 * no descriptor but the three it needs. INVALID with the compiler's reason; LIMIT naming the limit
 *  that it passed; UNAVAILABLE where no process can be started, or after a cancel; NOMEM. One
 * thread at a time. */
tskl_status tskl_limited_compile(tskl_slice wasm, bool portable, tskl_buf *code, tskl_error *err);

/** From here on compiles in this process, without limits: `--no-limit`. Before any thread. */
void tskl_limited_compile_lift(void);

/** Ends what another thread compiles now, and what it would compile later. When this returns there
 *  is no child of ours: the process may exec. */
void tskl_limited_compile_cancel(void);
#endif
