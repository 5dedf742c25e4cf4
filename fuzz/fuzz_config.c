// fuzz_config: the first byte says how the rest is read: as taskless.yaml, taskless.json, a dotenv
// file or a list of outputs.
// SPDX-License-Identifier: Apache-2.0
#include "config/dotenv.h"
#include "config/file.h"
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static tskl_status read_file(const char *name, tskl_slice text, tskl_error *err) {
    tskl_config config = {0};
    bool packs_given;
    tskl_status status = tskl_file_parse(name, "/etc", text, &config, &packs_given, err);
    tskl_arena_reset(&config.arena);
    return status;
}

static tskl_status read_dotenv(tskl_slice text, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_texts out;
    tskl_status status = tskl_dotenv_parse(text, &arena, &out, err);
    for (size_t i = 0; i < out.count; i++)
        if (!tskl_slice_contains(out.items[i], '=')) abort();
    tskl_arena_reset(&arena);
    return status;
}

static tskl_status read_outputs(tskl_slice text, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_config_output *outputs;
    size_t count;
    tskl_slice format = tskl_slice_split(&text, '\n');
    tskl_status status = tskl_config_parse_outputs(text, format, &arena, &outputs, &count, err);
    tskl_arena_reset(&arena);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_error err = {0};
    tskl_status status = TSKL_OK;
    tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
    tskl_slice text = tskl_slice_from(tskl_slice_make(data, size), 1);
    switch (size ? data[0] : 0) {
    case 'j': status = read_file("a.json", text, &err); break;
    case 'e': status = read_dotenv(text, &err); break;
    case 'o': status = read_outputs(text, &err); break;
    default: status = read_file("a.yaml", text, &err);
    }
    if (status && !err.message[0]) abort();
    return 0;
}
