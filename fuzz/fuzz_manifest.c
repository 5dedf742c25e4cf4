// fuzz_manifest: a manifest and, behind a zero byte, a configuration for it. What a Pack would be
// shown of them has to be JSON.
// SPDX-License-Identifier: Apache-2.0
#include "base/json_lexer.h"
#include "pack/manifest.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void configure(const tskl_manifest *manifest, tskl_slice text, tskl_arena *arena) {
    const tskl_json *given = NULL;
    tskl_slice json;
    uint32_t line;
    (void)tskl_hostlist_has(&manifest->hosts, TSKL_S("api.xx.example-1.com"), 443);
    if (text.len && tskl_json_parse(text, arena, &given, NULL)) return;
    if (tskl_manifest_configure(manifest, given, NULL, arena, &json, &line, NULL)) return;
    if (!tskl_json_is_valid(json)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_arena arena = {0};
    tskl_manifest manifest;
    tskl_error err;
    tskl_slice rest = tskl_slice_make(data, size), text = tskl_slice_split(&rest, 0);
    if (tskl_manifest_parse(text, &arena, &manifest, &err) == TSKL_OK)
        configure(&manifest, rest, &arena);
    else if (!err.message[0] || manifest.name.len)
        abort();
    tskl_arena_reset(&arena);
    return 0;
}
