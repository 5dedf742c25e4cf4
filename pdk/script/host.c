// SPDX-License-Identifier: Apache-2.0
#include "host.h"
#include <stdlib.h>

host_block host_put(const void *bytes, size_t size) {
    const unsigned char *from = bytes;
    host_block block = host_alloc(size);
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t eight;
        memcpy(&eight, from + i, 8);
        host_store_u64(block + i, eight);
    }
    for (; i < size; i++) host_store_u8(block + i, from[i]);
    return block;
}

host_text host_take(host_block block) {
    host_text text = {NULL, block ? (size_t)host_length(block) : 0};
    if (!block || !(text.bytes = malloc(text.size + 1))) return text;
    size_t i = 0;
    for (; i + 8 <= text.size; i += 8) {
        uint64_t eight = host_load_u64(block + i);
        memcpy(text.bytes + i, &eight, 8);
    }
    for (; i < text.size; i++) text.bytes[i] = (char)host_load_u8(block + i);
    text.bytes[i] = 0;
    host_free(block);
    return text;
}

host_text host_input(void) {
    host_text text = {NULL, (size_t)host_input_length()};
    if (!(text.bytes = malloc(text.size + 1))) return text;
    size_t i = 0;
    for (; i + 8 <= text.size; i += 8) {
        uint64_t eight = host_input_load_u64(i);
        memcpy(text.bytes + i, &eight, 8);
    }
    for (; i < text.size; i++) text.bytes[i] = (char)host_input_load_u8(i);
    text.bytes[i] = 0;
    return text;
}

void host_output(const void *bytes, size_t size) {
    host_block block = host_put(bytes, size);
    if (block) host_output_set(block, size);
}

void host_error(const void *bytes, size_t size) {
    host_error_set(host_put(bytes, size));
}

void host_log(int level, const void *bytes, size_t size) {
    static void (*const levels[])(host_block) = {host_log_debug, host_log_info, host_log_warn,
                                                 host_log_error};
    if (level >= 1 && level <= 4 && level >= host_get_log_level())
        levels[level - 1](host_put(bytes, size));
}
