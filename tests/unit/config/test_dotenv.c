// SPDX-License-Identifier: Apache-2.0
#include "config/dotenv.h"
#include "harness.h"

TEST(dotenv, reads_variables_as_people_write_them) {
    static const struct {
        const char *text, *variable;
    } rows[] = {
        {"A=b", "A=b"},
        {"A=b\r\n", "A=b"},
        {"\xef\xbb\xbf"
         "A=b",
         "A=b"},
        {"# c\n\n  A = b c \n", "A=b c"},
        {"export A=b # c", "A=b"},
        {"A=b#c", "A=b#c"},
        {"A=#c", "A="},
        {"A=", "A="},
        {"A=b=c", "A=b=c"},
        {"A='b # \\n \"c\"'", "A=b # \\n \"c\""},
        {"A=\"b\\n\\t\\\"\\\\\\$c\\q\" # d", "A=b\n\t\"\\$c\\q"},
        {"A=\"b\nc\"\n", "A=b\nc"},
        {"A=$HOME", "A=$HOME"},
        {"A=1\nA=2", "A=2"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_texts out;
        CHECK_OK(tskl_dotenv_parse(tskl_slice_of(rows[i].text), t->arena, &out, &t->err));
        CHECK_ROW(i, out.count == 1);
        CHECK_TEXT(tskl_slice_of(rows[i].variable), out.items[0]);
    }
}

TEST(dotenv, reads_several_in_order) {
    tskl_texts out;
    CHECK_OK(tskl_dotenv_parse(TSKL_S("A=\"1\n2\"\nB=3\n\nC='4'"), t->arena, &out, &t->err));
    CHECK(out.count == 3);
    CHECK_TEXT(TSKL_S("C=4"), out.items[2]);
}

TEST(dotenv, names_the_line_it_refuses) {
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"A=1\nB\n", "line 2: expected NAME=value"},
        {"A=1\n\n1B=2", "line 3: what stands before '=' is not a name"},
        {"A B=1", "line 1: what stands before '=' is not a name"},
        {"=1", "line 1: what stands before '=' is not a name"},
        {"A=1\nB=\"a\nb\nc", "line 2: a quote is not closed"},
        {"A='a' b", "line 1: something stands behind the closing quote"},
        {"A=\"a\nb\" c", "line 2: something stands behind the closing quote"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_texts out;
        CHECK_STATUS(TSKL_ERR_SYNTAX,
                     tskl_dotenv_parse(tskl_slice_of(rows[i].text), t->arena, &out, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(out.count == 0);
    }
}

TEST(dotenv, refuses_a_zero_byte) {
    tskl_texts out;
    CHECK_STATUS(TSKL_ERR_SYNTAX, tskl_dotenv_parse(TSKL_S("A=b\0c"), t->arena, &out, &t->err));
}
