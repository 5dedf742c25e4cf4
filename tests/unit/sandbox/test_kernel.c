// The rows of Extism's own tests of its kernel (kernel.rs), on ours: the real module, called on its
// own. docs/internals/extism.md says which row is where.
// SPDX-License-Identifier: Apache-2.0
#include "guest.h"
#include "kernel_layout.h"
#include "sandbox/engine.h"
#include <stdio.h>

// One kernel, with no plugin and no host around it.
typedef struct kernel {
    wasmtime_store_t *store;
    wasmtime_context_t *context;
    wasmtime_instance_t instance;
    bool trapped; // in a call since it was opened
} kernel;

static bool kernel_open(kernel *k) {
    tskl_engine *engine = guest_engine();
    *k = (kernel){0};
    if (!engine) return false;
    k->store = wasmtime_store_new(engine->wasm, NULL, NULL);
    k->context = wasmtime_store_context(k->store);
    wasmtime_context_set_epoch_deadline(k->context, UINT32_MAX);
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error =
        wasmtime_instance_pre_instantiate(engine->kernel_pre, k->context, &k->instance, &trap);
    if (error) wasmtime_error_delete(error);
    if (trap) wasm_trap_delete(trap);
    return !error && !trap;
}

static void kernel_close(kernel *k) {
    if (k->store) wasmtime_store_delete(k->store);
}

// Calls a function of the kernel by its name; 0 when it traps or is not there.
static uint64_t call(kernel *k, const char *name, uint64_t a, uint64_t b) {
    wasmtime_extern_t item;
    wasmtime_val_raw_t values[2] = {{.i64 = (int64_t)a}, {.i64 = (int64_t)b}};
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = NULL;
    bool found =
        wasmtime_instance_export_get(k->context, &k->instance, name, strlen(name), &item) &&
        item.kind == WASMTIME_EXTERN_FUNC;
    if (found) error = wasmtime_func_call_unchecked(k->context, &item.of.func, values, 2, &trap);
    k->trapped |= !found || error || trap;
    if (error) wasmtime_error_delete(error);
    if (trap) wasm_trap_delete(trap);
    return !found || error || trap ? 0 : (uint64_t)values[0].i64;
}
#define CALL0(name) call(&k, #name, 0, 0)
#define CALL1(name, a) call(&k, #name, a, 0)
#define CALL2(name, a, b) ((void)call(&k, #name, a, b))

// A function's result is as wide as its type says; the rest of the value is not set.
static uint8_t load_u8(kernel *k, uint64_t at) {
    return (uint8_t)call(k, "load_u8", at, 0);
}

static uint8_t input_load_u8(kernel *k, uint64_t index) {
    return (uint8_t)call(k, "input_load_u8", index, 0);
}

// The same numbers in every run, as those of a property test whose seed is kept.
static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

static bool has_length(kernel *k, uint64_t handle, uint64_t length) {
    return handle && call(k, "length", handle, 0) == length &&
           call(k, "length_unsafe", handle, 0) == length;
}

#define WITH_KERNEL                                                                                \
    kernel k CLEANUP(kernel_close);                                                                \
    CHECK(kernel_open(&k))

