// The rows of Extism's own tests of its host (runtime.rs, issues.rs) that a Pack can meet, and what
// its host gets wrong. docs/internals/extism.md says which row is where.
// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "base/thread.h"
#include "guest.h"
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static const tskl_sandbox_limits ample = {
    .time_ms = 60000, .wall_ms = 60000, .memory_mib = 4, .output_kib = 256};

static uint64_t number_of(tskl_slice output) {
    uint64_t number = UINT64_MAX;
    if (output.len == sizeof number) memcpy(&number, output.ptr, sizeof number);
    return number;
}

#define WITH_INSTANCE(limits)                                                                      \
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "runtime");                            \
    tskl_sandbox_host host = guest_host(t);                                                        \
    tskl_instance *instance CLEANUP(guest_close) = NULL;                                           \
    CHECK_SAY(module, "%s", t->err.message);                                                       \
    CHECK_OK(tskl_instance_open(module, &host, &(limits), &instance, &t->err))

// ---- Threads ------------------------------------------------------------------------------------

/** What a thread is given, and whether all went well there. */
typedef struct job {
    tskl_test *t;
    tskl_module *module;
    tskl_instance *shared; // with `lock`
    pthread_mutex_t *lock;
    bool right;
} job;

static bool counts_seven(tskl_instance *instance) {
    tskl_arena arena = {0};
    tskl_slice output;
    tskl_outcome outcome =
        tskl_instance_call(instance, "count_vowels", TSKL_S("this is a test aaa"), &arena, &output);
    bool right = outcome.kind == TSKL_OUTCOME_OK && number_of(output) == 7;
    tskl_arena_reset(&arena);
    return right;
}

static void *count_ten_times(void *user) {
    job *j = user;
    j->right = true;
    for (int i = 0; i < 10; i++) {
        tskl_sandbox_host host = {.seed = {1, 2}};
        tskl_instance *own CLEANUP(guest_close) = NULL;
        pthread_mutex_lock(j->lock);
        j->right &= counts_seven(j->shared);
        pthread_mutex_unlock(j->lock);
        j->right &= tskl_instance_open(j->module, &host, &ample, &own, NULL) == TSKL_OK &&
                    counts_seven(own);
    }
    return NULL;
}

TEST_ONCE(runtime, moves_an_instance_between_threads) {
    enum { THREADS = 3 };
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t threads[THREADS];
    job jobs[THREADS];
    size_t started = 0;
    WITH_INSTANCE(ample);
    for (; started < THREADS; started++) {
        jobs[started] = (job){.t = t, .module = module, .shared = instance, .lock = &lock};
        if (!tskl_thread_start(&threads[started], "counts", count_ten_times, &jobs[started])) break;
    }
    bool right = started == THREADS;
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        right &= jobs[i].right;
    }
    CHECK(right);
}

/** A guest that waits until it is told to go on. */
typedef struct waiter {
    tskl_module *module;
    atomic_bool waits, may_go_on;
    tskl_outcome_kind kind;
} waiter;

static bool tell_to_go_on(void *user, tskl_slice key, tskl_slice *value) {
    (void)key;
    waiter *w = user;
    *value = TSKL_S("go on");
    atomic_store(&w->waits, true);
    return atomic_load(&w->may_go_on);
}

static void *wait_for_word(void *user) {
    waiter *w = user;
    tskl_sandbox_host host = {.user = w, .config_get = tell_to_go_on, .seed = {1, 2}};
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    tskl_arena arena = {0};
    tskl_slice output;
    if (tskl_instance_open(w->module, &host, &ample, &instance, NULL) == TSKL_OK)
        w->kind = tskl_instance_call(instance, "waits", TSKL_S(""), &arena, &output).kind;
    tskl_arena_reset(&arena);
    return NULL;
}

