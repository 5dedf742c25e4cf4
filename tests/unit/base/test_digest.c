// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"
#include "harness.h"
#include <stdio.h>

static const char empty_hex[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(digest, is_sha_256) {
    CHECK(strcmp(tskl_sha256_of(TSKL_S("")).hex, empty_hex) == 0);
    CHECK(strcmp(tskl_sha256_of((tskl_slice){NULL, 0}).hex, empty_hex) == 0);
    CHECK(strcmp(tskl_sha256_of(TSKL_S("abc")).hex,
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0);
}

TEST(digest, is_read_with_its_prefix_or_without) {
    tskl_sha256 plain, prefixed, upper;
    char text[72];
    CHECK(tskl_sha256_parse(tskl_slice_of(empty_hex), &plain));
    snprintf(text, sizeof text, "sha256:%s", empty_hex);
    CHECK(tskl_sha256_parse(tskl_slice_of(text), &prefixed));
    for (size_t i = 7; text[i]; i++)
        if (text[i] >= 'a') text[i] = (char)(text[i] - 0x20);
    CHECK(tskl_sha256_parse(tskl_slice_of(text), &upper));
    CHECK(tskl_sha256_equal(&plain, &prefixed) && tskl_sha256_equal(&plain, &upper));
    tskl_sha256 other = tskl_sha256_of(TSKL_S("x"));
    CHECK(!tskl_sha256_equal(&plain, &other));
}

TEST(digest, is_not_read_from_other_text) {
    static const char *const rows[] = {
        "",
        "sha256:",
        "sha256:abc",
        "sha512:e3b0",
        "g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_sha256 out = {"x"};
        CHECK_ROW(i, !tskl_sha256_parse(tskl_slice_of(rows[i]), &out) && out.hex[0] == 0);
    }
}

TEST(digest, checksums_differ_by_content_and_by_use) {
    tskl_checksum a = tskl_checksum_of(TSKL_S("cache"), TSKL_S("code"));
    tskl_checksum same = tskl_checksum_of(TSKL_S("cache"), TSKL_S("code"));
    tskl_checksum content = tskl_checksum_of(TSKL_S("cache"), TSKL_S("codf"));
    tskl_checksum use = tskl_checksum_of(TSKL_S("other"), TSKL_S("code"));
    CHECK(memcmp(&a, &same, sizeof a) == 0);
    CHECK(memcmp(&a, &content, sizeof a) != 0 && memcmp(&a, &use, sizeof a) != 0);
}
