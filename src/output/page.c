// SPDX-License-Identifier: Apache-2.0
#include "output/page.h"
#include "base/utf8.h"

void tskl_page_style(const tskl_page *page, const char *style) {
    if (!page->colour) return;
    tskl_buf_add(page->buf, TSKL_S("\033["));
    tskl_buf_add(page->buf, tskl_slice_of(style));
    tskl_buf_byte(page->buf, 'm');
}

void tskl_page_say(const tskl_page *page, const char *style, const char *words) {
    if (style) tskl_page_style(page, style);
    tskl_buf_add(page->buf, tskl_slice_of(words));
    if (style) tskl_page_style(page, NULL);
}

static bool is_break(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void add_line(tskl_buf *buf, tskl_slice text) {
    text = tskl_slice_trim(text);
    while (text.len > 0) {
        size_t len = 0;
        while (len < text.len && !is_break(text.ptr[len])) len++;
        tskl_utf8_add_shown(buf, tskl_slice_first(text, len));
        if (len < text.len) tskl_buf_byte(buf, ' ');
        while (len < text.len && is_break(text.ptr[len])) len++;
        text = tskl_slice_from(text, len);
    }
}

void tskl_page_show(const tskl_page *page, const char *style, tskl_slice text, size_t max) {
    tskl_slice part = text.len > max ? tskl_utf8_whole(tskl_slice_first(text, max)) : text;
    if (style) tskl_page_style(page, style);
    add_line(page->buf, part);
    if (part.len < text.len) tskl_buf_add(page->buf, TSKL_S("..."));
    if (style) tskl_page_style(page, NULL);
}

// Terminals read a link's address up to an escape: it must be plain ASCII, without spaces.
static bool is_linkable(tskl_slice url) {
    if (!tskl_slice_starts(url, TSKL_S("https://"))) return false;
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] <= ' ' || url.ptr[i] >= 0x7f) return false;
    return true;
}

void tskl_page_link(const tskl_page *page, const char *style, tskl_slice url) {
    enum { URL_MAX = 2048 };
    bool linked = page->colour && url.len <= URL_MAX && is_linkable(url);
    if (linked) {
        tskl_buf_add(page->buf, TSKL_S("\033]8;;"));
        tskl_buf_add(page->buf, url);
        tskl_buf_add(page->buf, TSKL_S("\033\\"));
    }
    tskl_page_show(page, style, url, URL_MAX);
    if (linked) tskl_buf_add(page->buf, TSKL_S("\033]8;;\033\\"));
}

static void add_two(tskl_buf *buf, int64_t whole, const char *unit, int64_t part,
                    const char *part_unit) {
    tskl_buf_printf(buf, "%lld %s", (long long)whole, unit);
    if (part > 0) tskl_buf_printf(buf, " %lld %s", (long long)part, part_unit);
}

static void add_tenths(tskl_buf *buf, int64_t tenths, const char *unit) {
    tskl_buf_u64(buf, (uint64_t)tenths / 10);
    if (tenths % 10) tskl_buf_printf(buf, ".%lld", (long long)(tenths % 10));
    tskl_buf_printf(buf, " %s", unit);
}

void tskl_page_duration(const tskl_page *page, int64_t us) {
    int64_t ms = us / 1000, s = ms / 1000;
    if (us < 0) us = ms = s = 0;
    if (us < 10 * 1000)
        add_tenths(page->buf, us / 100, "ms");
    else if (ms < 1000)
        add_two(page->buf, ms, "ms", 0, "");
    else if (s < 60)
        add_tenths(page->buf, ms / 100, "s");
    else if (s < 3600)
        add_two(page->buf, s / 60, "min", s % 60, "s");
    else
        add_two(page->buf, s / 3600, "h", s % 3600 / 60, "min");
}

static bool begins_character(char byte) {
    return ((unsigned char)byte & 0xc0) != 0x80;
}

// Characters, not cells: wide ones count as one, which no URL of an API has.
size_t tskl_page_width(const tskl_page *page, size_t start) {
    size_t width = 0;
    for (size_t i = start; i < page->buf->len; i++) width += begins_character(page->buf->ptr[i]);
    return width;
}

void tskl_page_pad(const tskl_page *page, size_t start, size_t width) {
    for (size_t w = tskl_page_width(page, start); w < width; w++) tskl_buf_byte(page->buf, ' ');
}

// Where the character number `column` from `start` begins.
static size_t offset_of(const tskl_page *page, size_t start, size_t column) {
    size_t at = start;
    while (at < page->buf->len) {
        if (begins_character(page->buf->ptr[at]) && column-- == 0) break;
        at++;
    }
    return at;
}

void tskl_page_cut_middle(const tskl_page *page, size_t start, size_t width, size_t keep) {
    enum { DOTS = 3, END_LEAST = 8 };
    size_t whole = tskl_page_width(page, start);
    if (whole <= width || width < DOTS || page->buf->failed) return;
    size_t shown = width - DOTS, left = shown / 2;
    if (keep > left && keep + END_LEAST <= shown) left = keep;
    size_t from = offset_of(page, start, left);
    size_t to = offset_of(page, start, whole - (shown - left));
    memset(page->buf->ptr + from, '.', DOTS);
    memmove(page->buf->ptr + from + DOTS, page->buf->ptr + to, page->buf->len - to);
    tskl_buf_truncate(page->buf, page->buf->len - (to - from) + DOTS);
}