TEST_ONCE(kernel, gives_a_block_back_where_one_of_its_size_was_freed) {
    WITH_KERNEL;
    CHECK(CALL1(alloc, 0) == 0);
    uint64_t block = CALL1(alloc, 65535);
    CHECK(has_length(&k, block, 65535));
    for (uint64_t inside = 1; inside <= 4; inside++)
        CHECK_ROW(inside, CALL1(length, block + inside) == 0);
    CALL1(free, block);
    CHECK(CALL1(length, block) == 0);
    CHECK(CALL1(alloc, 65535) == block);
    CALL1(free, block);
    CHECK(CALL1(alloc, 65535 - 24) == block);
    CHECK(has_length(&k, block, 65535 - 24));
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, knows_small_blocks_by_their_exact_length) {
    WITH_KERNEL;
    for (uint64_t size = 1; size <= 2; size++) {
        uint64_t first = CALL1(alloc, size), second = CALL1(alloc, size);
        CHECK_ROW(size, has_length(&k, first, size) && has_length(&k, second, size));
        CHECK_ROW(size, first != second);
        CALL1(free, first);
        CALL1(free, second);
    }
    for (uint64_t i = 0; i < 64; i++) {
        uint64_t block = CALL1(alloc, 64 - i);
        CHECK_ROW(i, has_length(&k, block, 64 - i));
        CALL1(free, block);
    }
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, grows_and_starts_over_at_a_reset) {
    enum { PAGE = 65536 };
    static const uint64_t sizes[] = {100 * PAGE, PAGE, PAGE + 1024};
    WITH_KERNEL;
    uint64_t very_first = CALL1(alloc, 8), last = 0;
    for (size_t i = 0; i < TSKL_COUNT(sizes); i++) {
        last = CALL1(alloc, sizes[i]);
        CHECK_ROW(i, has_length(&k, last, sizes[i]));
    }
    CALL0(reset);
    CHECK(CALL1(length, last) == 0);
    uint64_t first = CALL1(alloc, 1024);
    CHECK(first == very_first && first < last);
    CHECK(has_length(&k, first, 1024));
    CHECK(CALL1(length, last) == 0);
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, keeps_the_error_that_was_set) {
    WITH_KERNEL;
    uint64_t message = CALL1(alloc, 3);
    CHECK(CALL0(error_get) == 0);
    CALL1(error_set, message);
    CHECK(CALL0(error_get) == message);
    CALL1(error_set, UINT64_MAX);
    CHECK(CALL0(error_get) == message);
    CALL1(error_set, 0);
    CHECK(CALL0(error_get) == 0);
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, stores_and_loads_little_endian) {
    static const uint64_t value = 0x0807060504030201;
    static const uint64_t outside[] = {0xffffffffffff, 0xffffffff, UINT64_MAX};
    WITH_KERNEL;
    uint64_t block = CALL1(alloc, 16);
    CALL2(store_u64, block, value);
    CHECK(CALL1(load_u64, block) == value);
    for (uint64_t i = 0; i < 8; i++) {
        CHECK_ROW(i, load_u8(&k, block + i) == i + 1);
        CALL2(store_u8, block + 8 + i, i + 1);
    }
    CHECK(CALL1(load_u64, block + 8) == value);
    CHECK(CALL1(load_u64, block + 1) == (value >> 8 | 1ull << 56));
    for (size_t i = 0; i < TSKL_COUNT(outside); i++) {
        CALL2(store_u8, outside[i], 1);
        CALL2(store_u64, outside[i], 1);
        CHECK_ROW(i, load_u8(&k, outside[i]) == 0 && CALL1(load_u64, outside[i]) == 0);
    }
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, gives_input_byte_by_byte_and_nothing_outside_it) {
    enum { SIZE = 123456 };
    WITH_KERNEL;
    uint64_t block = CALL1(alloc, SIZE);
    CHECK(CALL0(input_length) == 0 && CALL0(input_offset) == 0);
    for (uint64_t i = 0; i < SIZE; i++) CALL2(store_u8, block + i, i * 7);
    CALL2(input_set, block, SIZE);
    CHECK(CALL0(input_length) == SIZE && CALL0(input_offset) == block);
    for (uint64_t i = 0; i < SIZE; i++) CHECK_ROW(i, input_load_u8(&k, i) == (uint8_t)(i * 7));
    CHECK(CALL1(input_load_u64, SIZE - 8) == CALL1(load_u64, block + SIZE - 8));
    static const uint64_t outside[] = {SIZE + 1, SIZE - 7, SIZE, UINT64_MAX - 3, UINT64_MAX};
    for (size_t i = 0; i < TSKL_COUNT(outside); i++)
        CHECK_ROW(i, CALL1(input_load_u64, outside[i]) == 0);
    CHECK(input_load_u8(&k, SIZE) == 0 && input_load_u8(&k, UINT64_MAX) == 0);
    CALL2(input_set, block, UINT64_MAX);
    CHECK(CALL0(input_length) == SIZE);
    CALL1(free, block);
    CHECK(CALL0(input_length) == 0);
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, takes_output_only_from_its_own_memory) {
    WITH_KERNEL;
    uint64_t first = CALL1(alloc, 100), second = CALL1(alloc, 100);
    CALL2(output_set, first, 100);
    CHECK(CALL0(output_offset) == first && CALL0(output_length) == 100);
    CALL2(output_set, first, UINT64_MAX);
    CALL2(output_set, 0x7fffffffffff, 8);
    CALL2(output_set, TSKL_KERNEL_REGISTERS, 8);
    CALL2(output_set, 0, 0);
    CHECK(CALL0(output_offset) == first && CALL0(output_length) == 100);
    CALL2(output_set, first, second + 100 - first); // of several blocks
    CHECK(CALL0(output_length) == second + 100 - first);
    CALL2(output_set, second, 0);
    CHECK(CALL0(output_offset) == second && CALL0(output_length) == 0);
    CHECK(!k.trapped);
}

