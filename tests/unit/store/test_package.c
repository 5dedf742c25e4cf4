// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "store/package.h"
#include "store/tar.h"
#include <sys/stat.h>

#define MANIFEST TSKL_S("{\"schema\":\"pre2\"}")
#define WASM TSKL_S("\0asm\1\0\0\0")

TEST(package, is_the_same_from_a_folder_and_a_bundle) {
    const tar_entry entries[] = {
        {.name = "config.json", .content = TSKL_S("{}")},
        {.name = "manifest.json", .content = MANIFEST},
        {.name = "pack.wasm", .content = WASM},
    };
    tskl_test_write(t, "manifest.json", MANIFEST);
    tskl_test_write(t, "config.json", TSKL_S("{}"));
    tskl_test_write(t, "pack.wasm", WASM);
    tskl_test_write(t, "README.md", TSKL_S("beside the three"));
    const char *bundle = tskl_test_write(t, "pack.tgz", tar_make_gzip(entries, 3, t->arena));
    const char *paths[] = {tskl_test_folder(t), bundle};
    for (size_t i = 0; i < 2; i++) {
        tskl_package package;
        CHECK_OK(tskl_package_read(paths[i], t->arena, &package, &t->err));
        CHECK_TEXT(MANIFEST, package.manifest);
        CHECK_TEXT(TSKL_S("{}"), package.configuration);
        CHECK_TEXT(WASM, package.wasm);
        CHECK_ROW(i, (package.bundle.hex[0] != 0) == (i == 1));
    }
}

TEST(package, needs_no_configuration) {
    const tar_entry entries[] = {
        {.name = "manifest.json", .content = MANIFEST},
        {.name = "pack.wasm", .content = WASM},
    };
    tskl_package package;
    CHECK_OK(tskl_package_unpack(tar_make(entries, 2, t->arena), t->arena, &package, &t->err));
    CHECK(package.configuration.len == 0);
}

TEST(package, names_the_file_that_is_missing) {
    tskl_package package;
    CHECK_STATUS(TSKL_ERR_NOT_FOUND,
                 tskl_package_read(tskl_test_folder(t), t->arena, &package, &t->err));
    CHECK_HAS(t->err.message, "manifest.json is missing");
    tskl_test_write(t, "manifest.json", MANIFEST);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND,
                 tskl_package_read(tskl_test_folder(t), t->arena, &package, &t->err));
    CHECK_HAS(t->err.message, "pack.wasm is missing");
    CHECK(!package.manifest.ptr);
}

TEST(package, leaves_the_older_schema_to_the_manifests_reader) {
    tskl_package package;
    tskl_test_write(t, "manifest.json", TSKL_S("{\"schema\":\"pre1\",\"module\":\"\"}"));
    CHECK_OK(tskl_package_read(tskl_test_folder(t), t->arena, &package, &t->err));
}

TEST(package, does_not_read_a_file_that_others_may_write) {
    tskl_package package;
    tskl_test_write(t, "manifest.json", MANIFEST);
    const char *wasm = tskl_test_write(t, "pack.wasm", WASM);
    CHECK(chmod(wasm, 0666) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED,
                 tskl_package_read(tskl_test_folder(t), t->arena, &package, &t->err));
    CHECK_HAS(t->err.message, "pack.wasm: not trusted, others may write there");
}

TEST(package, refuses_a_bundle_that_holds_anything_else) {
    static const struct {
        tar_entry entry;
        tskl_status status;
        const char *message;
    } rows[] = {
        {{.name = "../evil"}, TSKL_ERR_SYNTAX, "../evil has no place in a bundle"},
        {{.name = "/etc/passwd"}, TSKL_ERR_SYNTAX, "/etc/passwd has no place in a bundle"},
        {{.name = "a/manifest.json"}, TSKL_ERR_SYNTAX, "a/manifest.json has no place"},
        {{.name = "./pack.wasm"}, TSKL_ERR_SYNTAX, "./pack.wasm has no place"},
        {{.name = "README.md"}, TSKL_ERR_SYNTAX, "README.md has no place"},
        {{.name = "a/", .type = '5'}, TSKL_ERR_SYNTAX, "a/ has no place"},
        {{.name = "pack.wasm", .type = '5'}, TSKL_ERR_SYNTAX, "pack.wasm is not a plain file"},
        {{.name = "pack.wasm", .type = '2'}, TSKL_ERR_SYNTAX, "pack.wasm is not a plain file"},
        {{.name = "pack.wasm", .type = '1'}, TSKL_ERR_SYNTAX, "pack.wasm is not a plain file"},
        {{.name = "pack.wasm", .type = '3'}, TSKL_ERR_SYNTAX, "pack.wasm is not a plain file"},
        {{.name = "manifest.json"}, TSKL_ERR_SYNTAX, "manifest.json is there twice"},
        {{.name = "config.json", .claimed = TSKL_PACKAGE_TEXT_MAX + 1},
         TSKL_ERR_LIMIT,
         "config.json has more than 1048576 bytes"},
        {{.name = "pack.wasm", .claimed = (uint64_t)8 << 30},
         TSKL_ERR_LIMIT,
         "pack.wasm has more than 33554432 bytes"},
        {{.name = "pack.wasm", .claimed = 100000}, TSKL_ERR_SYNTAX, "not a bundle: "},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tar_entry entries[] = {{.name = "manifest.json", .content = MANIFEST}, rows[i].entry};
        tskl_package package;
        CHECK_STATUS(rows[i].status, tskl_package_unpack(tar_make(entries, 2, t->arena), t->arena,
                                                         &package, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(!package.manifest.ptr);
    }
}

TEST(package, refuses_a_bundle_that_is_none_or_cut) {
    const tar_entry entries[] = {
        {.name = "manifest.json", .content = MANIFEST},
        {.name = "pack.wasm", .content = WASM},
    };
    tskl_package package;
    tskl_slice whole = tar_make_gzip(entries, 2, t->arena);
    CHECK_STATUS(TSKL_ERR_SYNTAX,
                 tskl_package_unpack(TSKL_S("not a tar"), t->arena, &package, &t->err));
    for (size_t len = 0; len < whole.len; len += 7)
        CHECK(tskl_package_unpack(tskl_slice_first(whole, len), t->arena, &package, &t->err));
}
