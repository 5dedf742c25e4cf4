// What a module was built for is seen from what it imports.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "sandbox/foreign.h"

TEST(foreign, says_what_a_module_was_made_for) {
    static const struct {
        const char *module, *name, *says;
    } rows[] = {
        {"env", "extism_alloc", "Extism kit before 1.0"},
        {"env", "extism_output_set", "Extism kit before 1.0"},
        {"extism:host/user", "lookup", "the program it was made for"},
        {"wasi_unstable", "fd_write", "wasm32-wasip1"},
        {"wasi_snapshot_preview1", "sock_open", "another version of WASI"},
        {"wasi:cli/environment@0.2.0", "get-environment", "WASI preview 2"},
        {"wasi:io/streams@0.2.3", "[method]output-stream.write", "WASI preview 2"},
        {"wasi", "thread-spawn", "threads"},
        {"wasix_32v1", "callback_signal", "WASIX"},
        {"__wbindgen_placeholder__", "__wbindgen_describe", "wasm-bindgen"},
        {"./acme_bg.js", "__wbg_log_1", "wasm-bindgen"},
        {"gojs", "syscall/js.valueGet", "GOOS=wasip1"},
        {"env", "memory", "--import-memory"},
        {"env", "abort", "--use abort="},
        {"env", "emscripten_resize_heap", "Emscripten"},
        {"env", "invoke_vii", "Emscripten"},
        {"env", "__syscall_openat", "Emscripten"},
        {"env", "_tzset_js", "Emscripten"},
        {"env", "my_function", "nothing defines"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *words =
            tskl_foreign_import(tskl_slice_of(rows[i].module), tskl_slice_of(rows[i].name));
        CHECK_ROW(i, words != NULL);
        CHECK_HAS(words, rows[i].says);
    }
}

TEST(foreign, says_nothing_of_what_it_does_not_know) {
    CHECK(!tskl_foreign_import(TSKL_S("acme"), TSKL_S("lookup")));
    CHECK(!tskl_foreign_import(TSKL_S(""), TSKL_S("")));
    CHECK(!tskl_foreign_import(TSKL_S("wasi_snapshot_preview"), TSKL_S("fd_write")));
}
