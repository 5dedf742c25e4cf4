// A guest that does what its input says: calls of its host, in any order and with any numbers.
// SPDX-License-Identifier: Apache-2.0
typedef int i32;
typedef long long i64;
typedef unsigned char byte;

// X(module, name, result, parameters, arguments): each function that a guest may import. Two new
// ones go to their module's end: the corpus knows them by their place.
#define A (i64) argument()
#define B (i32) argument()
#define FUNCTIONS(GIVES, ONLY)                                                                     \
    GIVES("extism:host/env", alloc, i64, (i64), (A))                                               \
    ONLY("extism:host/env", free, void, (i64), (A))                                                \
    GIVES("extism:host/env", length, i64, (i64), (A))                                              \
    GIVES("extism:host/env", length_unsafe, i64, (i64), (A))                                       \
    GIVES("extism:host/env", load_u8, i32, (i64), (A))                                             \
    GIVES("extism:host/env", load_u64, i64, (i64), (A))                                            \
    ONLY("extism:host/env", store_u8, void, (i64, i32), (A, B))                                    \
    ONLY("extism:host/env", store_u64, void, (i64, i64), (A, A))                                   \
    GIVES("extism:host/env", input_length, i64, (void), ())                                        \
    GIVES("extism:host/env", input_offset, i64, (void), ())                                        \
    GIVES("extism:host/env", input_load_u8, i32, (i64), (A))                                       \
    GIVES("extism:host/env", input_load_u64, i64, (i64), (A))                                      \
    ONLY("extism:host/env", input_set, void, (i64, i64), (A, A))                                   \
    ONLY("extism:host/env", output_set, void, (i64, i64), (A, A))                                  \
    GIVES("extism:host/env", output_length, i64, (void), ())                                       \
    GIVES("extism:host/env", output_offset, i64, (void), ())                                       \
    ONLY("extism:host/env", error_set, void, (i64), (A))                                           \
    GIVES("extism:host/env", error_get, i64, (void), ())                                           \
    ONLY("extism:host/env", reset, void, (void), ())                                               \
    GIVES("extism:host/env", memory_bytes, i64, (void), ())                                        \
    GIVES("extism:host/env", config_get, i64, (i64), (A))                                          \
    GIVES("extism:host/env", var_get, i64, (i64), (A))                                             \
    ONLY("extism:host/env", var_set, void, (i64, i64), (A, A))                                     \
    GIVES("extism:host/env", http_request, i64, (i64, i64), (A, A))                                \
    GIVES("extism:host/env", http_status_code, i32, (void), ())                                    \
    GIVES("extism:host/env", http_headers, i64, (void), ())                                        \
    ONLY("extism:host/env", log_trace, void, (i64), (A))                                           \
    ONLY("extism:host/env", log_debug, void, (i64), (A))                                           \
    ONLY("extism:host/env", log_info, void, (i64), (A))                                            \
    ONLY("extism:host/env", log_warn, void, (i64), (A))                                            \
    ONLY("extism:host/env", log_error, void, (i64), (A))                                           \
    GIVES("extism:host/env", get_log_level, i32, (void), ())                                       \
    GIVES("wasi_snapshot_preview1", args_get, i32, (i32, i32), (B, B))                             \
    GIVES("wasi_snapshot_preview1", args_sizes_get, i32, (i32, i32), (B, B))                       \
    GIVES("wasi_snapshot_preview1", clock_res_get, i32, (i32, i32), (B, B))                        \
    GIVES("wasi_snapshot_preview1", clock_time_get, i32, (i32, i64, i32), (B, A, B))               \
    GIVES("wasi_snapshot_preview1", environ_get, i32, (i32, i32), (B, B))                          \
    GIVES("wasi_snapshot_preview1", environ_sizes_get, i32, (i32, i32), (B, B))                    \
    GIVES("wasi_snapshot_preview1", fd_advise, i32, (i32, i64, i64, i32), (B, A, A, B))            \
    GIVES("wasi_snapshot_preview1", fd_allocate, i32, (i32, i64, i64), (B, A, A))                  \
    GIVES("wasi_snapshot_preview1", fd_close, i32, (i32), (B))                                     \
    GIVES("wasi_snapshot_preview1", fd_datasync, i32, (i32), (B))                                  \
    GIVES("wasi_snapshot_preview1", fd_fdstat_get, i32, (i32, i32), (B, B))                        \
    GIVES("wasi_snapshot_preview1", fd_fdstat_set_flags, i32, (i32, i32), (B, B))                  \
    GIVES("wasi_snapshot_preview1", fd_fdstat_set_rights, i32, (i32, i64, i64), (B, A, A))         \
    GIVES("wasi_snapshot_preview1", fd_filestat_get, i32, (i32, i32), (B, B))                      \
    GIVES("wasi_snapshot_preview1", fd_filestat_set_size, i32, (i32, i64), (B, A))                 \
    GIVES("wasi_snapshot_preview1", fd_filestat_set_times, i32, (i32, i64, i64, i32),              \
          (B, A, A, B))                                                                            \
    GIVES("wasi_snapshot_preview1", fd_pread, i32, (i32, i32, i32, i64, i32), (B, B, B, A, B))     \
    GIVES("wasi_snapshot_preview1", fd_prestat_dir_name, i32, (i32, i32, i32), (B, B, B))          \
    GIVES("wasi_snapshot_preview1", fd_prestat_get, i32, (i32, i32), (B, B))                       \
    GIVES("wasi_snapshot_preview1", fd_pwrite, i32, (i32, i32, i32, i64, i32), (B, B, B, A, B))    \
    GIVES("wasi_snapshot_preview1", fd_read, i32, (i32, i32, i32, i32), (B, B, B, B))              \
    GIVES("wasi_snapshot_preview1", fd_readdir, i32, (i32, i32, i32, i64, i32), (B, B, B, A, B))   \
    GIVES("wasi_snapshot_preview1", fd_renumber, i32, (i32, i32), (B, B))                          \
    GIVES("wasi_snapshot_preview1", fd_seek, i32, (i32, i64, i32, i32), (B, A, B, B))              \
    GIVES("wasi_snapshot_preview1", fd_sync, i32, (i32), (B))                                      \
    GIVES("wasi_snapshot_preview1", fd_tell, i32, (i32, i32), (B, B))                              \
    GIVES("wasi_snapshot_preview1", fd_write, i32, (i32, i32, i32, i32), (B, B, B, B))             \
    GIVES("wasi_snapshot_preview1", path_create_directory, i32, (i32, i32, i32), (B, B, B))        \
    GIVES("wasi_snapshot_preview1", path_filestat_get, i32, (i32, i32, i32, i32, i32),             \
          (B, B, B, B, B))                                                                         \
    GIVES("wasi_snapshot_preview1", path_filestat_set_times, i32,                                  \
          (i32, i32, i32, i32, i64, i64, i32), (B, B, B, B, A, A, B))                              \
    GIVES("wasi_snapshot_preview1", path_link, i32, (i32, i32, i32, i32, i32, i32, i32),           \
          (B, B, B, B, B, B, B))                                                                   \
    GIVES("wasi_snapshot_preview1", path_open, i32, (i32, i32, i32, i32, i32, i64, i64, i32, i32), \
          (B, B, B, B, B, A, A, B, B))                                                             \
    GIVES("wasi_snapshot_preview1", path_readlink, i32, (i32, i32, i32, i32, i32, i32),            \
          (B, B, B, B, B, B))                                                                      \
    GIVES("wasi_snapshot_preview1", path_remove_directory, i32, (i32, i32, i32), (B, B, B))        \
    GIVES("wasi_snapshot_preview1", path_rename, i32, (i32, i32, i32, i32, i32, i32),              \
          (B, B, B, B, B, B))                                                                      \
    GIVES("wasi_snapshot_preview1", path_symlink, i32, (i32, i32, i32, i32, i32), (B, B, B, B, B)) \
    GIVES("wasi_snapshot_preview1", path_unlink_file, i32, (i32, i32, i32), (B, B, B))             \
    GIVES("wasi_snapshot_preview1", poll_oneoff, i32, (i32, i32, i32, i32), (B, B, B, B))          \
    ONLY("wasi_snapshot_preview1", proc_exit, void, (i32), (B))                                    \
    GIVES("wasi_snapshot_preview1", proc_raise, i32, (i32), (B))                                   \
    GIVES("wasi_snapshot_preview1", random_get, i32, (i32, i32), (B, B))                           \
    GIVES("wasi_snapshot_preview1", sched_yield, i32, (void), ())                                  \
    GIVES("wasi_snapshot_preview1", sock_accept, i32, (i32, i32, i32), (B, B, B))                  \
    GIVES("wasi_snapshot_preview1", sock_recv, i32, (i32, i32, i32, i32, i32, i32),                \
          (B, B, B, B, B, B))                                                                      \
    GIVES("wasi_snapshot_preview1", sock_send, i32, (i32, i32, i32, i32, i32), (B, B, B, B, B))    \
    GIVES("wasi_snapshot_preview1", sock_shutdown, i32, (i32, i32), (B, B))

