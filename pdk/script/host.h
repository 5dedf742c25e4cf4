// host: Extism's interface as an interpreter asks for it: blocks of the host's memory as texts.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_SCRIPT_HOST_H
#define TASKLESS_SCRIPT_HOST_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define IMPORT(name) __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define EXPORT(name) __attribute__((export_name(name)))

/** A block of the host's memory, which is not the Pack's own; 0 is none. */
typedef uint64_t host_block;

IMPORT(alloc) host_block host_alloc(uint64_t size);
IMPORT(free) void host_free(host_block block);
IMPORT(length) uint64_t host_length(host_block block);
IMPORT(load_u8) uint32_t host_load_u8(uint64_t at);
IMPORT(load_u64) uint64_t host_load_u64(uint64_t at);
IMPORT(store_u8) void host_store_u8(uint64_t at, uint32_t byte);
IMPORT(store_u64) void host_store_u64(uint64_t at, uint64_t bytes);
IMPORT(input_length) uint64_t host_input_length(void);
IMPORT(input_load_u8) uint32_t host_input_load_u8(uint64_t index);
IMPORT(input_load_u64) uint64_t host_input_load_u64(uint64_t index);
IMPORT(output_set) void host_output_set(host_block block, uint64_t length);
IMPORT(error_set) void host_error_set(host_block block);
IMPORT(config_get) host_block host_config_get(host_block key);
IMPORT(var_get) host_block host_var_get(host_block key);
IMPORT(var_set) void host_var_set(host_block key, host_block value);
IMPORT(http_request) host_block host_http_request(host_block request, host_block body);
IMPORT(http_status_code) int32_t host_http_status_code(void);
IMPORT(http_headers) host_block host_http_headers(void);
IMPORT(log_debug) void host_log_debug(host_block text);
IMPORT(log_info) void host_log_info(host_block text);
IMPORT(log_warn) void host_log_warn(host_block text);
IMPORT(log_error) void host_log_error(host_block text);
IMPORT(get_log_level) int32_t host_get_log_level(void);

/** A text of the Pack's own memory; one that was read has a zero behind it. */
typedef struct host_text {
    char *bytes; // NULL when there is none, or no memory
    size_t size;
} host_text;

/** Puts bytes into the host's memory. Whoever is given the block takes it. */
host_block host_put(const void *bytes, size_t size);

/** Takes a text out of a block, which is freed. The caller frees `bytes`; NULL for no block. */
host_text host_take(host_block block);

/** The hook's input; the caller frees `bytes`. */
host_text host_input(void);

/** Sets the hook's output, and why it failed. */
void host_output(const void *bytes, size_t size);
void host_error(const void *bytes, size_t size);

/** A line for the log: 1 debug, 2 info, 3 warn, 4 error. Nothing when the host does not want it. */
void host_log(int level, const void *bytes, size_t size);

#endif