// In libextism the end of one instance's time ends every other instance of the plugin.
TEST_ONCE(runtime, ends_one_instance_and_leaves_the_others) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "runtime");
    waiter other = {.module = module, .kind = TSKL_OUTCOME_ROOM};
    pthread_t thread;
    tskl_outcome_kind ended[5];
    CHECK_SAY(module, "%s", t->err.message);
    CHECK(tskl_thread_start(&thread, "waits", wait_for_word, &other));
    while (!atomic_load(&other.waits)) usleep(100);
    for (size_t i = 0; i < TSKL_COUNT(ended); i++) {
        tskl_slice output;
        ended[i] = guest_call(t, module, "loop_forever", TSKL_S(""), &output).kind;
    }
    atomic_store(&other.may_go_on, true);
    pthread_join(thread, NULL);
    for (size_t i = 0; i < TSKL_COUNT(ended); i++) CHECK_ROW(i, ended[i] == TSKL_OUTCOME_TIME);
    CHECK(other.kind == TSKL_OUTCOME_OK);
}

// ---- State --------------------------------------------------------------------------------------

TEST_ONCE(runtime, keeps_globals_for_100_001_calls_of_one_exchange) {
    tskl_arena arena = {0};
    WITH_INSTANCE(ample);
    for (uint64_t n = 0; n <= 100000; n++) {
        tskl_slice output;
        tskl_outcome outcome = tskl_instance_call(instance, "globals", TSKL_S(""), &arena, &output);
        CHECK_ROW(n, outcome.kind == TSKL_OUTCOME_OK && number_of(output) == n);
    }
    tskl_arena_reset(&arena);
}

static void add_line(void *user, tskl_log_level level, tskl_slice message) {
    (void)level;
    tskl_buf_add(user, message);
}

// libextism makes the main module twice, and its start function runs in both.
TEST_ONCE(runtime, begins_a_module_once_an_exchange) {
    char room[64];
    tskl_buf logged = {.ptr = room, .room = sizeof room, .cap = sizeof room};
    WITH_INSTANCE(ample);
    host.log = add_line;
    host.user = &logged;
    CHECK(logged.len == 0); // nothing runs before the first call
    for (int i = 0; i < 3; i++) {
        tskl_slice output;
        CHECK(tskl_instance_call(instance, "returns_nothing", TSKL_S(""), t->arena, &output).kind ==
              TSKL_OUTCOME_OK);
    }
    CHECK_TEXT(TSKL_S("sc"), tskl_buf_slice(&logged));
}

// 0 under a sanitizer, which keeps what was freed.
static size_t resident_kib(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0;
#endif
    size_t pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%zu %zu", &pages, &resident) != 2) resident = 0;
    fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

TEST_ONCE(runtime, leaves_nothing_behind_when_instances_come_and_go) {
    enum { WARM = 500, CYCLES = 10001, SPARE_KIB = 2048 };
    size_t before = 0;
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "runtime");
    CHECK_SAY(module, "%s", t->err.message);
    for (size_t i = 0; i < WARM + CYCLES; i++) {
        tskl_sandbox_host host = {.seed = {1, 2}};
        tskl_instance *instance CLEANUP(guest_close) = NULL;
        if (i == WARM) before = resident_kib();
        CHECK_OK(tskl_instance_open(module, &host, &ample, &instance, &t->err));
        CHECK_ROW(i, counts_seven(instance));
    }
    size_t after = resident_kib();
    CHECK_SAY(after <= before + SPARE_KIB, "%zu KiB, then %zu KiB", before, after);
}

TEST_ONCE(runtime, gives_back_input_of_each_length_from_1_to_65539) {
    static char bytes[65539];
    tskl_arena arena = {0};
    WITH_INSTANCE(ample);
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 31 + (i >> 8));
    for (size_t size = 1; size <= sizeof bytes; size++) {
        tskl_slice output, input = {bytes, size};
        tskl_outcome outcome = tskl_instance_call(instance, "reflect", input, &arena, &output);
        CHECK_ROW(size, outcome.kind == TSKL_OUTCOME_OK && tskl_slice_equal(input, output));
    }
    tskl_arena_reset(&arena);
}

TEST_ONCE(runtime, bears_kits_that_free_what_the_host_has_freed) {
    tskl_slice output;
    WITH_INSTANCE(ample);
    CHECK(tskl_instance_call(instance, "frees_twice", TSKL_S(""), t->arena, &output).kind ==
          TSKL_OUTCOME_OK);
    CHECK(number_of(output) == 0);
}

