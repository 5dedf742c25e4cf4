// SPDX-License-Identifier: Apache-2.0
#include "base/plain.h"
#include "harness.h"

TEST(plain, ends_at_the_first_byte_that_json_does_not_write_as_it_stands) {
    char text[24];
    for (unsigned byte = 0; byte < 256; byte++) {
        bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
        for (size_t at = 0; at < sizeof text; at++) {
            memset(text, 'a', sizeof text);
            text[at] = (char)byte;
            size_t length = tskl_plain_length((tskl_slice){text, sizeof text});
            CHECK_ROW(byte, length == (plain ? sizeof text : at));
        }
    }
}

TEST(plain, is_not_misled_by_what_stands_behind) {
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"abcdefg!", 8},
        {"!!!\"\x1f\x80\xff\\", 3}, // neighbours of every kind behind the first
        {"abcdefgh~~~~ ~~~\x7f", 16},
        {"#\x21#\x21]\x21[\"", 7},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_plain_length(tskl_slice_of(rows[i].text)) == rows[i].length);
}