#define DECLARE(module, name, result, parameters, arguments)                                       \
    __attribute__((import_module(module), import_name(#name))) result guest_##name parameters;
FUNCTIONS(DECLARE, DECLARE)

enum { SCRIPT_MAX = 4096, KEPT = 8 };
static byte script[SCRIPT_MAX];
static unsigned size, at, count;
static i64 kept[KEPT]; // what was answered last

static byte next(void) {
    return at < size ? script[at++] : 0;
}

// A small number, any number, an earlier answer, or one near it: what the two lowest bits say.
static i64 argument(void) {
    byte how = next();
    i64 number = how >> 2;
    if ((how & 3) == 0) return number;
    if ((how & 3) == 1) {
        for (int i = 0; i < 8; i++) number = number << 8 | next();
        return number;
    }
    number = kept[number % KEPT];
    return (how & 3) == 2 ? number : number + next() - 128;
}

static void keep(i64 answer) {
    kept[count++ % KEPT] = answer;
}

enum place {
#define NAME(module, name, result, parameters, arguments) place_##name,
    FUNCTIONS(NAME, NAME)
#undef NAME
        TEXT, // the next bytes as a block of the kernel
    BYTES,    // or in the guest's own memory
    GROW,
    PLACES,
};

static void write_block(void) {
    byte len = next();
    i64 block = guest_alloc(len);
    for (byte i = 0; i < len; i++) guest_store_u8(block + i, next());
    keep(block);
}

static void write_memory(void) {
    byte *to = (byte *)(unsigned)argument();
    for (byte len = next(); len; len--, to++) {
        byte value = next();
        // Not over itself, nor outside, which would only be a trap.
        if (to >= script + SCRIPT_MAX + 4096 && (unsigned)to < __builtin_wasm_memory_size(0) << 16)
            *to = value;
    }
}

static void step(void) {
    switch ((enum place)(next() % PLACES)) {
#define GIVES(module, name, result, parameters, arguments)                                         \
    case place_##name: keep(guest_##name arguments); break;
#define ONLY(module, name, result, parameters, arguments)                                          \
    case place_##name: guest_##name arguments; break;
        FUNCTIONS(GIVES, ONLY)
    case TEXT: write_block(); break;
    case BYTES: write_memory(); break;
    case GROW: keep((i64)__builtin_wasm_memory_grow(0, (unsigned)argument())); break;
    case PLACES: break;
    }
}

__attribute__((export_name("pre"))) i32 pre(void) {
    i64 input = guest_input_length();
    size = input < SCRIPT_MAX ? (unsigned)input : SCRIPT_MAX;
    for (unsigned i = 0; i < size; i++) script[i] = (byte)guest_input_load_u8(i);
    at = count = 0;
    while (at < size) step();
    return 0;
}
