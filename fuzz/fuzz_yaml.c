// fuzz_yaml: any bytes as a YAML file. What is read has to be a document JSON can say.
// SPDX-License-Identifier: Apache-2.0
#include "base/json_lexer.h"
#include "base/json_writer.h"
#include "config/yaml.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_arena arena = {0};
    tskl_buf json;
    tskl_buf_init(&json, (size_t)64 << 20);
    const tskl_json *root;
    if (tskl_yaml_parse(tskl_slice_make(data, size), &arena, &root, NULL) == TSKL_OK) {
        tskl_json_add_value(&json, root);
        if (!json.failed && !tskl_json_is_valid(tskl_buf_slice(&json))) abort();
    } else if (root) {
        abort();
    }
    tskl_buf_deinit(&json);
    tskl_arena_reset(&arena);
    return 0;
}
