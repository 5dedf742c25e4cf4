// SPDX-License-Identifier: Apache-2.0
#include "recording/call.h"

bool tskl_call_set_body(tskl_call *call, tskl_slice body, tskl_arena *arena) {
    call->part_count = 0;
    if (body.len == 0) return true;
    call->parts = tskl_arena_new(arena, tskl_call_part);
    if (!call->parts) return false;
    *call->parts = (tskl_call_part){.bytes = body, .time_us = call->end_us};
    call->part_count = 1;
    return true;
}

tskl_slice tskl_call_whole_url(tskl_slice url, tskl_arena *arena) {
    size_t scheme = tskl_slice_search(url, TSKL_S("://")), end;
    if (scheme == SIZE_MAX) return url;
    for (end = scheme + 3; end < url.len && !strchr("/?#", url.ptr[end]);) end++;
    if (end == scheme + 3 || (end < url.len && url.ptr[end] == '/')) return url;
    char *whole = tskl_arena_take(arena, url.len + 1);
    if (!whole) return (tskl_slice){NULL, 0};
    memcpy(whole, url.ptr, end);
    whole[end] = '/';
    memcpy(whole + end + 1, url.ptr + end, url.len - end);
    return tskl_slice_make(whole, url.len + 1);
}

size_t tskl_call_size(const tskl_call *call) {
    size_t size = call->request_body.len;
    for (size_t i = 0; i < call->part_count; i++) size += call->parts[i].bytes.len;
    return size;
}

// Brotli has no mark of its own: recorders that keep it raw are not known, so it counts as undone.
static bool begins_as(tskl_slice coding, tskl_slice body) {
    if (tskl_slice_equal_nocase(coding, TSKL_S("gzip")) ||
        tskl_slice_equal_nocase(coding, TSKL_S("x-gzip")))
        return tskl_slice_starts(body, TSKL_S("\x1f\x8b"));
    if (tskl_slice_equal_nocase(coding, TSKL_S("zstd")))
        return tskl_slice_starts(body, TSKL_S("\x28\xb5\x2f\xfd"));
    if (tskl_slice_equal_nocase(coding, TSKL_S("deflate")))
        return body.len > 1 && body.ptr[0] == 0x78 &&
               ((unsigned char)body.ptr[0] * 256u + (unsigned char)body.ptr[1]) % 31u == 0;
    return false;
}

static tskl_slice content_encoding(tskl_slice headers) {
    while (headers.len) {
        tskl_slice line = tskl_slice_line(&headers);
        tskl_slice name = tskl_slice_split(&line, ':');
        if (tskl_slice_equal_nocase(name, TSKL_S("content-encoding"))) return line;
    }
    return (tskl_slice){NULL, 0};
}

bool tskl_call_looks_decoded(const tskl_call *call) {
    tskl_slice codings = content_encoding(call->response_headers), last = codings;
    // The coding put on last is the one that shows.
    while (codings.len) last = tskl_slice_split(&codings, ',');
    if (last.len == 0 || call->part_count == 0) return false;
    return !begins_as(tskl_slice_trim(last), call->parts[0].bytes);
}

static bool is_header_name(tskl_slice name) {
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == ':') return false;
    return name.len > 0;
}

static bool is_line_end(char c) {
    return c == '\r' || c == '\n';
}

void tskl_call_add_header(tskl_buf *lines, tskl_slice name, tskl_slice value) {
    if (!is_header_name(name)) return; // pseudo-headers (":path") among them
    do {
        size_t end = 0;
        while (end < value.len && !is_line_end(value.ptr[end])) end++;
        tskl_buf_add(lines, name);
        tskl_buf_add(lines, TSKL_S(": "));
        tskl_buf_add(lines, tskl_slice_first(value, end));
        tskl_buf_add(lines, TSKL_S("\r\n"));
        while (end < value.len && is_line_end(value.ptr[end])) end++;
        value = tskl_slice_from(value, end);
    } while (value.len);
}
