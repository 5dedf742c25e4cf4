// SPDX-License-Identifier: Apache-2.0
#include "base/slice.h"
#include "harness.h"

TEST(slice, cuts_never_reach_past_its_ends) {
    tskl_slice s = TSKL_S("abcdef");
    CHECK_TEXT(TSKL_S("cdef"), tskl_slice_from(s, 2));
    CHECK_TEXT(TSKL_S(""), tskl_slice_from(s, 7));
    CHECK_TEXT(TSKL_S("ab"), tskl_slice_first(s, 2));
    CHECK_TEXT(s, tskl_slice_first(s, SIZE_MAX));
    CHECK_TEXT(TSKL_S("ef"), tskl_slice_last(s, 2));
    CHECK_TEXT(s, tskl_slice_last(s, 7));
    CHECK_TEXT(TSKL_S(""), tskl_slice_from((tskl_slice){NULL, 0}, 3));
}

TEST(slice, sorts_the_shorter_first) {
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"", "", 0}, {"", "a", -1}, {"a", "ab", -1}, {"b", "ab", 1}, {"\xff", "a", 1},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        int order = tskl_slice_compare(tskl_slice_of(rows[i].a), tskl_slice_of(rows[i].b));
        CHECK_ROW(i, (order > 0) - (order < 0) == rows[i].order);
    }
}

TEST(slice, folds_the_case_of_ascii_only) {
    CHECK(tskl_slice_equal_nocase(TSKL_S("Content-TYPE"), TSKL_S("content-type")));
    CHECK(!tskl_slice_equal_nocase(TSKL_S("\xc3\x84"), TSKL_S("\xc3\xa4")));
    CHECK(!tskl_slice_equal_nocase(TSKL_S("a"), TSKL_S("ab")));
    CHECK(tskl_slice_starts_nocase(TSKL_S("Bearer x"), TSKL_S("bearer ")));
    CHECK(!tskl_slice_starts_nocase(TSKL_S("Bear"), TSKL_S("bearer")));
}

TEST(slice, knows_how_it_begins_and_ends) {
    CHECK(tskl_slice_starts(TSKL_S("abc"), TSKL_S("ab")) &&
          !tskl_slice_starts(TSKL_S("a"), TSKL_S("ab")));
    CHECK(tskl_slice_ends(TSKL_S("abc"), TSKL_S("bc")) &&
          !tskl_slice_ends(TSKL_S("c"), TSKL_S("bc")));
    CHECK(tskl_slice_starts(TSKL_S(""), TSKL_S("")) && tskl_slice_ends(TSKL_S("a"), TSKL_S("")));
}

TEST(slice, finds_bytes_and_parts) {
    tskl_slice s = TSKL_S("a-b-\0c");
    CHECK(tskl_slice_find(s, '-') == 1 && tskl_slice_find(s, 'x') == SIZE_MAX);
    CHECK(tskl_slice_find(s, 0) == 4 && tskl_slice_find((tskl_slice){NULL, 0}, 0) == SIZE_MAX);
    CHECK(tskl_slice_search(s, TSKL_S("b-")) == 2 && tskl_slice_search(s, TSKL_S("")) == 0);
    CHECK(tskl_slice_search(TSKL_S(""), TSKL_S("a")) == SIZE_MAX);
    CHECK(tskl_slice_count(s, '-') == 2);
}

TEST(slice, is_trimmed_of_space_and_line_ends) {
    CHECK_TEXT(TSKL_S("a b"), tskl_slice_trim(TSKL_S(" \t a b\r\n")));
    CHECK_TEXT(TSKL_S(""), tskl_slice_trim(TSKL_S(" \r\n")));
}

TEST(slice, splits_off_one_part_after_another) {
    tskl_slice rest = TSKL_S("a,,b");
    CHECK_TEXT(TSKL_S("a"), tskl_slice_split(&rest, ','));
    CHECK_TEXT(TSKL_S(""), tskl_slice_split(&rest, ','));
    CHECK_TEXT(TSKL_S("b"), tskl_slice_split(&rest, ','));
    CHECK(rest.len == 0);
    CHECK_TEXT(TSKL_S(""), tskl_slice_split(&rest, ','));
}

TEST(slice, reads_lines_of_either_end) {
    tskl_slice rest = TSKL_S("one\r\ntwo\n\nlast");
    CHECK_TEXT(TSKL_S("one"), tskl_slice_line(&rest));
    CHECK_TEXT(TSKL_S("two"), tskl_slice_line(&rest));
    CHECK_TEXT(TSKL_S(""), tskl_slice_line(&rest));
    CHECK_TEXT(TSKL_S("last"), tskl_slice_line(&rest));
    CHECK(rest.len == 0);
}

TEST(slice, reads_whole_numbers_that_fit) {
    static const struct {
        const char *text;
        bool taken;
        uint64_t value;
    } rows[] = {
        {"0", true, 0},
        {"0042", true, 42},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {" 1", false, 0},
        {"1a", false, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        uint64_t value = 7;
        CHECK_ROW(i, tskl_slice_to_u64(tskl_slice_of(rows[i].text), &value) == rows[i].taken);
        CHECK_ROW(i, value == rows[i].value);
    }
}

TEST(slice, becomes_a_c_string_only_when_nothing_is_lost) {
    char room[4];
    CHECK(tskl_slice_to_cstr(TSKL_S("abc"), room, sizeof room) && strcmp(room, "abc") == 0);
    CHECK(!tskl_slice_to_cstr(TSKL_S("abcd"), room, sizeof room) && room[0] == 0);
    CHECK(!tskl_slice_to_cstr(TSKL_S("a\0b"), room, sizeof room) && room[0] == 0);
    CHECK(tskl_slice_to_cstr((tskl_slice){NULL, 0}, room, sizeof room));
}