// libextism's output length, input and block headers can be forged, its loads trap at the end.
TEST_ONCE(kernel, keeps_its_own_state_out_of_reach) {
    WITH_KERNEL;
    uint64_t block = CALL1(alloc, 16);
    CALL2(input_set, block, 16);
    CALL2(output_set, block, 16);
    for (uint64_t at = 0; at < TSKL_KERNEL_REGISTERS + sizeof(tskl_kernel_registers); at++)
        CALL2(store_u8, at, 0xff);
    CHECK(CALL0(output_length) == 16 && CALL0(input_length) == 16 && CALL0(error_get) == 0);
    CHECK(load_u8(&k, TSKL_KERNEL_REGISTERS) == 0);
    uint64_t bytes = CALL0(memory_bytes), end = (block & ~(uint64_t)0xffff) + 16 * 65536;
    CHECK(bytes > 0 && bytes < end);
    for (uint64_t at = end - 16; at < end + 16; at++) {
        CALL2(store_u8, at, 1);
        CHECK_ROW(at, load_u8(&k, at) <= 1);
        CALL1(load_u64, at);
        CALL2(store_u64, at, 1);
    }
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, bears_every_free) {
    WITH_KERNEL;
    uint64_t block = CALL1(alloc, 64), live = CALL1(alloc, 64);
    const uint64_t handles[] = {0,          block,         block, block + 1,         block - 1,
                                live + 16,  UINT64_MAX,    1,     1ull << 32 | live, 0x7fffffff,
                                live - 16u, live + 100000, 16};
    for (size_t i = 0; i < TSKL_COUNT(handles); i++) CALL1(free, handles[i]);
    CHECK(CALL1(length, block) == 0 && has_length(&k, live, 64));
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, refuses_what_does_not_fit) {
    static const uint64_t sizes[] = {352054710,  1248853976,      2678441931, 14567928,
                                     1ull << 32, 1ull << 48,      UINT64_MAX, UINT64_MAX - 15,
                                     1ull << 63, (1ull << 32) + 1};
    WITH_KERNEL;
    for (size_t i = 0; i < TSKL_COUNT(sizes); i++) {
        uint64_t block = CALL1(alloc, sizes[i]);
        CHECK_ROW(i, !block || has_length(&k, block, sizes[i]));
        CHECK_ROW(i, !block || sizes[i] < 64 << 20);
    }
    CHECK(has_length(&k, CALL1(alloc, 100), 100));
    CHECK(!k.trapped);
}

TEST_ONCE(kernel, knows_the_length_of_blocks_that_once_failed) {
    static const uint64_t sizes[] = {
        9223,  65535, 1,     24,    12,    4095, 65534, 65511, 13,    32768, 7,
        40000, 3,     60000, 16,    17,    31,   65519, 15,    50000, 2,     8191,
        25,    23,    11,    65000, 33333, 255,  256,   10,    65535, 20000,
    };
    WITH_KERNEL;
    CALL0(reset);
    for (size_t i = 0; i < TSKL_COUNT(sizes); i++)
        CHECK_ROW(i, has_length(&k, CALL1(alloc, sizes[i]), sizes[i]));
    CHECK(!k.trapped);
}

// Random sizes up to `most`; with frees, even ones are freed at once and every third frees the
// block before it, which may be free or none. Returns the size for which a length was wrong.
static uint64_t allocate_at_random(kernel *k, uint64_t seed, uint64_t most, bool frees) {
    uint64_t previous = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t size = next_random(&seed) % most + 1, block = call(k, "alloc", size, 0);
        if (block && !has_length(k, block, size)) return size;
        if (frees && size % 2 == 0) call(k, "free", block, 0);
        if (frees && size % 3 == 0) call(k, "free", previous, 0);
        previous = block;
    }
    return 0;
}

TEST_ONCE(kernel, gives_exact_lengths_for_sizes_at_random) {
    static const struct {
        uint64_t most;
        bool frees;
    } rows[] = {{UINT16_MAX, false}, {UINT16_MAX, true}, {UINT32_MAX, false}, {UINT32_MAX, true}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        for (uint64_t seed = 1; seed <= 10; seed++) {
            WITH_KERNEL;
            uint64_t wrong =
                allocate_at_random(&k, seed * 0x9e3779b97f4a7c15, rows[i].most, rows[i].frees);
            CHECK_SAY(!wrong, "row %zu, seed %llu: a block of %llu bytes", i,
                      (unsigned long long)seed, (unsigned long long)wrong);
            CHECK(!k.trapped);
        }
    }
}

TEST_ONCE(kernel, reads_back_what_was_stored_at_random) {
    uint64_t seed = 0x9e3779b97f4a7c15;
    WITH_KERNEL;
    for (size_t i = 0; i < 500; i++) {
        uint64_t size = next_random(&seed) % UINT16_MAX + 1, block = CALL1(alloc, size);
        CHECK_ROW(i, block);
        for (int store = 0; store < 16; store++) {
            uint64_t at = block + next_random(&seed) % size;
            uint8_t byte = (uint8_t)next_random(&seed);
            CALL2(store_u8, at, byte);
            CHECK_ROW(i, load_u8(&k, at) == byte);
        }
    }
    CHECK(!k.trapped);
}
