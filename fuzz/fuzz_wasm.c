// fuzz_wasm: a module's imports and exports, read from any bytes.
// SPDX-License-Identifier: Apache-2.0
#include "inspect/wasm_reader.h"
#include "must.h"

static void check_items(const tskl_wasm_item *items, size_t count, size_t size) {
    MUST(count <= size);
    for (size_t i = 0; i < count; i++) {
        MUST(items[i].name.len <= size && items[i].module.len <= size);
        MUST(tskl_wasm_kind_text(items[i].kind) != NULL);
        MUST(items[i].kind == TSKL_WASM_FUNCTION || !items[i].callable);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_arena arena = {0};
    tskl_error err = {0};
    tskl_wasm wasm;
    if (tskl_wasm_read(tskl_slice_make(data, size), &arena, &wasm, &err) != TSKL_OK)
        MUST(err.message[0] && wasm.import_count == 0 && wasm.export_count == 0);
    check_items(wasm.imports, wasm.import_count, size);
    check_items(wasm.exports, wasm.export_count, size);
    tskl_arena_reset(&arena);
    return 0;
}
