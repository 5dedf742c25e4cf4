// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "page.h"
#include <stdlib.h>

// What is written to a stream in memory, read back.
#define WRITTEN(code)                                                                              \
    char *text_ = NULL;                                                                            \
    size_t size_ = 0;                                                                              \
    FILE *to = open_memstream(&text_, &size_);                                                     \
    CHECK(to);                                                                                     \
    code;                                                                                          \
    fclose(to);                                                                                    \
    tskl_slice written;                                                                            \
    bool copied_ = tskl_arena_copy(t->arena, tskl_slice_make(text_, size_), &written);             \
    free(text_);                                                                                   \
    CHECK(copied_)

#define TEN "123456789 "

TEST(page, breaks_lines_before_the_eightieth_column) {
    WRITTEN(tskl_page_wrap(to, TSKL_S(TEN TEN TEN TEN TEN TEN TEN "1234567890 end"), 4, 0));
    CHECK_TEXT(TSKL_S(TEN TEN TEN TEN TEN TEN TEN "1234567890\n    end\n"), written);
}

TEST(page, leaves_a_word_alone_that_no_line_has_room_for) {
    WRITTEN(tskl_page_wrap(to,
                           TSKL_S("see " TEN "12345678901234567890123456789012345678901234567890"
                                  "123456789012345678901234567890 end"),
                           2, 0));
    CHECK_TEXT(TSKL_S("see 123456789\n  12345678901234567890123456789012345678901234567890"
                      "123456789012345678901234567890\n  end\n"),
               written);
}

// Without memory a row may lose its text, but never shows what is not escaped.
TEST_ONCE(page, shows_rows_with_what_controls_escaped) {
    const tskl_page page = {NULL, false, 0};
    WRITTEN(tskl_page row_page = page; row_page.to = to;
            tskl_page_row(&row_page, TSKL_GOOD, "name", "an \033[2J escape");
            tskl_page_row(&row_page, TSKL_BAD, "a name that is long", "text"));
    CHECK_TEXT(TSKL_S("  name          an \\u{1b}[2J escape\n  a name that is long\n"
                      "                text\n"),
               written);
}
