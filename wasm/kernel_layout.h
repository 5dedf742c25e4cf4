// kernel_layout: where the kernel keeps its state, for the kernel (Wasm) and its host (native).
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WASM_KERNEL_LAYOUT_H
#define TSKL_WASM_KERNEL_LAYOUT_H
#include <stdint.h>

enum {
    TSKL_KERNEL_REGISTERS = 64, // address of the registers, below all that a guest can store to
    TSKL_KERNEL_ALIGN = 16,     // of every handle
};

/** What the guest set, or was given. Handles are offsets in the kernel's memory; 0: none. */
typedef struct tskl_kernel_registers {
    uint64_t input_offset, input_length;
    uint64_t output_offset, output_length;
    uint64_t error_offset;
    uint32_t refused_growth; // 1 after an allocation for which there was no memory
    uint32_t unused;
} tskl_kernel_registers;

/** In front of each block. A guest can overwrite it, and fools only itself: whoever reads one
 *  checks every member against the memory. */
typedef struct tskl_kernel_block {
    uint32_t mark; // TSKL_KERNEL_LIVE or TSKL_KERNEL_FREE
    uint32_t used; // bytes asked for
    uint32_t room; // bytes there are
    uint32_t next; // of a free block: the next free one
} tskl_kernel_block;

#define TSKL_KERNEL_LIVE 0x4c49564bu
#define TSKL_KERNEL_FREE 0x46524545u
#endif
