// page: text for a terminal: styles, links, widths, and nothing from outside that could act on it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_PAGE_H
#define TSKL_OUTPUT_PAGE_H
#include "base/buf.h"

/** The parameters of "\033[...m". */
#define TSKL_PAGE_DIM "2"
#define TSKL_PAGE_BOLD "1"
#define TSKL_PAGE_GOOD "32"
#define TSKL_PAGE_NOTE "33"
#define TSKL_PAGE_OTHER "36"
#define TSKL_PAGE_BAD "1;31"

typedef struct tskl_page {
    tskl_buf *buf;
    bool colour;
    size_t columns; // of a line
} tskl_page;

/** Switches to a style; NULL ends it. Nothing without colour. */
void tskl_page_style(const tskl_page *page, const char *style);
/** Words of ours. */
void tskl_page_say(const tskl_page *page, const char *style, const char *words);
/** Text from outside, at most `max` bytes of it, on one line: line ends and tabs become a space,
 *  what controls or deceives is escaped, what is cut ends with "...". */
void tskl_page_show(const tskl_page *page, const char *style, tskl_slice text, size_t max);
/** A URL: a hyperlink with colour and where it is a plain https: one, else text. */
void tskl_page_link(const tskl_page *page, const char *style, tskl_slice url);
/** "4.2 ms", "184 ms", "1.5 s", "2 min 5 s", "3 h 10 min". */
void tskl_page_duration(const tskl_page *page, int64_t us);
/** Columns that the text from `start` on takes; styles are not counted: write it without. */
size_t tskl_page_width(const tskl_page *page, size_t start);
/** Adds spaces until the text from `start` on takes `width` columns. */
void tskl_page_pad(const tskl_page *page, size_t start, size_t width);
/** Cuts the middle out of what was written from `start` on, so that it takes at most `width`
 *  columns, and keeps its first `keep` ones where there is room for them. */
void tskl_page_cut_middle(const tskl_page *page, size_t start, size_t width, size_t keep);
#endif
