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

static void have_them_again(bool *guard) {
    tskl_lazy_none = *guard;
}

TEST(lazy, names_the_package_of_a_library_that_is_missing) {
    static const struct {
        tskl_lazy_library library;
        const char *name, *says;
    } rows[] = {
        {TSKL_LAZY_YAML, "yaml_parser_parse", "libyaml-0.so.2 is missing: install the package "},
        {TSKL_LAZY_CURL, "curl_easy_init", "libcurl.so.4 is missing: install the package libcurl4"},
        {TSKL_LAZY_ARCHIVE, "archive_read_new", "install the package libarchive13"},
    };
    CLEANUP(have_them_again) bool guard = false;
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        void *found[1] = {&found};
        tskl_lazy_none = true;
        CHECK_STATUS(TSKL_ERR_UNAVAILABLE,
                     tskl_lazy_load(rows[i].library, &rows[i].name, found, 1, &t->err));
        CHECK_HAS(t->err.message, rows[i].says);
        CHECK_ROW(i, !found[0]);
        tskl_lazy_none = false;
        CHECK_OK(tskl_lazy_load(rows[i].library, &rows[i].name, found, 1, &t->err));
        CHECK_ROW(i, found[0]);
    }
}
