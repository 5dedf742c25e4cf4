// slice: borrowed text or bytes, by value.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_SLICE_H
#define TSKL_BASE_SLICE_H
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <taskless/base.h>

/** A slice of a string literal. */
#define TSKL_S(literal) ((tskl_slice){"" literal, sizeof(literal) - 1})
/** The same, where a static slice is initialized. */
#define TSKL_LIT(literal) {"" literal, sizeof(literal) - 1}
/** For printf: printf("name " TSKL_FMT "\n", TSKL_ARG(name)). */
#define TSKL_FMT "%.*s"
#define TSKL_ARG(slice)                                                                            \
    (int)((slice).len < 4096 ? (slice).len : 4096), ((slice).ptr ? (slice).ptr : "")

/** The slice of a zero-ended string of our own; NULL gives the empty slice. */
static inline tskl_slice tskl_slice_of(const char *text) {
    return (tskl_slice){text, text ? strlen(text) : 0};
}

static inline tskl_slice tskl_slice_make(const void *ptr, size_t len) {
    return (tskl_slice){(const char *)ptr, len};
}

static inline bool tskl_slice_equal(tskl_slice a, tskl_slice b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/** What follows the first `n` bytes; empty when there are fewer. */
static inline tskl_slice tskl_slice_from(tskl_slice s, size_t n) {
    if (n >= s.len) return (tskl_slice){s.ptr ? s.ptr + s.len : NULL, 0};
    return (tskl_slice){s.ptr + n, s.len - n};
}

/** The first `n` bytes, or all where there are fewer. */
static inline tskl_slice tskl_slice_first(tskl_slice s, size_t n) {
    return (tskl_slice){s.ptr, n < s.len ? n : s.len};
}

/** The last `n` bytes, or all where there are fewer. */
static inline tskl_slice tskl_slice_last(tskl_slice s, size_t n) {
    return tskl_slice_from(s, n < s.len ? s.len - n : 0);
}

/** As memcmp on both, the shorter first where one begins the other: for sorting. */
int tskl_slice_compare(tskl_slice a, tskl_slice b);
/** Equal but for the case of ASCII letters. */
bool tskl_slice_equal_nocase(tskl_slice a, tskl_slice b);
bool tskl_slice_starts(tskl_slice s, tskl_slice prefix);
bool tskl_slice_starts_nocase(tskl_slice s, tskl_slice prefix);
bool tskl_slice_ends(tskl_slice s, tskl_slice suffix);
/** The index of the first such byte or part, or SIZE_MAX. */
size_t tskl_slice_find(tskl_slice s, char byte);
size_t tskl_slice_search(tskl_slice s, tskl_slice part);
static inline bool tskl_slice_contains(tskl_slice s, char byte) {
    return tskl_slice_find(s, byte) != SIZE_MAX;
}
size_t tskl_slice_count(tskl_slice s, char byte);
/** Without spaces, tabs and line ends around it. */
tskl_slice tskl_slice_trim(tskl_slice s);
/** What stands before the first `byte`; `*rest` becomes what follows it (empty at the end). */
tskl_slice tskl_slice_split(tskl_slice *rest, char byte);
/** The next line without its "\n" or "\r\n". */
tskl_slice tskl_slice_line(tskl_slice *rest);
/** Reads all of `s` as a decimal number. False: not one, or too large. */
bool tskl_slice_to_u64(tskl_slice s, uint64_t *out);
/** Copies into `room` with a zero behind; false (and an empty string) when it does not fit or
 *  holds a zero byte. */
bool tskl_slice_to_cstr(tskl_slice s, char *room, size_t size);
/** A hash for tables of our own; not for security. */
uint64_t tskl_slice_hash(tskl_slice s);
#endif
