// SPDX-License-Identifier: Apache-2.0
#include "sandbox/engine.h"
#include "base/alloc.h"
#include "base/generation.h"
#include "sandbox/host_functions.h"
#include "sandbox/settings.h"
#include "sandbox/wasmtime_error.h"
#include <signal.h>
#include <sys/mman.h>

enum {
    MOST_INSTANCES = 8,     // Packs of one module that run at once; each has two memories,
                            // the kernel's and its own
    TABLES_PER_MODULE = 4,  // QuickJS has two
    TABLE_ELEMENTS = 20000, // pointers of a large interpreter
    KEPT_BYTES = 4 << 20,   // of a memory, cleared by hand rather than given back
    KEPT_TABLE_BYTES = 64 << 10,
    TABLE_ELEMENT_BYTES = 16, // at most
    SHARE = 4,                // the pool takes a quarter at most of the addresses that are left:
                              // under a limit the rest is the application's, for what is to come
    SPARE_DATA_MIB = 16,      // what has to be left of memory to write to
};

extern const char tskl_kernel_bytes[], tskl_kernel_bytes_end[];

// True when that much can be mapped. It is given back at once.
static bool can_map(size_t bytes, int protection) {
    void *probe = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe == MAP_FAILED) return false;
    munmap(probe, bytes);
    return true;
}

static size_t address_space_for(uint32_t instances) {
    return (size_t)instances * 2 * TSKL_SANDBOX_MEMORY_MIB * SHARE << 20;
}

static size_t data_for(uint32_t instances) {
    size_t tables = (size_t)instances * 2 * TABLES_PER_MODULE;
    return tables * TABLE_ELEMENTS * TABLE_ELEMENT_BYTES + ((size_t)SPARE_DATA_MIB << 20);
}

// What leaves the application too little is not even asked for: as much as the engine will take is
// mapped first, with that share to spare, both as addresses alone and as memory to write to.
static uint32_t instances_that_fit(void) {
    for (uint32_t count = MOST_INSTANCES; count > 0; count /= 2)
        if (can_map(address_space_for(count), PROT_NONE) &&
            can_map(data_for(count), PROT_READ | PROT_WRITE))
            return count;
    return 0;
}

static tskl_status no_room(tskl_error *err) {
    bool addresses = !can_map(address_space_for(1), PROT_NONE);
    return tskl_fail(err, TSKL_ERR_LIMIT, "Packs need %zu MiB of %s",
                     (addresses ? address_space_for(1) : data_for(1)) >> 20,
                     addresses ? "address space: see ulimit -v" : "memory: see ulimit -d");
}

// Wasmtime gives each thread that runs a Pack a stack for signals, and ends the process where a
// filter of system calls forbids even to ask for the one it has.
static bool can_have_signal_stack(void) {
    stack_t current;
    return sigaltstack(NULL, &current) == 0;
}

static void use_pool(wasm_config_t *config, uint32_t instances) {
    wasmtime_pooling_allocation_config_t *pool = wasmtime_pooling_allocation_config_new();
    uint32_t both = instances * 2;
#define SET(name, value) wasmtime_pooling_allocation_config_##name##_set(pool, value)
    SET(total_core_instances, both);
    SET(total_memories, both);
    SET(total_tables, both * TABLES_PER_MODULE);
    SET(max_tables_per_module, TABLES_PER_MODULE);
    SET(max_memories_per_module, 1);
    SET(max_memory_size, (size_t)TSKL_SANDBOX_MEMORY_MIB << 20);
    SET(table_elements, TABLE_ELEMENTS);
    SET(linear_memory_keep_resident, KEPT_BYTES);
    SET(table_keep_resident, KEPT_TABLE_BYTES);
    SET(max_unused_warm_slots, both);
    SET(decommit_batch_size, 1);
#undef SET
    wasmtime_pooling_allocation_strategy_set(config, pool);
    wasmtime_pooling_allocation_config_delete(pool);
}

