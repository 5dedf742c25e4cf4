// host_extism: the functions of extism:host/env that need the host; the kernel does the others.
// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"
#include "base/utf8.h"
#include "sandbox/host_functions.h"
#include "sandbox/instance.h"

// Every function here has this shape; `values` holds the arguments, then the result.
#define HOST_FUNCTION(name)                                                                        \
    static wasm_trap_t *name(TSKL_UNUSED void *env, wasmtime_caller_t *caller,                     \
                             wasmtime_val_raw_t *values, TSKL_UNUSED size_t count)

static wasm_trap_t *refuse(tskl_instance *instance, const char *what) {
    return tskl_instance_stop(instance, TSKL_OUTCOME_REFUSED, "%s is not granted to this Pack",
                              what);
}

// A string argument. The handle 0 is the empty string; any other must be a live block.
static bool read_argument(tskl_instance *instance, uint64_t handle, tskl_slice *out) {
    *out = (tskl_slice){NULL, 0};
    return handle == 0 || tskl_instance_block(instance, handle, out);
}

// A name: as above, and text.
static wasm_trap_t *read_key(tskl_instance *instance, const char *function, uint64_t handle,
                             tskl_slice *key) {
    if (!read_argument(instance, handle, key))
        return tskl_instance_bad_handle(instance, function, handle);
    if (tskl_utf8_valid(*key)) return NULL;
    return tskl_instance_stop(instance, TSKL_OUTCOME_ABI, "%s: a key is not UTF-8", function);
}

HOST_FUNCTION(config_get) {
    tskl_instance *instance = tskl_instance_of(caller);
    tskl_sandbox_host *host = instance->host;
    uint64_t handle = (uint64_t)values[0].i64;
    tskl_slice key, value = {NULL, 0};
    wasm_trap_t *trap = read_key(instance, "config_get", handle, &key);
    if (trap) return trap;
    bool found = host->config_get && host->config_get(host->user, key, &value);
    // The value first: kits free the key once more, which must not be the value by then.
    values[0].i64 = found ? (int64_t)tskl_instance_new_block(instance, value) : 0;
    if (handle) tskl_instance_free_block(instance, handle);
    return NULL;
}

HOST_FUNCTION(var_get) {
    tskl_instance *instance = tskl_instance_of(caller);
    tskl_sandbox_host *host = instance->host;
    uint64_t handle = (uint64_t)values[0].i64;
    tskl_slice key, value = {NULL, 0};
    if (!host->var_get) return refuse(instance, "var_get");
    wasm_trap_t *trap = read_key(instance, "var_get", handle, &key);
    if (trap) return trap;
    tskl_status status = host->var_get(host->user, key, &value);
    if (status == TSKL_ERR_NOMEM)
        return tskl_instance_stop(instance, TSKL_OUTCOME_ROOM, "no room for a variable");
    values[0].i64 = status == TSKL_OK ? (int64_t)tskl_instance_new_block(instance, value) : 0;
    if (handle) tskl_instance_free_block(instance, handle);
    return NULL;
}

// The handle 0 in place of a value removes the variable: an empty one cannot be told from none.
HOST_FUNCTION(var_set) {
    tskl_instance *instance = tskl_instance_of(caller);
    tskl_sandbox_host *host = instance->host;
    uint64_t key_handle = (uint64_t)values[0].i64, value_handle = (uint64_t)values[1].i64;
    tskl_slice key, value;
    if (!host->var_set) return refuse(instance, "var_set");
    wasm_trap_t *trap = read_key(instance, "var_set", key_handle, &key);
    if (trap) return trap;
    if (!read_argument(instance, value_handle, &value))
        return tskl_instance_bad_handle(instance, "var_set", value_handle);
    tskl_status status = host->var_set(host->user, key, value, value_handle == 0);
    if (status == TSKL_ERR_LIMIT)
        return tskl_instance_stop(instance, TSKL_OUTCOME_ERROR, "var_set: the variables are full");
    if (status) return tskl_instance_stop(instance, TSKL_OUTCOME_ROOM, "no room for a variable");
    if (key_handle) tskl_instance_free_block(instance, key_handle);
    if (value_handle) tskl_instance_free_block(instance, value_handle);
    return NULL;
}

static wasm_trap_t *log_at(tskl_log_level level, wasmtime_caller_t *caller,
                           const wasmtime_val_raw_t *values) {
    tskl_instance *instance = tskl_instance_of(caller);
    tskl_sandbox_host *host = instance->host;
    uint64_t handle = (uint64_t)values[0].i64;
    tskl_slice message;
    bool wanted = host->log && level <= host->log_level;
    bool live = read_argument(instance, handle, &message);
    if (wanted && !live) return tskl_instance_bad_handle(instance, "log", handle);
    if (wanted) host->log(host->user, level, message);
    if (live && handle) tskl_instance_free_block(instance, handle);
    return NULL;
}

HOST_FUNCTION(log_trace) {
    return log_at(TSKL_LOG_TRACE, caller, values);
}

HOST_FUNCTION(log_debug) {
    return log_at(TSKL_LOG_DEBUG, caller, values);
}

HOST_FUNCTION(log_info) {
    return log_at(TSKL_LOG_INFO, caller, values);
}

HOST_FUNCTION(log_warn) {
    return log_at(TSKL_LOG_WARN, caller, values);
}

HOST_FUNCTION(log_error) {
    return log_at(TSKL_LOG_ERROR, caller, values);
}

// Extism counts the other way round: trace is 0, error 4, and INT32_MAX says that nobody listens.
HOST_FUNCTION(get_log_level) {
    tskl_log_level level = tskl_instance_of(caller)->host->log_level;
    values[0].i32 = level == TSKL_LOG_OFF ? INT32_MAX : (int32_t)TSKL_LOG_TRACE - (int32_t)level;
    return NULL;
}

static const tskl_host_function functions[] = {
    {"config_get", "I", "I", config_get},
    {"var_get", "I", "I", var_get},
    {"var_set", "II", "", var_set},
    {"log_trace", "I", "", log_trace},
    {"log_debug", "I", "", log_debug},
    {"log_info", "I", "", log_info},
    {"log_warn", "I", "", log_warn},
    {"log_error", "I", "", log_error},
    {"get_log_level", "", "i", get_log_level},
};

const tskl_host_module tskl_host_extism = {"extism:host/env", functions, TSKL_COUNT(functions)};
