// A struct of a caller with another header: what of it is read, and what is not.
// SPDX-License-Identifier: Apache-2.0
#include "base/sized.h"
#include "harness.h"

typedef struct known {
    size_t size;
    long first, second;
} known;

typedef struct later {
    known known;
    long third;
    char fourth;
} later;

TEST(sized, reads_nothing_that_an_older_caller_does_not_have) {
    known given = {offsetof(known, second), 1, 99}, got;
    CHECK_OK(tskl_sized_read(&given, &got, sizeof got, "options", &t->err));
    CHECK(got.first == 1 && got.second == 0);
    given.size = sizeof given.size;
    CHECK_OK(tskl_sized_read(&given, &got, sizeof got, "options", &t->err));
    CHECK(got.first == 0 && got.second == 0);
    given.size = offsetof(known, second) + 1; // in the middle of a member
    CHECK_OK(tskl_sized_read(&given, &got, sizeof got, "options", &t->err));
    CHECK(got.second == 99);
}

TEST(sized, takes_a_newer_callers_struct_while_it_asks_for_nothing_new) {
    later given = {.known = {sizeof given, 1, 2}};
    known got;
    CHECK_OK(tskl_sized_read(&given, &got, sizeof got, "options", &t->err));
    CHECK(got.first == 1 && got.second == 2);
    given.fourth = 1;
    CHECK_STATUS(TSKL_ERR_UNSUPPORTED,
                 tskl_sized_read(&given, &got, sizeof got, "options", &t->err));
    CHECK_HAS(t->err.message, "does not know");
}

TEST(sized, believes_no_size_that_nobody_can_have_set) {
    known given = {.first = 1}, got;
    static const size_t sizes[] = {0, 1, sizeof(size_t) - 1, 4097, SIZE_MAX};
    for (size_t i = 0; i < TSKL_COUNT(sizes); i++) {
        given.size = sizes[i];
        CHECK_STATUS(TSKL_ERR_INVALID,
                     tskl_sized_read(&given, &got, sizeof got, "options", &t->err));
        CHECK_ROW(i, got.first == 0);
        CHECK_HAS(t->err.message, "options.size");
    }
}
