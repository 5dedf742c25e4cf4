// taskless_host: what a Pack in C has in place of a C library: Extism's interface to the host, and
// memory that lives until the hook ends.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_HOST_H
#define TASKLESS_HOST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TSKL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** One copy, however often it is called: what is called from many places would make a Pack large.
 */
#define TSKL_SHARED __attribute__((noinline, unused)) static

#ifdef __wasm__
#define TSKL_IMPORT(name)                                                                          \
    __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define TSKL_EXPORT(name) __attribute__((export_name(#name)))
#else
// Built natively, for tests, the host is what the test defines under these names.
#define TSKL_IMPORT(name) extern
#define TSKL_EXPORT(name)
#endif

/** A block of the host's memory, which is not the Pack's own; 0 is none. */
typedef uint64_t extism_handle;

TSKL_IMPORT(alloc) extism_handle extism_alloc(uint64_t size);
TSKL_IMPORT(free) void extism_free(extism_handle block);
TSKL_IMPORT(length_unsafe) uint64_t extism_length(extism_handle block);
TSKL_IMPORT(load_u8) uint32_t extism_load_u8(uint64_t at);
TSKL_IMPORT(store_u8) void extism_store_u8(uint64_t at, uint32_t byte);
TSKL_IMPORT(store_u64) void extism_store_u64(uint64_t at, uint64_t bytes);
TSKL_IMPORT(input_length) uint64_t extism_input_length(void);
TSKL_IMPORT(input_load_u64) uint64_t extism_input_load_u64(uint64_t index);
TSKL_IMPORT(output_set) void extism_output_set(extism_handle block, uint64_t length);
TSKL_IMPORT(error_set) void extism_error_set(extism_handle message);
TSKL_IMPORT(config_get) extism_handle extism_config_get(extism_handle key);
TSKL_IMPORT(log_debug) void extism_log_debug(extism_handle message);
TSKL_IMPORT(log_info) void extism_log_info(extism_handle message);
TSKL_IMPORT(log_warn) void extism_log_warn(extism_handle message);
TSKL_IMPORT(log_error) void extism_log_error(extism_handle message);

/** Begins a hook: TSKL_HOOK(post) { ...; return tskl_done(); } Hooks are pre, post and chunk. */
#define TSKL_HOOK(name)                                                                            \
    TSKL_EXPORT(name) int32_t name(void);                                                          \
    int32_t name(void)

#ifdef __wasm__
extern char __heap_base;               // where the linker says that free memory begins
static char *tskl_heap = &__heap_base; // the first free byte

static inline void tskl_heap_reset(void) {
    tskl_heap = &__heap_base;
}

/** `size` bytes that live until the hook ends; NULL when there are no more. */
TSKL_SHARED char *tskl_alloc(size_t size) {
    enum { PAGE = 65536, MOST = 1 << 30 };
    char *at = tskl_heap;
    if (size > MOST) return NULL;
    size_t end = ((size_t)at + size + 7) & ~(size_t)7;
    size_t have = __builtin_wasm_memory_size(0), need = (end + PAGE - 1) / PAGE;
    if (need > have && __builtin_wasm_memory_grow(0, need - have) == SIZE_MAX) return NULL;
    tskl_heap = (char *)end;
    return at;
}
#else
// Each piece is the C library's own here, so that a sanitizer sees where it ends.
#include <stdlib.h>
typedef struct tskl_piece {
    struct tskl_piece *next;
    char bytes[];
} tskl_piece;
static tskl_piece *tskl_heap;

static inline void tskl_heap_reset(void) {
    for (tskl_piece *piece = tskl_heap; piece; piece = tskl_heap) {
        tskl_heap = piece->next;
        free(piece);
    }
}

static inline char *tskl_alloc(size_t size) {
    tskl_piece *piece = (tskl_piece *)malloc(sizeof *piece + size);
    if (!piece) return NULL;
    piece->next = tskl_heap;
    tskl_heap = piece;
    return piece->bytes;
}
#endif

#if defined(__wasm__) && !defined(__wasm_bulk_memory__)
// Without -mbulk-memory the compiler asks a C library for these.
__attribute__((weak)) void *memset(void *to, int byte, size_t count) {
    for (char *at = (char *)to; count > 0; count--) *at++ = (char)byte;
    return to;
}

__attribute__((weak)) void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    const char *bytes = (const char *)from;
    for (char *at = (char *)to; count > 0; count--) *at++ = *bytes++;
    return to;
}
#endif

// A known size makes these one load and one store.
static inline uint64_t tskl_load64(const char *at) {
    uint64_t bytes;
    __builtin_memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

static inline void tskl_store64(char *at, uint64_t bytes) {
    __builtin_memcpy(at, &bytes, sizeof bytes);
}
#endif
