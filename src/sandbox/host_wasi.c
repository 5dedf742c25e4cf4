// host_wasi: WASI preview 1 for a guest that has no files, no sockets and no arguments; its clock
// stands at the time of the event, its random numbers come from the exchange.
// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "base/status.h"
#include "sandbox/host_functions.h"
#include "sandbox/instance.h"

enum errno_of_wasi {
    SUCCESS = 0,
    ERRNO_BADF = 8,
    ERRNO_FAULT = 21,
    ERRNO_INVAL = 28,
    ERRNO_NOSYS = 52,
    ERRNO_SPIPE = 70,
    ERRNO_NOTCAPABLE = 76,
};

enum {
    STDIN = 0,
    STDOUT = 1,
    STDERR = 2,
    MOST_VECTORS = 64,
    LOGGED_BYTES = 4096, // more than a line shows: see outcome.c
    MOST_RANDOM = 1 << 20
};

#define HOST_FUNCTION(name)                                                                        \
    static wasm_trap_t *name(TSKL_UNUSED void *env, TSKL_UNUSED wasmtime_caller_t *caller,         \
                             wasmtime_val_raw_t *values, TSKL_UNUSED size_t count)

static uint32_t argument(const wasmtime_val_raw_t *values, size_t i) {
    return (uint32_t)values[i].i32;
}

static wasm_trap_t *answer(wasmtime_val_raw_t *values, enum errno_of_wasi code) {
    values[0].i32 = (int32_t)code;
    return NULL;
}

HOST_FUNCTION(not_capable) {
    return answer(values, ERRNO_NOTCAPABLE);
}

HOST_FUNCTION(bad_descriptor) {
    return answer(values, ERRNO_BADF);
}

static bool is_standard(uint32_t fd) {
    return fd <= STDERR;
}

static tskl_guest_memory memory_of(wasmtime_caller_t *caller) {
    return tskl_instance_memory(tskl_instance_of(caller), caller);
}

// Two counts: of strings, and of their bytes.
static wasm_trap_t *answer_sizes(wasmtime_caller_t *caller, wasmtime_val_raw_t *values,
                                 uint32_t strings, uint32_t bytes) {
    const tskl_guest_memory memory = memory_of(caller);
    uint32_t strings_at = argument(values, 0), bytes_at = argument(values, 1);
    bool written = tskl_guest_write_u32(&memory, strings_at, strings) &&
                   tskl_guest_write_u32(&memory, bytes_at, bytes);
    return answer(values, written ? SUCCESS : ERRNO_FAULT);
}

HOST_FUNCTION(args_sizes_get) {
    return answer_sizes(caller, values, 0, 0);
}

HOST_FUNCTION(args_get) {
    return answer(values, SUCCESS);
}

HOST_FUNCTION(environ_sizes_get) {
    tskl_instance *instance = tskl_instance_of(caller);
    uint32_t bytes = 0;
    for (size_t i = 0; i < instance->host->environment_count; i++)
        bytes += (uint32_t)instance->host->environment[i].len + 1;
    return answer_sizes(caller, values, (uint32_t)instance->host->environment_count, bytes);
}

HOST_FUNCTION(environ_get) {
    tskl_instance *instance = tskl_instance_of(caller);
    const tskl_guest_memory memory = memory_of(caller);
    uint64_t table = argument(values, 0), text = argument(values, 1);
    for (size_t i = 0; i < instance->host->environment_count; i++) {
        tskl_slice entry = instance->host->environment[i];
        if (!tskl_guest_write_u32(&memory, table + 4 * i, (uint32_t)text) ||
            !tskl_guest_write(&memory, text, entry) ||
            !tskl_guest_write(&memory, text + entry.len, (tskl_slice){"", 1}))
            return answer(values, ERRNO_FAULT);
        text += entry.len + 1;
    }
    return answer(values, SUCCESS);
}

// All four clocks stand at the time of the event.
HOST_FUNCTION(clock_time_get) {
    const tskl_guest_memory memory = memory_of(caller);
    tskl_instance *instance = tskl_instance_of(caller);
    uint64_t now_ns = (uint64_t)instance->host->now_us * 1000;
    if (argument(values, 0) > 3) return answer(values, ERRNO_INVAL);
    bool written = tskl_guest_write_u64(&memory, argument(values, 2), now_ns);
    return answer(values, written ? SUCCESS : ERRNO_FAULT);
}

