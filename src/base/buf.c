// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "base/alloc.h"
#include <stdarg.h>
#include <stdio.h>

void tskl_buf_init(tskl_buf *buf, size_t cap) {
    *buf = (tskl_buf){.cap = cap};
}

void tskl_buf_deinit(tskl_buf *buf) {
    tskl_free(buf->ptr);
    *buf = (tskl_buf){0};
}

void tskl_buf_clear(tskl_buf *buf) {
    buf->len = 0;
    buf->failed = false;
}

static bool grow(tskl_buf *buf, size_t need) {
    size_t room = buf->room ? buf->room : 128;
    while (room < need) room *= 2;
    // One byte beyond the cap, for the zero of tskl_buf_cstr.
    if (room > buf->cap) room = buf->cap + 1;
    char *bigger = tskl_realloc(buf->ptr, room);
    if (!bigger) return false;
    buf->ptr = bigger;
    buf->room = room;
    return true;
}

char *tskl_buf_grow(tskl_buf *buf, size_t more) {
    if (buf->failed || more > buf->cap - buf->len ||
        ((more > buf->room - buf->len || !buf->ptr) && !grow(buf, buf->len + more))) {
        buf->failed = true;
        return NULL;
    }
    return buf->ptr + buf->len;
}

void tskl_buf_add(tskl_buf *buf, tskl_slice bytes) {
    if (bytes.len == 0) return;
    char *room = tskl_buf_reserve(buf, bytes.len);
    if (!room) return;
    memcpy(room, bytes.ptr, bytes.len);
    buf->len += bytes.len;
}

void tskl_buf_u64(tskl_buf *buf, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    tskl_buf_add(buf, (tskl_slice){digits + at, sizeof digits - at});
}

void tskl_buf_printf(tskl_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    // Mostly there is room already, and the first try is the last.
    size_t left = buf->ptr && !buf->failed ? buf->room - buf->len : 0;
    int len = vsnprintf(left ? buf->ptr + buf->len : NULL, left, format, args);
    va_end(args);
    // vsnprintf writes a zero behind the text: asked for, but not counted.
    bool fits = len >= 0 && !buf->failed && (size_t)len <= buf->cap - buf->len;
    bool written = fits && left > (size_t)len;
    if (fits && !written && grow(buf, buf->len + (size_t)len + 1)) {
        vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, again);
        written = true;
    }
    if (written)
        buf->len += (size_t)len;
    else
        buf->failed = true;
    va_end(again);
}

void tskl_buf_truncate(tskl_buf *buf, size_t len) {
    if (len < buf->len) buf->len = len;
}

const char *tskl_buf_cstr(tskl_buf *buf) {
    if (!buf->ptr || buf->len == buf->room) {
        if (!grow(buf, buf->len + 1)) return "";
    }
    buf->ptr[buf->len] = 0;
    return buf->ptr;
}
