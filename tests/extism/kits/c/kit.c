// A Pack in C that asks the host what Extism's kit for C asks it, and in that kit's way: lengths by
// length_unsafe, the input as a block like any other. The kit itself is a header in a repository
// and in no package registry.
// SPDX-License-Identifier: Apache-2.0
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT(name) __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define EXPORT(name) __attribute__((export_name(#name))) int32_t name##_(void)

IMPORT(length_unsafe) uint64_t host_length(uint64_t block);
IMPORT(alloc) uint64_t host_alloc(uint64_t size);
IMPORT(free) void host_free(uint64_t block);
IMPORT(load_u8) uint8_t host_load_u8(uint64_t at);
IMPORT(load_u64) uint64_t host_load_u64(uint64_t at);
IMPORT(store_u8) void host_store_u8(uint64_t at, uint8_t byte);
IMPORT(store_u64) void host_store_u64(uint64_t at, uint64_t bytes);
IMPORT(input_offset) uint64_t host_input_offset(void);
IMPORT(input_length) uint64_t host_input_length(void);
IMPORT(output_set) void host_output_set(uint64_t block, uint64_t length);
IMPORT(error_set) void host_error_set(uint64_t block);
IMPORT(config_get) uint64_t host_config_get(uint64_t key);
IMPORT(var_get) uint64_t host_var_get(uint64_t key);
IMPORT(var_set) void host_var_set(uint64_t key, uint64_t value);
IMPORT(http_request) uint64_t host_http_request(uint64_t request, uint64_t body);
IMPORT(http_status_code) int32_t host_http_status_code(void);
IMPORT(http_headers) uint64_t host_http_headers(void);
IMPORT(get_log_level) int32_t host_get_log_level(void);
IMPORT(log_info) void host_log_info(uint64_t text);
IMPORT(log_warn) void host_log_warn(uint64_t text);
IMPORT(log_error) void host_log_error(uint64_t text);

enum { ROOM = 1 << 20 };

static char text[ROOM], said[ROOM]; // what was read last; what is about to be said
static size_t used;

static uint64_t block_of(const char *bytes, size_t length) {
    uint64_t block = host_alloc(length);
    size_t i = 0;
    for (; block && i + 8 <= length; i += 8) {
        uint64_t eight;
        __builtin_memcpy(&eight, bytes + i, 8);
        host_store_u64(block + i, eight);
    }
    for (; block && i < length; i++) host_store_u8(block + i, (uint8_t)bytes[i]);
    return block;
}

static uint64_t block_of_text(const char *bytes) {
    return block_of(bytes, __builtin_strlen(bytes));
}

// Reads a block into `text`; false where there is none or it is too long.
static bool read(uint64_t block) {
    uint64_t length = host_length(block), i = 0;
    text[0] = 0;
    if (!block || length >= ROOM) return false;
    for (; i + 8 <= length; i += 8) {
        uint64_t eight = host_load_u64(block + i);
        __builtin_memcpy(text + i, &eight, 8);
    }
    for (; i < length; i++) text[i] = (char)host_load_u8(block + i);
    text[length] = 0;
    return true;
}

static void say(const char *bytes) {
    while (*bytes && used < ROOM) said[used++] = *bytes++;
}

static void say_number(int32_t number) {
    if (number >= 10) say_number(number / 10);
    say((const char[]){(char)('0' + number % 10), 0});
}

static int32_t done(void) {
    uint64_t block = block_of(said, used);
    host_output_set(block, host_length(block));
    used = 0;
    return 0;
}

// Says the string that follows a member's name in `text`, quotes and all, as a capture.
static void capture(const char *member, const char *name) {
    const char *found = __builtin_strstr(text, member);
    if (!found) return;
    say(used > sizeof "{\"capture\":{" - 1 ? ",\"" : "\"");
    say(name);
    say("\":");
    found += __builtin_strlen(member);
    size_t length = (size_t)(__builtin_strchr(found + 1, '"') - found) + 1;
    for (size_t i = 0; i < length; i++) said[used++] = found[i];
}

EXPORT(pre) {
    read(host_input_offset());
    say("{\"capture\":{");
    capture("\"path\":", "path");
    say("},\"context\":{");
    const char *path = __builtin_strstr(text, "\"path\":");
    for (int quotes = 0; path && quotes < 4; path++) {
        quotes += *path == '"';
        said[used++] = *path;
    }
    say("}}");
    return done();
}

EXPORT(post) {
    read(host_input_offset());
    say("{\"capture\":{");
    capture("\"code\":", "error.code");
    capture("\"doc_url\":", "error.doc_url");
    capture("\"context\":{\"path\":", "told");
    say("}}");
    return done();
}

EXPORT(reflect) {
    read(host_input_offset());
    uint64_t block = block_of(text, (size_t)host_input_length());
    host_output_set(block, host_length(block));
    return 0;
}

EXPORT(config_get) {
    say(read(host_config_get(host_input_offset())) ? text : "none");
    return done();
}

EXPORT(vars) {
    say(host_var_get(block_of_text("kept")) ? "some " : "null ");
    host_var_set(block_of_text("kept"), host_input_offset());
    say(read(host_var_get(block_of_text("kept"))) ? text : "null");
    host_var_set(block_of_text("kept"), 0);
    say(host_var_get(block_of_text("kept")) ? " some" : " null");
    return done();
}

static void log_at(void (*log)(uint64_t), int32_t level, const char *name) {
    if (level < host_get_log_level()) return;
    read(host_input_offset());
    say(name);
    say(text);
    log(block_of(said, used));
    used = 0;
}

EXPORT(logs) {
    log_at(host_log_info, 2, "info ");
    log_at(host_log_warn, 3, "warn ");
    log_at(host_log_error, 4, "error ");
    return 0;
}

EXPORT(http_get) {
    read(host_input_offset());
    say("{\"url\":\"");
    say(text);
    say("\",\"headers\":{\"x-kit\":\"c\"},\"method\":\"GET\"}");
    uint64_t answer = host_http_request(block_of(said, used), 0);
    used = 0;
    say_number(host_http_status_code());
    say(" ");
    read(host_http_headers());
    say(__builtin_strstr(text, "\"content-type\":\"text/plain\"") ? "text/plain " : " ");
    read(answer);
    say(text);
    host_free(answer);
    return done();
}

EXPORT(fails) {
    read(host_input_offset());
    say("failed at ");
    say(text);
    host_error_set(block_of(said, used));
    return 7;
}

EXPORT(panics) {
    __builtin_trap();
}
