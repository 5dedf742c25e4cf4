// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "harness.h"

TEST(utf8, reads_one_character_and_nothing_that_is_none) {
    static const struct {
        const char *text;
        size_t len;
        uint32_t character;
    } rows[] = {
        {"a", 1, 'a'},
        {"\xc3\xa9", 2, 0xe9},
        {"\xe2\x82\xac", 3, 0x20ac},
        {"\xf0\x9f\x98\x80", 4, 0x1f600},
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"", 0, 0},
        {"\x80", 0, 0},             // a tail alone
        {"\xc3", 0, 0},             // cut
        {"\xe2\x82", 0, 0},         // cut
        {"\xc3(", 0, 0},            // no tail
        {"\xc0\xaf", 0, 0},         // overlong
        {"\xe0\x80\xaf", 0, 0},     // overlong
        {"\xf0\x80\x80\xaf", 0, 0}, // overlong
        {"\xed\xa0\x80", 0, 0},     // a surrogate
        {"\xf4\x90\x80\x80", 0, 0}, // past the last one
        {"\xff", 0, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        uint32_t character = 1;
        CHECK_ROW(i, tskl_utf8_next(tskl_slice_of(rows[i].text), &character) == rows[i].len);
        CHECK_ROW(i, rows[i].len == 0 || character == rows[i].character);
    }
}

TEST(utf8, writes_what_it_reads) {
    for (uint32_t c = 0; c <= 0x110000; c += c < 0x3000 ? 1 : 257) {
        char room[5];
        tskl_buf buf = {.ptr = room, .room = sizeof room, .cap = 4};
        tskl_utf8_add(&buf, c);
        uint32_t back;
        size_t len = tskl_utf8_next(tskl_buf_slice(&buf), &back);
        bool none = (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff;
        CHECK_SAY(len == buf.len && back == (none ? 0xfffd : c), "U+%x", (unsigned)c);
    }
}

TEST(utf8, finds_text_that_is_none) {
    CHECK(tskl_utf8_valid(TSKL_S("caf\xc3\xa9 \0 \xf0\x9f\x98\x80")));
    CHECK(!tskl_utf8_valid(TSKL_S("caf\xc3")));
    CHECK(!tskl_utf8_valid(TSKL_S("\xff...")));
}

TEST(utf8, drops_the_part_of_a_character_that_a_cut_left) {
    static const struct {
        const char *text, *whole;
    } rows[] = {
        {"ab", "ab"},
        {"ab\xc3", "ab"},
        {"ab\xf0\x9f\x98", "ab"},
        {"ab\xf0\x9f\x98\x80", "ab\xf0\x9f\x98\x80"},
        {"\xe2\x82", ""},
        {"ab\x80", "ab\x80"}, // not cut: wrong
        {"", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_slice_equal(tskl_utf8_whole(tskl_slice_of(rows[i].text)),
                                      tskl_slice_of(rows[i].whole)));
}

TEST(utf8, shows_what_controls_or_deceives_as_escapes) {
    CLEANUP(tskl_buf_deinit) tskl_buf buf;
    tskl_buf_init(&buf, 256);
    tskl_utf8_add_shown(&buf, TSKL_S("a\x1b[31m\n\xe2\x80\xae\xe2\x80\x8b\xc2\x9b\xff\xc3\xa9"));
    CHECK_TEXT(TSKL_S("a\\u{1b}[31m\\u{a}\\u{202e}\\u{200b}\\u{9b}\xef\xbf\xbd\xc3\xa9"),
               tskl_buf_slice(&buf));
}
