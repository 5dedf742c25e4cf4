// page: facts for a person, as rows of a name and what is to be said of it, in lines that a
// terminal of 80 columns shows whole.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PAGE_H
#define TSKL_CLI_PAGE_H
#include "base/slice.h"
#include <stdio.h>

typedef struct tskl_page {
    FILE *to;
    bool colour;
    int name_columns; // 0: 14
} tskl_page;

/** How a row is to be taken. */
typedef enum tskl_mood { TSKL_PLAIN, TSKL_GOOD, TSKL_NOTE, TSKL_BAD } tskl_mood;

/** Writes words, which begin at column `at`, and a line end: lines break before column 80, and
 *  further ones begin at `indent`. */
void tskl_page_wrap(FILE *to, tskl_slice text, int indent, int at);
/** What controls or deceives is escaped in all of them. */
void tskl_page_title(const tskl_page *page, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void tskl_page_heading(const tskl_page *page, const char *text);
/** "  name          text", whose further lines stand under its first. The mood colours the name. */
void tskl_page_row(const tskl_page *page, tskl_mood mood, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#endif
