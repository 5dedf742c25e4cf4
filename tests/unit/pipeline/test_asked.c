// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pipeline/asked.h"
#include "pipeline/helper.h"

TEST(asked, has_what_several_packs_share_compiled_once) {
    tskl_asked asked;
    tskl_sha256 engine = tskl_sha256_of(TSKL_S("engine")), pack = tskl_sha256_of(TSKL_S("pack"));
    const int64_t start_us = 5000000, later_us = start_us + TSKL_HELPER_SECONDS * 1000000ll;
    tskl_asked_init(&asked);
    CHECK(!tskl_asked_before(&asked, &engine, start_us));
    CHECK(tskl_asked_before(&asked, &engine, start_us + 1));
    CHECK(!tskl_asked_before(&asked, &pack, start_us));
    CHECK(tskl_asked_before(&asked, &engine, later_us));
    CHECK(!tskl_asked_before(&asked, &engine, later_us + 1)); // nobody is at it any more
    CHECK(tskl_asked_before(&asked, &engine, later_us + 2));
    tskl_asked_forget(&asked, &engine);
    CHECK(!tskl_asked_before(&asked, &engine, later_us + 3));
    CHECK(tskl_asked_before(&asked, &pack, start_us));
    tskl_asked_deinit(&asked);
}

TEST(asked, asks_again_where_there_are_more_than_it_remembers) {
    tskl_asked asked;
    tskl_asked_init(&asked);
    for (uint32_t i = 0; i < TSKL_ASKED_MAX; i++) {
        tskl_sha256 digest = tskl_sha256_of(tskl_slice_make(&i, sizeof i));
        CHECK(!tskl_asked_before(&asked, &digest, 1));
    }
    tskl_sha256 another = tskl_sha256_of(TSKL_S("another"));
    CHECK(!tskl_asked_before(&asked, &another, 1));
    CHECK(!tskl_asked_before(&asked, &another, 1));
    tskl_asked_deinit(&asked);
}