HOST_FUNCTION(clock_res_get) {
    const tskl_guest_memory memory = memory_of(caller);
    if (argument(values, 0) > 3) return answer(values, ERRNO_INVAL);
    bool written = tskl_guest_write_u64(&memory, argument(values, 1), 1000);
    return answer(values, written ? SUCCESS : ERRNO_FAULT);
}

HOST_FUNCTION(random_get) {
    const tskl_guest_memory memory = memory_of(caller);
    tskl_instance *instance = tskl_instance_of(caller);
    uint64_t at = argument(values, 0), left = argument(values, 1);
    if (left > MOST_RANDOM) return answer(values, ERRNO_INVAL);
    while (left > 0) {
        char bytes[64];
        size_t size = left < sizeof bytes ? (size_t)left : sizeof bytes;
        tskl_instance_random(instance, bytes, size);
        if (!tskl_guest_write(&memory, at, (tskl_slice){bytes, size}))
            return answer(values, ERRNO_FAULT);
        at += size;
        left -= size;
    }
    return answer(values, SUCCESS);
}

// Collects what a list of (pointer, length) pairs names, at most `room`; false: outside.
static bool gather(const tskl_guest_memory *memory, uint64_t list, uint32_t vectors, tskl_buf *text,
                   uint32_t *total) {
    *total = 0;
    for (uint32_t i = 0; i < vectors && i < MOST_VECTORS; i++) {
        uint32_t at, len;
        tskl_slice part;
        if (!tskl_guest_read_u32(memory, list + 8ull * i, &at) ||
            !tskl_guest_read_u32(memory, list + 8ull * i + 4, &len) ||
            !tskl_guest_read(memory, at, len, &part))
            return false;
        tskl_buf_add(text, tskl_slice_first(part, text->cap - text->len));
        *total += len;
    }
    return true;
}

// Standard output and error are the Pack's log.
HOST_FUNCTION(fd_write) {
    const tskl_guest_memory memory = memory_of(caller);
    tskl_instance *instance = tskl_instance_of(caller);
    tskl_sandbox_host *host = instance->host;
    uint32_t fd = argument(values, 0), total;
    char room[LOGGED_BYTES];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room};
    if (fd != STDOUT && fd != STDERR) return answer(values, ERRNO_BADF);
    if (!gather(&memory, argument(values, 1), argument(values, 2), &text, &total) ||
        !tskl_guest_write_u32(&memory, argument(values, 3), total))
        return answer(values, ERRNO_FAULT);
    tskl_slice line = tskl_slice_trim(tskl_buf_slice(&text));
    tskl_log_level level = fd == STDERR ? TSKL_LOG_WARN : TSKL_LOG_INFO;
    if (line.len && host->log && level <= host->log_level) host->log(host->user, level, line);
    return answer(values, SUCCESS);
}

// Standard input is at its end.
HOST_FUNCTION(fd_read) {
    const tskl_guest_memory memory = memory_of(caller);
    if (argument(values, 0) != STDIN) return answer(values, ERRNO_BADF);
    bool written = tskl_guest_write_u32(&memory, argument(values, 3), 0);
    return answer(values, written ? SUCCESS : ERRNO_FAULT);
}

HOST_FUNCTION(fd_seek) {
    return answer(values, is_standard(argument(values, 0)) ? ERRNO_SPIPE : ERRNO_BADF);
}

HOST_FUNCTION(fd_close) {
    return answer(values, is_standard(argument(values, 0)) ? SUCCESS : ERRNO_BADF);
}

HOST_FUNCTION(fd_fdstat_get) {
    const tskl_guest_memory memory = memory_of(caller);
    enum { CHARACTER_DEVICE = 2, RIGHT_READ = 2, RIGHT_WRITE = 64 };
    uint32_t fd = argument(values, 0);
    if (!is_standard(fd)) return answer(values, ERRNO_BADF);
    char stat[24] = {CHARACTER_DEVICE};
    stat[8] = fd == STDIN ? RIGHT_READ : RIGHT_WRITE;
    bool written = tskl_guest_write(&memory, argument(values, 1), (tskl_slice){stat, sizeof stat});
    return answer(values, written ? SUCCESS : ERRNO_FAULT);
}

