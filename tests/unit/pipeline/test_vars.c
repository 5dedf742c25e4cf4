// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pipeline/vars.h"
#include <pthread.h>

static void free_vars(tskl_vars **vars) {
    tskl_vars_free(*vars);
}

TEST(vars, keeps_replaces_and_removes) {
    tskl_vars *vars CLEANUP(free_vars) = NULL;
    tskl_buf value CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&value, TSKL_VARS_MAX);
    CHECK_OK(tskl_vars_new(&vars, &t->err));
    CHECK(tskl_vars_get(vars, TSKL_S("a"), &value) == TSKL_ERR_NOT_FOUND && value.len == 0);
    CHECK_OK(tskl_vars_set(vars, TSKL_S("a"), TSKL_S("one")));
    CHECK_OK(tskl_vars_set(vars, TSKL_S(""), TSKL_S("of no name")));
    CHECK_OK(tskl_vars_set(vars, TSKL_S("a"), TSKL_S("another")));
    CHECK_OK(tskl_vars_set(vars, TSKL_S("empty"), TSKL_S("")));
    CHECK_OK(tskl_vars_get(vars, TSKL_S("a"), &value));
    CHECK_TEXT(TSKL_S("another"), tskl_buf_slice(&value));
    CHECK_OK(tskl_vars_get(vars, TSKL_S(""), &value));
    CHECK_TEXT(TSKL_S("of no name"), tskl_buf_slice(&value));
    CHECK_OK(tskl_vars_get(vars, TSKL_S("empty"), &value));
    CHECK(value.len == 0);
    tskl_vars_remove(vars, TSKL_S("a"));
    tskl_vars_remove(vars, TSKL_S("never there"));
    CHECK(tskl_vars_get(vars, TSKL_S("a"), &value) == TSKL_ERR_NOT_FOUND);
}

TEST(vars, holds_no_more_than_it_may) {
    static char bytes[TSKL_VARS_MAX];
    tskl_vars *vars CLEANUP(free_vars) = NULL;
    const size_t half = TSKL_VARS_MAX / 2 - TSKL_VARS_ENTRY - 1; // with a name of one byte
    CHECK_OK(tskl_vars_new(&vars, &t->err));
    CHECK(tskl_vars_set(vars, TSKL_S("a"), (tskl_slice){bytes, 2 * half + 51}) == TSKL_ERR_LIMIT);
    CHECK_OK(tskl_vars_set(vars, TSKL_S("a"), (tskl_slice){bytes, half}));
    CHECK_OK(tskl_vars_set(vars, TSKL_S("b"), (tskl_slice){bytes, half}));
    CHECK(tskl_vars_set(vars, TSKL_S("c"), TSKL_S("")) == TSKL_ERR_LIMIT);
    // What is replaced makes room: it is not counted beside what takes its place.
    CHECK_OK(tskl_vars_set(vars, TSKL_S("b"), (tskl_slice){bytes, half}));
    CHECK(tskl_vars_set(vars, TSKL_S("b"), (tskl_slice){bytes, half + 1}) == TSKL_ERR_LIMIT);
    CHECK_OK(tskl_vars_set(vars, TSKL_S("b"), (tskl_slice){bytes, half - 49}));
    CHECK_OK(tskl_vars_set(vars, TSKL_S("c"), TSKL_S("")));
}

TEST(vars, holds_thousands_of_the_smallest) {
    tskl_vars *vars CLEANUP(free_vars) = NULL;
    CHECK_OK(tskl_vars_new(&vars, &t->err));
    uint32_t count = 0;
    while (count < 100) {
        CHECK_OK(tskl_vars_set(vars, tskl_slice_make(&count, sizeof count), TSKL_S("")));
        count++;
    }
    for (uint32_t i = 0; i < count; i++) {
        tskl_buf value CLEANUP(tskl_buf_deinit);
        tskl_buf_init(&value, 16);
        CHECK_OK(tskl_vars_get(vars, tskl_slice_make(&i, sizeof i), &value));
    }
}

enum { ROUNDS = 2000 };

// Writes and reads what all others write and read: a value is always a whole one.
static void *write_and_read(void *arg) {
    tskl_vars *vars = arg;
    tskl_buf value;
    size_t torn = 0;
    tskl_buf_init(&value, 64);
    for (int i = 0; i < ROUNDS; i++) {
        tskl_slice text = i % 2 ? TSKL_S("aaaaaaaaaaaaaaaa") : TSKL_S("bbbb");
        if (tskl_vars_set(vars, TSKL_S("k"), text) != TSKL_OK) torn++;
        if (i % 7 == 0) tskl_vars_remove(vars, TSKL_S("k"));
        if (tskl_vars_get(vars, TSKL_S("k"), &value) == TSKL_OK)
            torn += value.len != (value.ptr[0] == 'a' ? 16 : 4);
    }
    tskl_buf_deinit(&value);
    return (void *)(uintptr_t)torn;
}

TEST_ONCE(vars, is_shared_by_workers) {
    tskl_vars *vars CLEANUP(free_vars) = NULL;
    pthread_t threads[3];
    uintptr_t torn = 0;
    CHECK_OK(tskl_vars_new(&vars, &t->err));
    for (size_t i = 0; i < TSKL_COUNT(threads); i++)
        CHECK(pthread_create(&threads[i], NULL, write_and_read, vars) == 0);
    for (size_t i = 0; i < TSKL_COUNT(threads); i++) {
        void *result;
        CHECK(pthread_join(threads[i], &result) == 0);
        torn += (uintptr_t)result;
    }
    CHECK(torn == 0);
}