static tskl_status load_kernel(tskl_engine *engine, tskl_error *err) {
    size_t size = (size_t)(tskl_kernel_bytes_end - tskl_kernel_bytes);
    wasmtime_error_t *error = wasmtime_module_deserialize(
        engine->wasm, (const uint8_t *)tskl_kernel_bytes, size, &engine->kernel);
    if (!error)
        error =
            wasmtime_linker_instantiate_pre(engine->linker, engine->kernel, &engine->kernel_pre);
    return error ? tskl_take_wasmtime_error(err, TSKL_ERR_UNSUPPORTED, error) : TSKL_OK;
}

static tskl_status fill_engine(tskl_engine *engine, tskl_error *err) {
    uint32_t instances = instances_that_fit();
    if (!instances) return no_room(err);
    if (!can_have_signal_stack())
        return tskl_fail(err, TSKL_ERR_UNSUPPORTED,
                         "Packs need sigaltstack, which is refused here");
    wasm_config_t *config = tskl_settings_new();
    if (!config) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for an engine");
    use_pool(config, instances);
    engine->places.all = engine->places.free = instances * 2;
    TSKL_TRY(tskl_wasmtime_engine_take(config, &engine->wasm, err));
    engine->linker = wasmtime_linker_new(engine->wasm);
    TSKL_TRY(tskl_host_functions_define(engine->linker, err));
    TSKL_TRY(load_kernel(engine, err));
    return tskl_ticker_new(engine->wasm, &engine->ticker, err);
}

tskl_status tskl_engine_new(tskl_engine **out, tskl_error *err) {
    *out = NULL;
    tskl_engine *engine = tskl_new(tskl_engine);
    if (!engine) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for an engine");
    tskl_places_init(&engine->places);
    pthread_mutex_init(&engine->parts_lock, NULL);
    tskl_generation_hold(); // of Wasmtime's own list of code, which all engines share
    tskl_status status = fill_engine(engine, err);
    tskl_generation_release();
    if (status == TSKL_OK)
        *out = engine;
    else
        tskl_engine_free(engine);
    return status;
}

void tskl_engine_free(tskl_engine *engine) {
    if (!engine) return;
    tskl_ticker_free(engine->ticker);
    tskl_generation_hold();
    if (engine->kernel_pre) wasmtime_instance_pre_delete(engine->kernel_pre);
    if (engine->kernel) wasmtime_module_delete(engine->kernel);
    if (engine->linker) wasmtime_linker_delete(engine->linker);
    if (engine->wasm) wasm_engine_delete(engine->wasm);
    tskl_generation_release();
    pthread_mutex_destroy(&engine->parts_lock);
    tskl_places_deinit(&engine->places);
    tskl_free(engine);
}

static bool kernel_offers(const tskl_engine *engine, tskl_slice name) {
    wasm_exporttype_vec_t exports;
    bool found = false;
    wasmtime_module_exports(engine->kernel, &exports);
    for (size_t i = 0; !found && i < exports.size; i++) {
        const wasm_name_t *known = wasm_exporttype_name(exports.data[i]);
        found = tskl_slice_equal(tskl_slice_make(known->data, known->size), name);
    }
    wasm_exporttype_vec_delete(&exports);
    return found;
}

bool tskl_engine_offers(const tskl_engine *engine, tskl_slice module, tskl_slice name) {
    const wasm_name_t of = {module.len, (char *)module.ptr}, wanted = {name.len, (char *)name.ptr};
    if (tskl_host_function_find(&of, &wanted)) return true;
    return tskl_slice_equal(module, TSKL_S("extism:host/env")) && kernel_offers(engine, name);
}

tskl_slice tskl_engine_key(void) {
    return tskl_settings_key();
}

tskl_slice tskl_engine_portable_key(void) {
    return tskl_settings_portable_key();
}
