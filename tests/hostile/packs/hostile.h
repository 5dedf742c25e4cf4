// hostile: the little that Packs which misbehave share. Packs that behave use pdk/c.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_HOSTILE_H
#define TSKL_TESTS_HOSTILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT(name) __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define HOOK(name) __attribute__((export_name(#name))) int32_t name(void)

IMPORT(alloc) uint64_t host_alloc(uint64_t size);
IMPORT(length) uint64_t host_length(uint64_t block);
IMPORT(load_u8) uint32_t host_load_u8(uint64_t at);
IMPORT(store_u8) void host_store_u8(uint64_t at, uint32_t byte);
IMPORT(store_u64) void host_store_u64(uint64_t at, uint64_t bytes);
IMPORT(output_set) void host_output_set(uint64_t block, uint64_t length);
IMPORT(error_set) void host_error_set(uint64_t block);
IMPORT(config_get) uint64_t host_config_get(uint64_t key);
IMPORT(log_error) void host_log_error(uint64_t block);

enum { ROOM = 4 << 20 };
static char out[ROOM]; // what a hook is about to say
static size_t used;

static inline size_t length_of(const char *text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

static inline void put_byte(char byte) {
    if (used < ROOM) out[used++] = byte;
}

static inline void put(const char *text) {
    while (*text) put_byte(*text++);
}

static inline void put_number(uint32_t value) {
    if (value >= 10) put_number(value / 10);
    put_byte((char)('0' + value % 10));
}

// What was written so far, as a block of the host's.
static inline uint64_t take_block(void) {
    uint64_t block = host_alloc(used + 8);
    for (size_t i = 0; block && i < used; i += 8) {
        uint64_t bytes;
        __builtin_memcpy(&bytes, out + i, 8); // `out` is longer than what is used of it
        host_store_u64(block + i, bytes);
    }
    return block;
}

static inline int32_t done(void) {
    host_output_set(take_block(), used);
    used = 0;
    return 0;
}

// A text as a block of exactly its length.
static inline uint64_t block_of(const char *text, size_t length) {
    uint64_t block = host_alloc(length);
    for (size_t i = 0; block && i < length; i++) host_store_u8(block + i, (unsigned char)text[i]);
    return block;
}

// Reads a value of the configuration; "" when there is none.
static inline size_t configured(const char *key, char *into, size_t room) {
    size_t length = 0;
    uint64_t block = host_config_get(block_of(key, length_of(key)));
    uint64_t size = host_length(block);
    while (block && length < size && length + 1 < room)
        into[length] = (char)host_load_u8(block + length), length++;
    into[length] = 0;
    return length;
}
#endif
