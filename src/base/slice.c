// SPDX-License-Identifier: Apache-2.0
#include "base/slice.h"

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int tskl_slice_compare(tskl_slice a, tskl_slice b) {
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    if (order) return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool tskl_slice_equal_nocase(tskl_slice a, tskl_slice b) {
    return a.len == b.len && tskl_slice_starts_nocase(a, b);
}

bool tskl_slice_starts(tskl_slice s, tskl_slice prefix) {
    return s.len >= prefix.len && tskl_slice_equal(tskl_slice_first(s, prefix.len), prefix);
}

bool tskl_slice_starts_nocase(tskl_slice s, tskl_slice prefix) {
    if (s.len < prefix.len) return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (lower(s.ptr[i]) != lower(prefix.ptr[i])) return false;
    return true;
}

bool tskl_slice_ends(tskl_slice s, tskl_slice suffix) {
    return s.len >= suffix.len && tskl_slice_equal(tskl_slice_last(s, suffix.len), suffix);
}

size_t tskl_slice_find(tskl_slice s, char byte) {
    const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

size_t tskl_slice_search(tskl_slice s, tskl_slice part) {
    if (part.len == 0) return 0;
    const char *hit = s.len ? memmem(s.ptr, s.len, part.ptr, part.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

size_t tskl_slice_count(tskl_slice s, char byte) {
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) count += s.ptr[i] == byte;
    return count;
}

tskl_slice tskl_slice_trim(tskl_slice s) {
    while (s.len && is_space(s.ptr[0])) s = tskl_slice_from(s, 1);
    while (s.len && is_space(s.ptr[s.len - 1])) s.len--;
    return s;
}

tskl_slice tskl_slice_split(tskl_slice *rest, char byte) {
    size_t at = tskl_slice_find(*rest, byte);
    tskl_slice before = tskl_slice_first(*rest, at);
    *rest = at == SIZE_MAX ? tskl_slice_from(*rest, rest->len) : tskl_slice_from(*rest, at + 1);
    return before;
}

tskl_slice tskl_slice_line(tskl_slice *rest) {
    tskl_slice line = tskl_slice_split(rest, '\n');
    if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
    return line;
}

bool tskl_slice_to_u64(tskl_slice s, uint64_t *out) {
    uint64_t value = 0;
    *out = 0;
    if (s.len == 0) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool tskl_slice_to_cstr(tskl_slice s, char *room, size_t size) {
    room[0] = 0;
    if (s.len >= size || tskl_slice_contains(s, 0)) return false;
    if (s.len) memcpy(room, s.ptr, s.len);
    room[s.len] = 0;
    return true;
}

uint64_t tskl_slice_hash(tskl_slice s) {
    uint64_t hash = 14695981039346656037u; // FNV-1a
    for (size_t i = 0; i < s.len; i++) hash = (hash ^ (unsigned char)s.ptr[i]) * 1099511628211u;
    return hash;
}
