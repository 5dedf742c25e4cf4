// guest_memory: the only door to a guest's memory: by offset and length, checked each time against
// the memory's size at that moment.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_GUEST_MEMORY_H
#define TSKL_SANDBOX_GUEST_MEMORY_H
#include "base/slice.h"
#include <wasmtime.h>

typedef struct tskl_guest_memory {
    wasmtime_context_t *context;
    wasmtime_memory_t memory;
    bool present; // a guest may have none
} tskl_guest_memory;

/** The bytes at `offset`; false when they are not all inside. They die at the next call into the
 *  guest. */
bool tskl_guest_read(const tskl_guest_memory *memory, uint64_t offset, uint64_t len,
                     tskl_slice *out);
/** Copies into the guest; false when it does not fit there. */
bool tskl_guest_write(const tskl_guest_memory *memory, uint64_t offset, tskl_slice bytes);
/** One little-endian number, unaligned. */
bool tskl_guest_read_u32(const tskl_guest_memory *memory, uint64_t offset, uint32_t *out);
bool tskl_guest_write_u32(const tskl_guest_memory *memory, uint64_t offset, uint32_t value);
bool tskl_guest_write_u64(const tskl_guest_memory *memory, uint64_t offset, uint64_t value);
/** Bytes the memory has now; 0 where there is none. */
uint64_t tskl_guest_size(const tskl_guest_memory *memory);
/** True when it has grown, and so far that it was probably refused more: at most it may have
 *  `most_mib`, or what it declares. */
bool tskl_guest_is_full(const tskl_guest_memory *memory, uint32_t most_mib);
#endif