// ---- Ends ---------------------------------------------------------------------------------------

TEST_ONCE(runtime, tells_how_a_hook_ended) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail, *output;
    } rows[] = {
        {"returns_nothing", TSKL_OUTCOME_OK, "", ""},
        {"reflect", TSKL_OUTCOME_OK, "", "in"},
        {"returns_three", TSKL_OUTCOME_ERROR, "it returned 3", ""},
        {"sets_error", TSKL_OUTCOME_ERROR, "n", ""},
        {"sets_error_and_returns_three", TSKL_OUTCOME_ERROR, "n", ""},
        {"sets_error_and_traps", TSKL_OUTCOME_TRAP, "n (unreachable)", ""},
        {"sets_error_and_exits", TSKL_OUTCOME_EXIT, "n (it called proc_exit(7))", ""},
        {"clears_error_and_traps", TSKL_OUTCOME_TRAP, "unreachable", ""},
        {"do_unreachable", TSKL_OUTCOME_TRAP, "unreachable", ""},
        {"loop_forever", TSKL_OUTCOME_TIME, "it ran for more than 50 ms", ""},
        {"exits_well", TSKL_OUTCOME_OK, "", ""},
        {"exits", TSKL_OUTCOME_EXIT, "it called proc_exit(7)", ""},
        {"returns_i64", TSKL_OUTCOME_ABI, "a hook takes nothing and returns nothing or an i32", ""},
        {"returns_two", TSKL_OUTCOME_ABI, "a hook takes nothing and returns nothing or an i32", ""},
        {"takes", TSKL_OUTCOME_ABI, "a hook takes nothing and returns nothing or an i32", ""},
        {"is_missing", TSKL_OUTCOME_ABI, "it does not export this hook", ""},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "runtime");
    CHECK_SAY(module, "%s", t->err.message);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = guest_call(t, module, rows[i].hook, TSKL_S("in"), &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "%s: kind %d, " TSKL_FMT, rows[i].hook,
                  (int)outcome.kind, TSKL_ARG(outcome.detail));
        CHECK_TEXT(tskl_slice_of(rows[i].detail), outcome.detail);
        CHECK_TEXT(tskl_slice_of(rows[i].output), output);
        CHECK_ROW(i, guest_call(t, module, "reflect", TSKL_S("next"), &output).kind ==
                         TSKL_OUTCOME_OK);
        CHECK_TEXT(TSKL_S("next"), output);
    }
}

// In libextism growth past the limit ends the call where Wasm promises -1, and so does growth to
// the maximum that a memory declares.
TEST_ONCE(runtime, gives_memory_up_to_its_limit_and_then_minus_one) {
    enum { PAGES = 17 };
    static const struct {
        const char *hook;
        uint32_t memory_mib;
        tskl_outcome_kind kind;
        int64_t grow;
    } rows[] = {
        {"grows_to_its_maximum", 1, TSKL_OUTCOME_MEMORY, -1}, // it begins with more
        {"grows_to_its_maximum", 2, TSKL_OUTCOME_OK, -1},
        {"grows_to_its_maximum", 4, TSKL_OUTCOME_OK, PAGES},
        {"grows_past_its_maximum", 4, TSKL_OUTCOME_OK, -1},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "runtime");
    CHECK_SAY(module, "%s", t->err.message);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_sandbox_host host = guest_host(t);
        tskl_sandbox_limits limits = ample;
        tskl_instance *instance CLEANUP(guest_close) = NULL;
        tskl_slice output;
        limits.memory_mib = rows[i].memory_mib;
        CHECK_OK(tskl_instance_open(module, &host, &limits, &instance, &t->err));
        tskl_outcome outcome =
            tskl_instance_call(instance, rows[i].hook, TSKL_S(""), t->arena, &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "row %zu: kind %d, " TSKL_FMT, i, (int)outcome.kind,
                  TSKL_ARG(outcome.detail));
        CHECK_ROW(i,
                  outcome.kind != TSKL_OUTCOME_OK || number_of(output) == (uint64_t)rows[i].grow);
    }
}
