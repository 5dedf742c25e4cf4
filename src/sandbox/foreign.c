// Names that toolchains give what they import. The first row that fits counts.
// SPDX-License-Identifier: Apache-2.0
#include "sandbox/foreign.h"
#include "base/status.h"

// A name that ends in '*' stands for all that begin so; an empty one for any.
typedef struct row {
    const char *module, *name, *words;
} row;

#define EMSCRIPTEN                                                                                 \
    "it was made by Emscripten for JavaScript: build it with -sSTANDALONE_WASM, or with clang for wasm32-wasip1"
#define WASM_BINDGEN                                                                               \
    "it was made with wasm-bindgen, for JavaScript: build it for wasm32-wasip1 or wasm32-unknown-unknown, without wasm-bindgen (also without crates that use it, such as js-sys)"
#define GO_JS                                                                                      \
    "it was made by Go for browsers: build it with GOOS=wasip1 GOARCH=wasm, or with TinyGo"

static const row rows[] = {
    {"env", "extism_*",
     "it was made with an Extism kit before 1.0: build it again with a kit of 1.0 or later"},
    {"extism:host/env", "",
     "this version does not have that function of Extism's: build it with another version of its kit"},
    {"extism:host/user", "",
     "it needs a function of the program it was made for: a Pack is given Extism's own only"},
    {"wasi_unstable", "",
     "it was made for an early WASI (wasi_unstable): build it again for WASI preview 1 (wasm32-wasip1)"},
    {"wasi_snapshot_preview1", "",
     "WASI preview 1 has no such function: it was made for another version of WASI"},
    {"wasi_snapshot_preview2", "",
     "it was made for WASI preview 2: build it for WASI preview 1 (wasm32-wasip1)"},
    {"wasi:*", "", "it was made for WASI preview 2: build it for WASI preview 1 (wasm32-wasip1)"},
    {"wasi", "thread-spawn", "it uses threads, which no Pack has: build it without them"},
    {"wasix_*", "", "it was made for WASIX: build it for WASI preview 1 (wasm32-wasip1)"},
    {"wasi_ephemeral_*", "",
     "it uses a proposal of WASI's that no Pack is given: build it without it"},
    {"__wbindgen_*", "", WASM_BINDGEN},
    {"wbg", "", WASM_BINDGEN},
    {"*_bg.js", "", WASM_BINDGEN},
    {"gojs", "", GO_JS},
    {"go", "", GO_JS},
    {"env", "memory",
     "it imports its memory: build it with a memory of its own (without --import-memory)"},
    {"env", "abort",
     "it was made by AssemblyScript (build it with --use abort=, or with an abort of your own) or by Emscripten (build it with -sSTANDALONE_WASM)"},
    {"env", "seed",
     "it was made by AssemblyScript: build it with --use seed=, or with a seed of your own"},
    {"env", "trace", "it was made by AssemblyScript: build it without trace()"},
    {"env", "emscripten_*", EMSCRIPTEN},
    {"env", "_emscripten_*", EMSCRIPTEN},
    {"env", "invoke_*", EMSCRIPTEN},
    {"env", "__syscall_*", EMSCRIPTEN},
    {"env", "__cxa_*", EMSCRIPTEN},
    {"env", "_abort_js", EMSCRIPTEN},
    {"env", "__*_js", EMSCRIPTEN},
    {"env", "_*_js", EMSCRIPTEN},
    {"a", "",
     "its imports have short names, as Emscripten's are with -O3: build it with -sSTANDALONE_WASM"},
    {"env", "", "nothing defines that function: link what has it, or leave out what calls it"},
};

// One '*' in it, or none.
static bool fits(const char *pattern, tskl_slice text) {
    tskl_slice rest = tskl_slice_of(pattern);
    if (rest.len == 0) return true;
    size_t star = tskl_slice_find(rest, '*');
    if (star == SIZE_MAX) return tskl_slice_equal(rest, text);
    tskl_slice before = tskl_slice_first(rest, star), after = tskl_slice_from(rest, star + 1);
    return text.len >= before.len + after.len && tskl_slice_starts(text, before) &&
           tskl_slice_ends(text, after);
}

const char *tskl_foreign_import(tskl_slice module, tskl_slice name) {
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (fits(rows[i].module, module) && fits(rows[i].name, name)) return rows[i].words;
    return NULL;
}
