// SPDX-License-Identifier: Apache-2.0
#include "sandbox/guest_memory.h"

// The place of `len` bytes at `offset`, or NULL.
static char *place(const tskl_guest_memory *memory, uint64_t offset, uint64_t len) {
    if (!memory->present) return NULL;
    uint64_t size = wasmtime_memory_data_size(memory->context, &memory->memory);
    if (offset > size || len > size - offset) return NULL;
    return (char *)wasmtime_memory_data(memory->context, &memory->memory) + offset;
}

bool tskl_guest_read(const tskl_guest_memory *memory, uint64_t offset, uint64_t len,
                     tskl_slice *out) {
    const char *from = place(memory, offset, len);
    *out = (tskl_slice){from, from ? (size_t)len : 0};
    return from != NULL;
}

bool tskl_guest_write(const tskl_guest_memory *memory, uint64_t offset, tskl_slice bytes) {
    char *to = place(memory, offset, bytes.len);
    if (to && bytes.len) memcpy(to, bytes.ptr, bytes.len);
    return to != NULL;
}

bool tskl_guest_read_u32(const tskl_guest_memory *memory, uint64_t offset, uint32_t *out) {
    const unsigned char *p = (const unsigned char *)place(memory, offset, 4);
    *out = p ? p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24 : 0;
    return p != NULL;
}

bool tskl_guest_write_u32(const tskl_guest_memory *memory, uint64_t offset, uint32_t value) {
    char bytes[4];
    for (int i = 0; i < 4; i++) bytes[i] = (char)(value >> (8 * i));
    return tskl_guest_write(memory, offset, (tskl_slice){bytes, sizeof bytes});
}

bool tskl_guest_write_u64(const tskl_guest_memory *memory, uint64_t offset, uint64_t value) {
    char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (char)(value >> (8 * i));
    return tskl_guest_write(memory, offset, (tskl_slice){bytes, sizeof bytes});
}

uint64_t tskl_guest_size(const tskl_guest_memory *memory) {
    return memory->present ? wasmtime_memory_data_size(memory->context, &memory->memory) : 0;
}

// What the memory begins with, and what it may grow to.
static void bounds(const tskl_guest_memory *memory, uint32_t most_mib, uint64_t *least,
                   uint64_t *most) {
    const uint64_t page = 65536;
    wasm_memorytype_t *type = wasmtime_memory_type(memory->context, &memory->memory);
    *least = wasmtime_memorytype_minimum(type) * page;
    *most = (uint64_t)most_mib << 20;
    uint64_t declared;
    if (wasmtime_memorytype_maximum(type, &declared) && declared * page < *most)
        *most = declared * page;
    wasm_memorytype_delete(type);
}

// Wasmtime does not tell that it refused to grow a memory. Allocators ask for at most as much again
// as they have, so that a memory refused to has grown past half of what it may be.
bool tskl_guest_is_full(const tskl_guest_memory *memory, uint32_t most_mib) {
    if (!memory->present) return false;
    uint64_t least, most, size = tskl_guest_size(memory);
    bounds(memory, most_mib, &least, &most);
    return size > least && size > most / 2;
}
