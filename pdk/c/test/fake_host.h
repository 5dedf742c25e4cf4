// fake_host: what a Pack built natively runs on: its input is a buffer, and so is its output.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PDK_FAKE_HOST_H
#define TSKL_PDK_FAKE_HOST_H
#include "taskless_pdk.h"
#include <string.h>

// A handle is the address of a block; blocks are freed by host_reset.
typedef struct host_block {
    struct host_block *next;
    uint64_t size;
    char bytes[];
} host_block;

static host_block *host_blocks;
static const char *host_input;
static uint64_t host_input_length;
static char *host_output; // ends with a zero; NULL when the hook set none
static char host_error[256], host_log[256];

static void host_reset(const char *input, size_t length) {
    for (host_block *block = host_blocks; block; block = host_blocks) {
        host_blocks = block->next;
        free(block);
    }
    free(host_output);
    host_output = NULL;
    host_error[0] = host_log[0] = 0;
    host_input = input;
    host_input_length = length;
}

static void host_take_text(extism_handle block, char *to, size_t room) {
    uint64_t length = block ? extism_length(block) : 0;
    if (length >= room) length = room - 1;
    memcpy(to, (const char *)(uintptr_t)block, (size_t)length);
    to[length] = 0;
}

extism_handle extism_alloc(uint64_t size) {
    host_block *block = (host_block *)malloc(sizeof *block + (size_t)size);
    if (!block) abort();
    *block = (host_block){.next = host_blocks, .size = size};
    host_blocks = block;
    return (uintptr_t)block->bytes;
}

void extism_free(extism_handle block) {
    (void)block;
}

uint64_t extism_length(extism_handle block) {
    return ((host_block *)(uintptr_t)(block - offsetof(host_block, bytes)))->size;
}

uint32_t extism_load_u8(uint64_t at) {
    return *(const unsigned char *)(uintptr_t)at;
}

void extism_store_u8(uint64_t at, uint32_t byte) {
    *(char *)(uintptr_t)at = (char)byte;
}

void extism_store_u64(uint64_t at, uint64_t bytes) {
    memcpy((char *)(uintptr_t)at, &bytes, sizeof bytes);
}

uint64_t extism_input_length(void) {
    return host_input_length;
}

// As in Extism: all eight bytes have to be inside.
uint64_t extism_input_load_u64(uint64_t index) {
    uint64_t bytes = 0;
    if (host_input_length >= 8 && index <= host_input_length - 8)
        memcpy(&bytes, host_input + index, sizeof bytes);
    return bytes;
}

void extism_output_set(extism_handle block, uint64_t length) {
    free(host_output);
    host_output = (char *)malloc((size_t)length + 1);
    if (!host_output) abort();
    memcpy(host_output, (const char *)(uintptr_t)block, (size_t)length);
    host_output[length] = 0;
}

void extism_error_set(extism_handle message) {
    host_take_text(message, host_error, sizeof host_error);
}

// The host knows one key: its value is the key itself.
extism_handle extism_config_get(extism_handle key) {
    return extism_length(key) ? key : 0;
}

void extism_log_debug(extism_handle message) {
    host_take_text(message, host_log, sizeof host_log);
}

void extism_log_info(extism_handle message) {
    host_take_text(message, host_log, sizeof host_log);
}

void extism_log_warn(extism_handle message) {
    host_take_text(message, host_log, sizeof host_log);
}

void extism_log_error(extism_handle message) {
    host_take_text(message, host_log, sizeof host_log);
}
#endif
