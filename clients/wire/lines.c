// SPDX-License-Identifier: Apache-2.0
#include "lines.h"

#include <stdlib.h>
#include <string.h>

static bool reserve(tskl_lines *lines, size_t more) {
    size_t needed = lines->len + more, capacity = lines->capacity ? lines->capacity : 1024;
    if (needed <= lines->capacity) return true;
    while (capacity < needed) capacity *= 2;
    char *grown = realloc(lines->ptr, capacity);
    if (!grown) return false;
    lines->ptr = grown;
    lines->capacity = capacity;
    return true;
}

bool tskl_lines_add(tskl_lines *lines, tskl_slice text) {
    if (!reserve(lines, text.len)) return false;
    if (text.len > 0) memcpy(lines->ptr + lines->len, text.ptr, text.len);
    lines->len += text.len;
    return true;
}

// Whether a line ends at `at` for good: what begins with white space goes on with it (RFC
// 9112 5.2).
static bool ends_line(const char *at, const char *end) {
    char next = at + 1 < end ? at[1] : 0;
    return *at == '\r' ? next != '\n' : next != ' ' && next != '\t';
}

// A folded value stays one, and the library unfolds it; none may become a line of its own.
static void add_flat(tskl_lines *lines, tskl_slice text) {
    static const char ends[] = "\r\n";
    char *start = lines->ptr + lines->len, *end = start + text.len;
    if (text.len > 0) memcpy(start, text.ptr, text.len);
    lines->len += text.len;
    for (const char *c = ends; *c; c++)
        for (char *at = start; (at = memchr(at, *c, (size_t)(end - at))); at++)
            if (ends_line(at, end)) *at = ' ';
}

bool tskl_lines_add_field(tskl_lines *lines, tskl_slice name, tskl_slice value) {
    if (!reserve(lines, name.len + value.len + 4)) return false;
    add_flat(lines, name);
    tskl_lines_add(lines, (tskl_slice){": ", 2});
    add_flat(lines, value);
    tskl_lines_add(lines, (tskl_slice){"\r\n", 2});
    return true;
}

tskl_slice tskl_lines_slice(const tskl_lines *lines) {
    return (tskl_slice){lines->ptr, lines->len};
}