// Waiting for a clock ends at once, since no clock moves; nothing else can be waited for. Go's
// scheduler cannot live without it.
HOST_FUNCTION(poll_oneoff) {
    enum { SUBSCRIPTION = 48, EVENT = 32, TAG_AT = 8, TYPE_CLOCK = 0 };
    const tskl_guest_memory memory = memory_of(caller);
    uint64_t in = argument(values, 0), out = argument(values, 1);
    uint32_t wanted = argument(values, 2), done = 0;
    for (uint32_t i = 0; i < wanted && i < MOST_VECTORS; i++, in += SUBSCRIPTION) {
        tskl_slice subscription;
        char event[EVENT] = {0};
        if (!tskl_guest_read(&memory, in, SUBSCRIPTION, &subscription))
            return answer(values, ERRNO_FAULT);
        memcpy(event, subscription.ptr, 8);
        char tag = subscription.ptr[TAG_AT];
        if (tag != TYPE_CLOCK) event[8] = ERRNO_BADF;
        event[10] = tag;
        if (!tskl_guest_write(&memory, out + (uint64_t)EVENT * done++, (tskl_slice){event, EVENT}))
            return answer(values, ERRNO_FAULT);
    }
    bool written = tskl_guest_write_u32(&memory, argument(values, 3), done);
    return answer(values, written ? SUCCESS : ERRNO_FAULT);
}

HOST_FUNCTION(yield) {
    return answer(values, SUCCESS);
}

HOST_FUNCTION(proc_exit) {
    tskl_instance *instance = tskl_instance_of(caller);
    instance->exited = true;
    instance->exit_code = argument(values, 0);
    return tskl_instance_stop(instance, TSKL_OUTCOME_EXIT, "it called proc_exit(%u)",
                              instance->exit_code);
}

HOST_FUNCTION(proc_raise) {
    return answer(values, ERRNO_NOSYS);
}

static const tskl_host_function functions[] = {
    {"args_get", "ii", "i", args_get},
    {"args_sizes_get", "ii", "i", args_sizes_get},
    {"clock_res_get", "ii", "i", clock_res_get},
    {"clock_time_get", "iIi", "i", clock_time_get},
    {"environ_get", "ii", "i", environ_get},
    {"environ_sizes_get", "ii", "i", environ_sizes_get},
    {"fd_advise", "iIIi", "i", bad_descriptor},
    {"fd_allocate", "iII", "i", bad_descriptor},
    {"fd_close", "i", "i", fd_close},
    {"fd_datasync", "i", "i", bad_descriptor},
    {"fd_fdstat_get", "ii", "i", fd_fdstat_get},
    {"fd_fdstat_set_flags", "ii", "i", bad_descriptor},
    {"fd_fdstat_set_rights", "iII", "i", bad_descriptor},
    {"fd_filestat_get", "ii", "i", bad_descriptor},
    {"fd_filestat_set_size", "iI", "i", bad_descriptor},
    {"fd_filestat_set_times", "iIIi", "i", bad_descriptor},
    {"fd_pread", "iiiIi", "i", bad_descriptor},
    {"fd_prestat_dir_name", "iii", "i", bad_descriptor},
    {"fd_prestat_get", "ii", "i", bad_descriptor},
    {"fd_pwrite", "iiiIi", "i", bad_descriptor},
    {"fd_read", "iiii", "i", fd_read},
    {"fd_readdir", "iiiIi", "i", bad_descriptor},
    {"fd_renumber", "ii", "i", bad_descriptor},
    {"fd_seek", "iIii", "i", fd_seek},
    {"fd_sync", "i", "i", bad_descriptor},
    {"fd_tell", "ii", "i", fd_seek},
    {"fd_write", "iiii", "i", fd_write},
    {"path_create_directory", "iii", "i", not_capable},
    {"path_filestat_get", "iiiii", "i", not_capable},
    {"path_filestat_set_times", "iiiiIIi", "i", not_capable},
    {"path_link", "iiiiiii", "i", not_capable},
    {"path_open", "iiiiiIIii", "i", not_capable},
    {"path_readlink", "iiiiii", "i", not_capable},
    {"path_remove_directory", "iii", "i", not_capable},
    {"path_rename", "iiiiii", "i", not_capable},
    {"path_symlink", "iiiii", "i", not_capable},
    {"path_unlink_file", "iii", "i", not_capable},
    {"poll_oneoff", "iiii", "i", poll_oneoff},
    {"proc_exit", "i", "", proc_exit},
    {"proc_raise", "i", "i", proc_raise},
    {"random_get", "ii", "i", random_get},
    {"sched_yield", "", "i", yield},
    {"sock_accept", "iii", "i", bad_descriptor},
    {"sock_recv", "iiiiii", "i", bad_descriptor},
    {"sock_send", "iiiii", "i", bad_descriptor},
    {"sock_shutdown", "ii", "i", bad_descriptor},
};

const tskl_host_module tskl_host_wasi = {"wasi_snapshot_preview1", functions,
                                         TSKL_COUNT(functions)};
