// SPDX-License-Identifier: Apache-2.0
#include "base/lazy.h"
#include "harness.h"

TEST(lazy, finds_functions_of_a_library) {
    static const char *const names[] = {"ZSTD_isError", "ZSTD_createDCtx"};
    void *found[2] = {NULL};
    CHECK_OK(tskl_lazy_load(TSKL_LAZY_ZSTD, names, found, 2, &t->err));
    CHECK(found[0] && found[1] && found[0] != found[1]);
}

TEST(lazy, names_the_function_a_library_lacks) {
    static const char *const names[] = {"ZSTD_isError", "ZSTD_noSuchThing"};
    void *found[2];
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, tskl_lazy_load(TSKL_LAZY_ZSTD, names, found, 2, &t->err));
    CHECK_HAS(t->err.message, "ZSTD_noSuchThing");
}
