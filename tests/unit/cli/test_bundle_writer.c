// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "kit/bundle_writer.h"
#include "store/package.h"

#define MANIFEST TSKL_S("{\"schema\":\"pre2\"}")
#define WASM TSKL_S("\0asm\1\0\0\0")

TEST(bundle_writer, gives_the_same_bytes_in_whatever_order_files_come) {
    tskl_bundle_file files[] = {{"pack.wasm", WASM}, {"manifest.json", MANIFEST}};
    tskl_bundle_file others[] = {{"manifest.json", MANIFEST}, {"pack.wasm", WASM}};
    tskl_buf first CLEANUP(tskl_buf_deinit), second CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&first, 1 << 20);
    tskl_buf_init(&second, 1 << 20);
    CHECK_OK(tskl_bundle_write(files, 2, &first, &t->err));
    CHECK_OK(tskl_bundle_write(others, 2, &second, &t->err));
    CHECK(first.len > 0 && tskl_slice_equal(tskl_buf_slice(&first), tskl_buf_slice(&second)));
}

TEST(bundle_writer, is_read_back_as_what_was_written) {
    char large[3 * 512 + 7];
    for (size_t i = 0; i < sizeof large; i++) large[i] = (char)(i * 7);
    memcpy(large, "\0asm\1\0\0\0", 8);
    tskl_bundle_file files[] = {{"pack.wasm", tskl_slice_make(large, sizeof large)},
                                {"engine.wasm", WASM},
                                {"config.json", TSKL_S("{}")},
                                {"manifest.json", MANIFEST}};
    tskl_package package;
    tskl_buf bundle CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&bundle, 1 << 20);
    CHECK_OK(tskl_bundle_write(files, TSKL_COUNT(files), &bundle, &t->err));
    CHECK_OK(tskl_package_unpack(tskl_buf_slice(&bundle), t->arena, &package, &t->err));
    CHECK_TEXT(MANIFEST, package.manifest);
    CHECK_TEXT(TSKL_S("{}"), package.configuration);
    CHECK(tskl_slice_equal(package.wasm, tskl_slice_make(large, sizeof large)));
    CHECK(package.module_count == 1 && tskl_slice_equal(package.modules[0].wasm, WASM));
}

TEST(bundle_writer, says_when_there_is_no_room) {
    tskl_bundle_file files[] = {{"manifest.json", MANIFEST}};
    tskl_buf bundle CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&bundle, 16);
    CHECK(tskl_bundle_write(files, 1, &bundle, &t->err) != TSKL_OK);
}
