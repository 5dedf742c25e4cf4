// SPDX-License-Identifier: Apache-2.0
#include "page.h"
#include "base/utf8.h"
#include <stdarg.h>

enum { COLUMNS = 80, INDENT = 2, USUAL_NAME_COLUMNS = 14, TEXT_MAX = 8192 };

// Characters, each of one column; a wide one is rare in what is shown here.
static int columns_of(tskl_slice text) {
    int columns = 0;
    for (size_t i = 0; i < text.len; i++) columns += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return columns;
}

static void put(FILE *to, tskl_slice text) {
    fwrite(text.ptr, 1, text.len, to);
}

// Words, as many to a line as fit behind `indent`; a longer one stands alone.
void tskl_page_wrap(FILE *to, tskl_slice text, int indent, int at) {
    bool first = true;
    while (text.len) {
        tskl_slice word = tskl_slice_split(&text, ' ');
        int columns = columns_of(word);
        if (!first && at + 1 + columns > COLUMNS) {
            fprintf(to, "\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            fputc(' ', to);
            at++;
        }
        put(to, word);
        at += columns;
        first = false;
    }
    fputc('\n', to);
}

static void add_shown(tskl_buf *shown, const char *format, va_list args) {
    char text[TEXT_MAX];
    vsnprintf(text, sizeof text, format, args);
    tskl_buf_init(shown, 8 * TEXT_MAX);
    tskl_utf8_add_shown(shown, tskl_slice_of(text));
}

void tskl_page_title(const tskl_page *page, const char *name, const char *format, ...) {
    tskl_buf shown;
    va_list args;
    va_start(args, format);
    add_shown(&shown, format, args);
    va_end(args);
    fprintf(page->to, "%s%s%s%s", page->colour ? "\033[1m" : "", name,
            page->colour ? "\033[0m" : "", shown.len ? "  " : "");
    tskl_page_wrap(page->to, tskl_buf_slice(&shown), INDENT, (int)strlen(name) + 2);
    tskl_buf_deinit(&shown);
}

void tskl_page_heading(const tskl_page *page, const char *text) {
    fprintf(page->to, "\n%s%s%s\n", page->colour ? "\033[1m" : "", text,
            page->colour ? "\033[0m" : "");
}

void tskl_page_row(const tskl_page *page, tskl_mood mood, const char *name, const char *format,
                   ...) {
    static const char *const colours[] = {"", "\033[32m", "\033[33m", "\033[1;31m"};
    const int room = page->name_columns ? page->name_columns : USUAL_NAME_COLUMNS;
    const int indent = INDENT + room;
    tskl_buf shown, shown_name;
    va_list args;
    va_start(args, format);
    add_shown(&shown, format, args);
    va_end(args);
    tskl_buf_init(&shown_name, TEXT_MAX);
    tskl_utf8_add_shown(&shown_name, tskl_slice_of(name));
    int columns = columns_of(tskl_buf_slice(&shown_name));
    bool colour = page->colour && mood != TSKL_PLAIN;
    fprintf(page->to, "%*s%s%s%s", INDENT, "", colour ? colours[mood] : "",
            tskl_buf_cstr(&shown_name), colour ? "\033[0m" : "");
    if (columns + 1 > room)
        fprintf(page->to, "\n%*s", indent, "");
    else
        fprintf(page->to, "%*s", room - columns, "");
    tskl_page_wrap(page->to, tskl_buf_slice(&shown), indent, indent);
    tskl_buf_deinit(&shown);
    tskl_buf_deinit(&shown_name);
}
