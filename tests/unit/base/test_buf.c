// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "harness.h"

TEST(buf, grows_as_things_are_added) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 4096);
    for (int i = 0; i < 100; i++) {
        tskl_buf_add(&buf, TSKL_S("ab"));
        tskl_buf_byte(&buf, 'c');
    }
    CHECK(!buf.failed && buf.len == 300);
    CHECK_TEXT(TSKL_S("abcabc"), tskl_slice_first(tskl_buf_slice(&buf), 6));
}

TEST(buf, stops_at_its_cap_and_stays_failed) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 5);
    tskl_buf_add(&buf, TSKL_S("abc"));
    tskl_buf_add(&buf, TSKL_S("def"));
    CHECK(buf.failed);
    tskl_buf_byte(&buf, 'x');
    CHECK_TEXT(TSKL_S("abc"), tskl_buf_slice(&buf));
}

TEST(buf, holds_exactly_its_cap_and_a_zero) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 5);
    tskl_buf_add(&buf, TSKL_S("abcde"));
    CHECK(!buf.failed && strcmp(tskl_buf_cstr(&buf), "abcde") == 0);
}

TEST(buf, is_empty_and_whole_again_after_a_clear) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 3);
    tskl_buf_add(&buf, TSKL_S("abcd"));
    tskl_buf_clear(&buf);
    tskl_buf_add(&buf, TSKL_S("xyz"));
    CHECK_TEXT(TSKL_S("xyz"), tskl_buf_slice(&buf));
}

TEST(buf, prints_what_fits_up_to_the_cap) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 8);
    tskl_buf_printf(&buf, "%s", "");
    CHECK(!buf.failed);
    tskl_buf_printf(&buf, "%d-%s", 12, "abcde");
    CHECK_TEXT(TSKL_S("12-abcde"), tskl_buf_slice(&buf));
    tskl_buf_printf(&buf, "%s", "");
    CHECK(!buf.failed);
    tskl_buf_printf(&buf, "x");
    CHECK(buf.failed);
}

TEST(buf, writes_every_unsigned_number) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 64);
    tskl_buf_u64(&buf, 0);
    tskl_buf_byte(&buf, ' ');
    tskl_buf_u64(&buf, UINT64_MAX);
    CHECK_TEXT(TSKL_S("0 18446744073709551615"), tskl_buf_slice(&buf));
}

TEST(buf, takes_back_what_was_too_much) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 64);
    tskl_buf_add(&buf, TSKL_S("abcdef"));
    tskl_buf_truncate(&buf, 2);
    tskl_buf_truncate(&buf, 9);
    CHECK_TEXT(TSKL_S("ab"), tskl_buf_slice(&buf));
}

TEST(buf, never_grows_out_of_room_it_was_lent) {
    char room[8];
    tskl_buf buf = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_buf_add(&buf, TSKL_S("1234567"));
    CHECK(!buf.failed && strcmp(tskl_buf_cstr(&buf), "1234567") == 0);
    tskl_buf_byte(&buf, '8');
    CHECK(buf.failed && buf.ptr == room);
}
