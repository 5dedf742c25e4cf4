// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "harness.h"

static const struct {
    const char *plain, *text;
} rows[] = {
    {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xfb\xff\xbf", "+/+/"},
};

TEST(base64, writes_rfc_4648) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 64);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_buf_clear(&buf);
        tskl_base64_add(&buf, tskl_slice_of(rows[i].plain));
        CHECK_TEXT(tskl_slice_of(rows[i].text), tskl_buf_slice(&buf));
    }
}

TEST(base64, reads_what_it_writes) {
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice plain;
        CHECK_OK(tskl_base64_decode(tskl_slice_of(rows[i].text), t->arena, &plain, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].plain), plain);
    }
}

TEST(base64, passes_over_white_space) {
    tskl_slice plain;
    CHECK_OK(tskl_base64_decode(TSKL_S(" Zm\r\n9v\tZg == "), t->arena, &plain, &t->err));
    CHECK_TEXT(TSKL_S("foof"), plain);
}

TEST(base64, names_the_byte_it_refuses) {
    static const char *const wrong[] = {"Zm9v!", "Zg=", "Zg===", "Zg==Zg==", "Z", "====", "Zm8"};
    for (size_t i = 0; i < TSKL_COUNT(wrong); i++) {
        tskl_slice plain = TSKL_S("x");
        tskl_status status = tskl_base64_decode(tskl_slice_of(wrong[i]), t->arena, &plain, &t->err);
        CHECK_ROW(i, status == TSKL_ERR_SYNTAX && plain.len == 0);
    }
    tskl_slice plain;
    CHECK_STATUS(TSKL_ERR_SYNTAX, tskl_base64_decode(TSKL_S("Zm9v!"), t->arena, &plain, &t->err));
    CHECK_HAS(t->err.message, "byte 5");
}
