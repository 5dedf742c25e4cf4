// stand_in_compiler: what the program's compiler offers, without the compiler.
// SPDX-License-Identifier: Apache-2.0
#include "compiler.h"
#include "limited_compiler.h"

tskl_status tskl_compile(tskl_slice wasm, tskl_buf *code, tskl_error *err) {
    if (!tskl_slice_starts(wasm, (tskl_slice){"\0asm", 4}))
        return tskl_fail(err, TSKL_ERR_INVALID, "this is no Wasm");
    tskl_buf_add(code, wasm);
    return code->failed ? tskl_fail(err, TSKL_ERR_NOMEM, "no room") : TSKL_OK;
}

tskl_status tskl_compiler_check(tskl_slice wasm, tskl_error *err) {
    (void)wasm;
    (void)err;
    return TSKL_OK;
}

tskl_slice tskl_compiler_key(void) {
    return TSKL_S("stand-in");
}

tskl_status tskl_compile_portable(tskl_slice wasm, tskl_buf *code, tskl_error *err) {
    return tskl_compile(wasm, code, err);
}

tskl_slice tskl_compiler_portable_key(void) {
    return TSKL_S("stand-in-portable");
}

tskl_status tskl_limited_compile(tskl_slice wasm, bool portable, tskl_buf *code, tskl_error *err) {
    (void)portable;
    return tskl_compile(wasm, code, err);
}

void tskl_limited_compile_lift(void) {
}

void tskl_limited_compile_cancel(void) {
}
