// guest: modules of these tests, from tests/unit/sandbox/wat, and a host for them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_GUEST_H
#define TSKL_TESTS_GUEST_H
#include "harness.h"
#include "sandbox/sandbox.h"

extern const tskl_sandbox_limits guest_limits; // 50 ms, 4 MiB, 256 KiB
extern tskl_slice guest_logged;                // the last line, in the arena of its test

/** The engine of all these tests; NULL when there is none. */
tskl_engine *guest_engine(void);
/** The module of that name; NULL, with why in `t->err`. */
tskl_module *guest_load(tskl_test *t, const char *name);
/** A part, shared by `digest` where that is given; NULL, with why in `t->err`. */
tskl_part *guest_part(tskl_test *t, const char *name, const tskl_sha256 *digest);
/** The module of that name linked with others, {"name", "file"} up to {NULL}; NULL as above. */
tskl_module *guest_link(tskl_test *t, const char *name, const char *const (*links)[2]);
/** One key, "k"; its log goes to guest_logged. */
tskl_sandbox_host guest_host(tskl_test *t);
/** One call in a fresh instance; `*output` is a copy. */
tskl_outcome guest_call(tskl_test *t, tskl_module *module, const char *hook, tskl_slice input,
                        tskl_slice *output);
/** The same with a host of the test's own. */
tskl_outcome guest_call_host(tskl_test *t, tskl_module *module, tskl_sandbox_host *host,
                             const char *hook, tskl_slice input, tskl_slice *output);
/** For CLEANUP. */
void guest_free(tskl_module **module);
void guest_close(tskl_instance **instance);
#endif
