// harness: tests whose names are sentences, each run again with every allocation failing in turn.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_HARNESS_H
#define TSKL_TESTS_HARNESS_H
#include "base/alloc.h"
#include "base/arena.h"
#include "base/status.h"

/** What each test is given. */
typedef struct tskl_test {
    tskl_arena *arena; // emptied after the test
    tskl_error err;
    char folder[64];     // an empty folder of its own, removed after the test; made by TEST_FOLDER
    const char *skipped; // why, where it could not be run
} tskl_test;

typedef struct tskl_test_entry {
    const char *group, *name;
    void (*run)(tskl_test *t);
    bool once; // not with failing allocations: it starts threads or engines
    struct tskl_test_entry *next;
} tskl_test_entry;

void tskl_test_register(tskl_test_entry *entry);
/** Notes a failed check; says nothing while allocations are made to fail. */
void tskl_test_failed(tskl_test *t, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/** Makes `t->folder`, once. */
const char *tskl_test_folder(tskl_test *t);
/** Writes a file below `t->folder` and returns its path, in `t->arena`. */
const char *tskl_test_write(tskl_test *t, const char *name, tskl_slice content);
/** What changes the whole process is done in a child: its exit code, which `story` returns; -1
 * where it ended otherwise. */
int tskl_test_in_child(int (*story)(void));

#define TEST_ENTRY_(group_, name_, once_)                                                          \
    static void test_##group_##_##name_(tskl_test *t);                                             \
    __attribute__((constructor)) static void register_##group_##_##name_(void) {                   \
        static tskl_test_entry entry = {#group_, #name_, test_##group_##_##name_, once_, NULL};    \
        tskl_test_register(&entry);                                                                \
    }                                                                                              \
    static void test_##group_##_##name_(TSKL_UNUSED tskl_test *t)

/** TEST(group, says_what_must_hold) { ... } What a body makes it must release on every path:
 *  from t->arena, or by CLEANUP on the variable, because a failed CHECK returns. */
#define TEST(group, name) TEST_ENTRY_(group, name, false)
#define TEST_ONCE(group, name) TEST_ENTRY_(group, name, true)
#define CLEANUP(function) __attribute__((cleanup(function)))

/** Each returns from the test when it does not hold; so use them in the test's own body. */
#define CHECK(condition) CHECK_SAY(condition, "%s", #condition)
#define CHECK_ROW(row, condition) CHECK_SAY(condition, "row %zu: %s", (size_t)(row), #condition)
#define CHECK_SAY(condition, ...)                                                                  \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            tskl_test_failed(t, __FILE__, __LINE__, __VA_ARGS__);                                  \
            return;                                                                                \
        }                                                                                          \
    } while (0)
/** Ends the test, which then counts as skipped, for a reason that is printed. */
#define SKIP(why)                                                                                  \
    do {                                                                                           \
        t->skipped = (why);                                                                        \
        return;                                                                                    \
    } while (0)
#define CHECK_OK(call) CHECK_STATUS(TSKL_OK, call)
#define CHECK_STATUS(expected, call)                                                               \
    do {                                                                                           \
        t->err.message[0] = 0;                                                                     \
        tskl_status got_ = (call);                                                                 \
        CHECK_SAY(got_ == (expected), "%s: %s, not %s: %s", #call, tskl_status_text(got_),         \
                  tskl_status_text(expected), t->err.message);                                     \
    } while (0)
#define CHECK_TEXT(expected, got)                                                                  \
    do {                                                                                           \
        tskl_slice expected_ = (expected), got_ = (got);                                           \
        CHECK_SAY(tskl_slice_equal(expected_, got_), "%s is\n  " TSKL_FMT "\nnot\n  " TSKL_FMT,    \
                  #got, TSKL_ARG(got_), TSKL_ARG(expected_));                                      \
    } while (0)
#define CHECK_HAS(text, part)                                                                      \
    CHECK_SAY(strstr(text, part), "\"%s\" is not in \"%s\"", part, (const char *)(text))
#endif
