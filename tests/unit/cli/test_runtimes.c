// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "runtimes.h"

TEST(runtimes, puts_the_folder_of_a_client_before_what_was_there) {
    static const struct {
        const char *old, *path, *expected;
    } rows[] = {
        {NULL, "/a/python", "/a/python"},
        {"", "/a/python", "/a/python"},
        {"lib:/b", "/a/python", "/a/python:lib:/b"},
        {"/a/python:/b", "/a/python", "/a/python:/b"},
        {"/a/python", "/a/python", "/a/python"},
        {"/b", "/a b/python", "/a b/python:/b"},
        {"/b", "/a:b/python", "/b"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *got = tskl_runtime_folder(rows[i].old, rows[i].path, t->arena);
        CHECK(got);
        CHECK_TEXT(tskl_slice_of(rows[i].expected), tskl_slice_of(got));
    }
}

TEST(runtimes, requires_the_ruby_client_and_keeps_what_was_there) {
    static const struct {
        const char *old, *path, *expected;
    } rows[] = {
        {NULL, "/a/ruby", "-r/a/ruby/taskless/auto"},
        {"", "/a/ruby", "-r/a/ruby/taskless/auto"},
        {"-w -rset", "/a/ruby", "-r/a/ruby/taskless/auto -w -rset"},
        {"-w -r/a/ruby/taskless/auto", "/a/ruby", "-w -r/a/ruby/taskless/auto"},
        {"-w", "/a:b/ruby", "-r/a:b/ruby/taskless/auto -w"},
        {"-w", "/a b/ruby", "-rtaskless/auto -w"},
        {"-rtaskless/auto", "/a b/ruby", "-rtaskless/auto"},
        {"-w", "/a b:c/ruby", "-w"},
        {NULL, "/a b:c/ruby", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *got = tskl_runtime_ruby(rows[i].old, rows[i].path, t->arena);
        CHECK(got);
        CHECK_TEXT(tskl_slice_of(rows[i].expected), tskl_slice_of(got));
    }
}

TEST(runtimes, puts_the_client_for_libcurl_behind_what_was_there) {
    static const struct {
        const char *old, *file, *expected;
    } rows[] = {
        {NULL, "/a/$LIB/x.so", "/a/$LIB/x.so"},
        {"", "/a/$LIB/x.so", "/a/$LIB/x.so"},
        {"libfirst.so /b.so", "/a/$LIB/x.so", "libfirst.so /b.so:/a/$LIB/x.so"},
        {"/b.so /a/$LIB/x.so", "/a/$LIB/x.so", "/b.so /a/$LIB/x.so"},
        {"/a/$LIB/x.so:/b.so", "/a/$LIB/x.so", "/a/$LIB/x.so:/b.so"},
        {"/a/$LIB/x.so.1", "/a/$LIB/x.so", "/a/$LIB/x.so.1:/a/$LIB/x.so"},
        {"/b.so", "/a b/$LIB/x.so", "/b.so"},
        {NULL, "/a:b/$LIB/x.so", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *got = tskl_runtime_preload(rows[i].old, rows[i].file, t->arena);
        CHECK(got);
        CHECK_TEXT(tskl_slice_of(rows[i].expected), tskl_slice_of(got));
    }
}
