// SPDX-License-Identifier: Apache-2.0
#include "framing.h"

#include <string.h>
#include <strings.h>

enum { NO_CONTENT = 204, NOT_MODIFIED = 304, FIRST_FINAL = 200 };
enum { SIZE, AFTER_SIZE, DATA, AFTER_DATA };

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void end_size_line(tskl_framing *framing) {
    framing->state = DATA;
    // The chunk of no bytes is the last; trailers are no part of the body.
    if (framing->left == 0) framing->complete = true;
}

static void next_of_size(tskl_framing *framing, char c) {
    int digit = framing->state == SIZE ? hex_digit(c) : -1;
    if (digit >= 0)
        framing->left = framing->left << 4 | (unsigned)digit;
    else if (c == '\n')
        end_size_line(framing);
    else
        framing->state = AFTER_SIZE;
}

/** What is not body, one byte at a time: a few of them go with each chunk. */
static void next_of_frame(tskl_framing *framing, char c) {
    if (framing->state != AFTER_DATA)
        next_of_size(framing, c);
    else if (c == '\n')
        framing->state = SIZE;
}

static tskl_slice cut(tskl_slice *data, uint64_t length) {
    tskl_slice part = {data->ptr, length < data->len ? (size_t)length : data->len};
    *data = (tskl_slice){data->ptr + part.len, data->len - part.len};
    return part;
}

static bool take_of_chunk(tskl_framing *framing, tskl_slice *data, tskl_slice *part) {
    while (data->len > 0 && !framing->complete && framing->state != DATA)
        next_of_frame(framing, *cut(data, 1).ptr);
    if (data->len == 0 || framing->complete) return false;
    *part = cut(data, framing->left);
    framing->left -= part->len;
    if (framing->left == 0) framing->state = AFTER_DATA;
    return true;
}

static void count(tskl_framing *framing, uint64_t size) {
    if (framing->kind != TSKL_FRAMING_LENGTH) return;
    framing->left -= size;
    if (framing->left == 0) framing->complete = true;
}

bool tskl_framing_take(tskl_framing *framing, tskl_slice *data, tskl_slice *part) {
    *part = (tskl_slice){0};
    if (framing->complete || data->len == 0) return false;
    if (framing->kind == TSKL_FRAMING_CHUNKED) return take_of_chunk(framing, data, part);
    *part = cut(data, framing->kind == TSKL_FRAMING_LENGTH ? framing->left : data->len);
    count(framing, part->len);
    return true;
}

/** The value of the first header of that name, which is in lower case; empty when there is none. */
static tskl_slice header(tskl_slice lines, const char *name) {
    size_t length = strlen(name);
    while (lines.len > 0) {
        const char *newline = memchr(lines.ptr, '\n', lines.len);
        size_t line = newline ? (size_t)(newline - lines.ptr) + 1 : lines.len;
        if (line > length && lines.ptr[length] == ':' && !strncasecmp(lines.ptr, name, length))
            return (tskl_slice){lines.ptr + length + 1, line - length - 1};
        lines = (tskl_slice){lines.ptr + line, lines.len - line};
    }
    return (tskl_slice){0};
}

bool tskl_framing_is_chunked(tskl_slice headers) {
    static const char word[] = "chunked";
    tskl_slice value = header(headers, "transfer-encoding");
    for (size_t i = 0; i + sizeof word - 1 <= value.len; i++)
        if (!strncasecmp(value.ptr + i, word, sizeof word - 1)) return true;
    return false;
}

static bool read_length(tskl_slice headers, uint64_t *out) {
    tskl_slice value = header(headers, "content-length");
    size_t i = 0, first;
    while (i < value.len && value.ptr[i] == ' ') i++;
    *out = 0;
    for (first = i; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9' && i < first + 18;
         i++)
        *out = *out * 10 + (unsigned)(value.ptr[i] - '0');
    return i > first;
}

tskl_framing tskl_framing_of_response(int status, tskl_slice headers, bool raw, bool bodiless) {
    tskl_framing framing = {0};
    uint64_t length;
    if (bodiless || status == NO_CONTENT || status == NOT_MODIFIED || status < FIRST_FINAL) {
        framing.complete = true;
    } else if (header(headers, "transfer-encoding").len > 0) {
        bool chunked = raw && tskl_framing_is_chunked(headers);
        framing.kind = chunked ? TSKL_FRAMING_CHUNKED : TSKL_FRAMING_NONE;
    } else if (read_length(headers, &length)) {
        framing = (tskl_framing){.kind = TSKL_FRAMING_LENGTH, .left = length};
        framing.complete = length == 0;
    }
    return framing;
}
