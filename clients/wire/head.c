// head: reads request line and header lines; what they mean is the library's to say.
// SPDX-License-Identifier: Apache-2.0
#include "head.h"

#include <string.h>
#include <strings.h>

static tskl_slice slice(const char *from, const char *to) {
    return (tskl_slice){from, (size_t)(to - from)};
}

/** Cuts `rest` after its first line; the line comes back without its end. */
static tskl_slice take_line(tskl_slice *rest) {
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    tskl_slice line = {rest->ptr, len};
    size_t used = end ? len + 1 : len;
    *rest = (tskl_slice){rest->ptr + used, rest->len - used};
    if (line.len > 0 && line.ptr[line.len - 1] == '\r') line.len--;
    return line;
}

static bool read_request_line(tskl_slice line, tskl_head *out) {
    const char *end = line.ptr + line.len;
    const char *first = memchr(line.ptr, ' ', line.len);
    if (!first) return false;
    // The target ends at the last blank: node:http lets a path through that has one inside.
    const char *last = memrchr(first + 1, ' ', (size_t)(end - first - 1));
    if (!last) return false;
    out->method = slice(line.ptr, first);
    out->target = slice(first + 1, last);
    return out->method.len > 0 && out->target.len > 0;
}

static bool is_host_line(tskl_slice line) {
    return line.len >= 5 && line.ptr[4] == ':' && strncasecmp(line.ptr, "host", 4) == 0;
}

static tskl_slice trimmed(const char *from, const char *end) {
    while (from < end && (*from == ' ' || *from == '\t')) from++;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t')) end--;
    return slice(from, end);
}

bool tskl_head_read(tskl_slice text, tskl_head *out) {
    *out = (tskl_head){0};
    tskl_slice rest = text;
    if (rest.len == 0 || !read_request_line(take_line(&rest), out)) return false;

    const char *start = rest.ptr;
    const char *end = start;
    while (rest.len > 0) {
        tskl_slice line = take_line(&rest);
        if (line.len == 0) break;
        end = rest.ptr;
        if (!out->host.ptr && is_host_line(line))
            out->host = trimmed(line.ptr + 5, line.ptr + line.len);
    }
    out->headers = slice(start, end);
    return true;
}

bool tskl_head_is_absolute(tskl_slice target) {
    return (target.len > 7 && strncasecmp(target.ptr, "http://", 7) == 0) ||
           (target.len > 8 && strncasecmp(target.ptr, "https://", 8) == 0);
}
