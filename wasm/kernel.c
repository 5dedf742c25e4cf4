// kernel: the memory that Extism's interface gives a plugin, as a Wasm module: a plugin's loads and
// stores are then calls from Wasm to Wasm and never enter the host.
// SPDX-License-Identifier: Apache-2.0
#include "kernel_layout.h"
#include <stdbool.h>
#include <stddef.h>

#define EXPORT(name) __attribute__((export_name(#name), used))

enum {
    PAGE = 65536,
    MAX_BLOCK = 1 << 30,
    FREE_LOOKS = 16, // free blocks looked at before new memory is taken: keeps alloc quick
};

extern unsigned char __heap_base;

static uint32_t top;        // where new blocks go
static uint32_t first_free; // a list of free blocks

static tskl_kernel_registers *registers(void) {
    return (tskl_kernel_registers *)TSKL_KERNEL_REGISTERS;
}

static uint32_t heap_start(void) {
    uint32_t base = (uint32_t)(uintptr_t)&__heap_base;
    return (base + TSKL_KERNEL_ALIGN - 1) & ~(uint32_t)(TSKL_KERNEL_ALIGN - 1);
}

static uint64_t memory_end(void) {
    return (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
}

// True when [offset, offset + len) lies in what a guest may touch.
static bool is_inside(uint64_t offset, uint64_t len) {
    uint64_t end = memory_end();
    return offset >= heap_start() && offset <= end && len <= end - offset;
}

static tskl_kernel_block *block_of(uint64_t handle) {
    return (tskl_kernel_block *)(uintptr_t)(handle - sizeof(tskl_kernel_block));
}

// The live block with exactly this handle, or NULL.
static tskl_kernel_block *live_block(uint64_t handle) {
    if (handle % TSKL_KERNEL_ALIGN || handle < heap_start() + sizeof(tskl_kernel_block) ||
        handle >= top)
        return NULL;
    tskl_kernel_block *block = block_of(handle);
    return block->mark == TSKL_KERNEL_LIVE ? block : NULL;
}

static bool grow_to(uint64_t end) {
    if (end <= memory_end()) return true;
    uint64_t pages = (end - memory_end() + PAGE - 1) / PAGE;
    return __builtin_wasm_memory_grow(0, pages) != (size_t)-1;
}

static uint64_t take_live(tskl_kernel_block *block, uint32_t size) {
    block->mark = TSKL_KERNEL_LIVE;
    block->used = size;
    block->next = 0;
    return (uintptr_t)block + sizeof *block;
}

// The first free block with room. The guest may have damaged the list: it then ends there.
static uint64_t take_free(uint32_t size) {
    uint32_t *link = &first_free;
    for (int looks = 0; *link && looks < FREE_LOOKS; looks++) {
        if (*link % TSKL_KERNEL_ALIGN || !is_inside(*link, sizeof(tskl_kernel_block))) break;
        tskl_kernel_block *block = (tskl_kernel_block *)(uintptr_t)*link;
        if (block->mark != TSKL_KERNEL_FREE) break;
        // In 64 bits: the guest may have written any `room`.
        if (block->room >= size && is_inside(*link, sizeof *block + (uint64_t)block->room)) {
            *link = block->next;
            return take_live(block, size);
        }
        link = &block->next;
    }
    return 0;
}

EXPORT(alloc) uint64_t kernel_alloc(uint64_t size) {
    if (size == 0) return 0;
    if (size <= MAX_BLOCK) {
        if (!top) top = heap_start();
        uint64_t room = (size + TSKL_KERNEL_ALIGN - 1) / TSKL_KERNEL_ALIGN * TSKL_KERNEL_ALIGN;
        uint64_t end = top + sizeof(tskl_kernel_block) + room;
        // New memory while there is some: kits free blocks that the host has freed already, which
        // must not be somebody else's by then.
        uint64_t reused = end > memory_end() && first_free ? take_free((uint32_t)size) : 0;
        if (reused) return reused;
        if (grow_to(end)) {
            tskl_kernel_block *block = (tskl_kernel_block *)(uintptr_t)top;
            block->room = (uint32_t)room;
            top = (uint32_t)end;
            return take_live(block, (uint32_t)size);
        }
    }
    registers()->refused_growth = 1;
    return 0;
}

EXPORT(free) void kernel_free(uint64_t handle) {
    tskl_kernel_block *block = live_block(handle);
    if (!block) return;
    if (handle == registers()->input_offset) registers()->input_length = 0;
    block->mark = TSKL_KERNEL_FREE;
    block->next = first_free;
    first_free = (uint32_t)(uintptr_t)block;
}

EXPORT(length) uint64_t kernel_length(uint64_t handle) {
    tskl_kernel_block *block = live_block(handle);
    return block ? block->used : 0;
}

EXPORT(length_unsafe) uint64_t kernel_length_unsafe(uint64_t handle) {
    return kernel_length(handle);
}

EXPORT(load_u8) uint32_t kernel_load_u8(uint64_t offset) {
    return is_inside(offset, 1) ? *(const unsigned char *)(uintptr_t)offset : 0;
}

// Wasm takes any alignment, but the compiler has to be told.
typedef uint64_t __attribute__((aligned(1), may_alias)) unaligned_u64;

EXPORT(load_u64) uint64_t kernel_load_u64(uint64_t offset) {
    return is_inside(offset, 8) ? *(const unaligned_u64 *)(uintptr_t)offset : 0;
}

EXPORT(store_u8) void kernel_store_u8(uint64_t offset, uint32_t value) {
    if (is_inside(offset, 1)) *(unsigned char *)(uintptr_t)offset = (unsigned char)value;
}

EXPORT(store_u64) void kernel_store_u64(uint64_t offset, uint64_t value) {
    if (is_inside(offset, 8)) *(unaligned_u64 *)(uintptr_t)offset = value;
}

EXPORT(input_set) void kernel_input_set(uint64_t offset, uint64_t len) {
    if (!is_inside(offset, len)) return;
    registers()->input_offset = offset;
    registers()->input_length = len;
}

EXPORT(input_length) uint64_t kernel_input_length(void) {
    return registers()->input_length;
}

EXPORT(input_offset) uint64_t kernel_input_offset(void) {
    return registers()->input_offset;
}

EXPORT(input_load_u8) uint32_t kernel_input_load_u8(uint64_t index) {
    const tskl_kernel_registers *r = registers();
    return index < r->input_length ? *(const unsigned char *)(uintptr_t)(r->input_offset + index)
                                   : 0;
}

EXPORT(input_load_u64) uint64_t kernel_input_load_u64(uint64_t index) {
    const tskl_kernel_registers *r = registers();
    if (r->input_length < 8 || index > r->input_length - 8) return 0;
    return *(const unaligned_u64 *)(uintptr_t)(r->input_offset + index);
}

EXPORT(output_set) void kernel_output_set(uint64_t offset, uint64_t len) {
    if (!is_inside(offset, len)) return;
    registers()->output_offset = offset;
    registers()->output_length = len;
}

EXPORT(output_length) uint64_t kernel_output_length(void) {
    return registers()->output_length;
}

EXPORT(output_offset) uint64_t kernel_output_offset(void) {
    return registers()->output_offset;
}

EXPORT(error_set) void kernel_error_set(uint64_t offset) {
    if (offset == 0 || is_inside(offset, 1)) registers()->error_offset = offset;
}

EXPORT(error_get) uint64_t kernel_error_get(void) {
    return registers()->error_offset;
}

EXPORT(memory_bytes) uint64_t kernel_memory_bytes(void) {
    return memory_end() - heap_start();
}

EXPORT(reset) void kernel_reset(void) {
    *registers() = (tskl_kernel_registers){0};
    if (top) __builtin_memset((void *)(uintptr_t)heap_start(), 0, top - heap_start());
    top = 0;
    first_free = 0;
}
