// taskless_pdk: all that a Pack in C is written with: its input, a JSON reader, what it answers.
// SPDX-License-Identifier: Apache-2.0
//
// A Pack is a few hooks. Each says what it wants of its input, captures some of it and is done:
//
//     #include "taskless_pdk.h"
//
//     enum { RESPONSE, HEADERS, REQUEST_ID, BODY, ERROR, TYPE, CODE, WANTED };
//     static const char *const wanted[WANTED] = {
//         [RESPONSE] = "response",
//         [HEADERS] = " headers",
//         [REQUEST_ID] = "  x-request-id",
//         [BODY] = " body",
//         [ERROR] = "  error",
//         [TYPE] = "   type",
//         [CODE] = "   code",
//     };
//
//     TSKL_HOOK(post) {
//         tskl_json in[WANTED];
//         tskl_input(wanted, in, WANTED);
//         tskl_capture("error.type", in[TYPE]);
//         tskl_capture("error.code", in[CODE]);
//         tskl_capture("request_id", in[REQUEST_ID]);
//         return tskl_done();
//     }
//
// What a service sends is never what its manual says, so nothing in here fails: a member that is
// not there, is null, is of another type or was cut off is *absent*. An absent value may be given
// to every function; looking into it finds nothing and capturing it does nothing.
//
// There is no C library. One hook has the machine for itself: what it allocates is gone with it.
#ifndef TASKLESS_PDK_H
#define TASKLESS_PDK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#error "taskless_pdk.h is C; a Pack in C++ includes it from a C file of its own"
#endif

#define TSKL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** One copy, however often it is called: what is called from many places would make a Pack large.
 */
#define TSKL_SHARED __attribute__((noinline, unused)) static

// ---- The host: Extism's interface, module `extism:host/env` -------------------------------------

#ifdef __wasm__
#define TSKL_IMPORT(name)                                                                          \
    __attribute__((import_module("extism:host/env"), import_name(#name))) extern
#define TSKL_EXPORT(name) __attribute__((export_name(#name)))
#else
// Built natively, for tests, the host is what the test defines under these names.
#define TSKL_IMPORT(name) extern
#define TSKL_EXPORT(name)
#endif

/** A block of the host's memory, which is not the Pack's own; 0 is none. */
typedef uint64_t extism_handle;

TSKL_IMPORT(alloc) extism_handle extism_alloc(uint64_t size);
TSKL_IMPORT(free) void extism_free(extism_handle block);
TSKL_IMPORT(length_unsafe) uint64_t extism_length(extism_handle block);
TSKL_IMPORT(load_u8) uint32_t extism_load_u8(uint64_t at);
TSKL_IMPORT(store_u8) void extism_store_u8(uint64_t at, uint32_t byte);
TSKL_IMPORT(store_u64) void extism_store_u64(uint64_t at, uint64_t bytes);
TSKL_IMPORT(input_length) uint64_t extism_input_length(void);
TSKL_IMPORT(input_load_u64) uint64_t extism_input_load_u64(uint64_t index);
TSKL_IMPORT(output_set) void extism_output_set(extism_handle block, uint64_t length);
TSKL_IMPORT(error_set) void extism_error_set(extism_handle message);
TSKL_IMPORT(config_get) extism_handle extism_config_get(extism_handle key);
TSKL_IMPORT(log_debug) void extism_log_debug(extism_handle message);
TSKL_IMPORT(log_info) void extism_log_info(extism_handle message);
TSKL_IMPORT(log_warn) void extism_log_warn(extism_handle message);
TSKL_IMPORT(log_error) void extism_log_error(extism_handle message);

/** Begins a hook: TSKL_HOOK(post) { ...; return tskl_done(); } Hooks are pre, post and chunk. */
#define TSKL_HOOK(name)                                                                            \
    TSKL_EXPORT(name) int32_t name(void);                                                          \
    int32_t name(void)

// ---- Memory -------------------------------------------------------------------------------------

#ifdef __wasm__
extern char __heap_base;               // where the linker says that free memory begins
static char *tskl_heap = &__heap_base; // the first free byte

static inline void tskl_heap_reset(void) {
    tskl_heap = &__heap_base;
}

/** `size` bytes that live until the hook ends; NULL when there are no more. */
TSKL_SHARED char *tskl_alloc(size_t size) {
    enum { PAGE = 65536, MOST = 1 << 30 };
    char *at = tskl_heap;
    if (size > MOST) return NULL;
    size_t end = ((size_t)at + size + 7) & ~(size_t)7;
    size_t have = __builtin_wasm_memory_size(0), need = (end + PAGE - 1) / PAGE;
    if (need > have && __builtin_wasm_memory_grow(0, need - have) == SIZE_MAX) return NULL;
    tskl_heap = (char *)end;
    return at;
}
#else
// Each piece is the C library's own here, so that a sanitizer sees where it ends.
#include <stdlib.h>
typedef struct tskl_piece {
    struct tskl_piece *next;
    char bytes[];
} tskl_piece;
static tskl_piece *tskl_heap;

static inline void tskl_heap_reset(void) {
    for (tskl_piece *piece = tskl_heap; piece; piece = tskl_heap) {
        tskl_heap = piece->next;
        free(piece);
    }
}

static inline char *tskl_alloc(size_t size) {
    tskl_piece *piece = (tskl_piece *)malloc(sizeof *piece + size);
    if (!piece) return NULL;
    piece->next = tskl_heap;
    tskl_heap = piece;
    return piece->bytes;
}
#endif

#if defined(__wasm__) && !defined(__wasm_bulk_memory__)
// Without -mbulk-memory the compiler asks a C library for these.
__attribute__((weak)) void *memset(void *to, int byte, size_t count) {
    for (char *at = (char *)to; count > 0; count--) *at++ = (char)byte;
    return to;
}

__attribute__((weak)) void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    const char *bytes = (const char *)from;
    for (char *at = (char *)to; count > 0; count--) *at++ = *bytes++;
    return to;
}
#endif

// A known size makes these one load and one store.
static inline uint64_t tskl_load64(const char *at) {
    uint64_t bytes;
    __builtin_memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

static inline void tskl_store64(char *at, uint64_t bytes) {
    __builtin_memcpy(at, &bytes, sizeof bytes);
}

// ---- Reading JSON -------------------------------------------------------------------------------

/**
 * A value in a JSON text, or absent. It is only a place: nothing is parsed before it is asked for,
 * so a value costs as much as is looked at.
 *
 * The text need not be good JSON; it may be cut off anywhere. It ends with eight zeros, so that a
 * reader stops there and may look at eight bytes at a time.
 */
typedef struct tskl_json {
    const char *at; // its first byte; a zero when it is absent. Never NULL.
} tskl_json;

#define TSKL_NOTHING ((tskl_json){""})

/** What a value is, said by its first byte: `*value.at`; a number has a digit or '-' there. */
enum { TSKL_OBJECT = '{', TSKL_ARRAY = '[', TSKL_STRING = '"', TSKL_TRUE = 't', TSKL_FALSE = 'f' };

static inline bool tskl_is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

static inline bool tskl_is_number(tskl_json value) {
    return *value.at == '-' || tskl_is_digit(*value.at);
}

/** True unless the value is absent, null, or a string with nothing in it. */
static inline bool tskl_is_set(tskl_json value) {
    return *value.at && *value.at != 'n' && !(*value.at == '"' && value.at[1] == '"');
}

/** The first that is set. */
TSKL_SHARED tskl_json tskl_or(tskl_json value, tskl_json other) {
    return tskl_is_set(value) ? value : other;
}

/** Past white space. */
TSKL_SHARED const char *tskl_skip_space(const char *at) {
    while ((unsigned char)(*at - 1) < ' ') at++;
    return at;
}

/** From inside a string to its closing quote, or to the zero when there is none. Most of what a
 * hook is given are strings that it skips: eight bytes at a time. */
TSKL_SHARED const char *tskl_skip_string(const char *at) {
    const uint64_t ones = 0x0101010101010101u;
    for (;;) {
        uint64_t zero = tskl_load64(at), quote = zero ^ ones * '"', slash = zero ^ ones * '\\';
        // Where a byte was zero its high bit is left; the lowest of them is sure.
        uint64_t found = (zero - ones) & ~zero;
        found |= (quote - ones) & ~quote;
        found |= (slash - ones) & ~slash;
        found &= ones << 7;
        at += found ? __builtin_ctzll(found) / 8 : 8;
        if (!found) continue;
        if (*at != '\\') return at;
        at += at[1] ? 2 : 1; // with what it escapes, unless the text ends here
    }
}

/** Past a value; onto the zero when it was cut off. */
TSKL_SHARED const char *tskl_skip(const char *at) {
    for (int depth = 0; *at; at++) {
        char brace = *at | 0x20; // '[' and '{' differ by this bit, and so do ']' and '}'
        depth += (brace == '{') - (brace == '}');
        if (depth < 0) return at; // behind a number or a word, at the end of what it stands in
        if (*at == '"') at = tskl_skip_string(at + 1);
        if (!*at) break;
        if (depth > 0) continue;
        if (brace == '}' || *at == '"' || at[1] == ',' || (unsigned char)at[1] <= ' ')
            return at + 1;
    }
    return at;
}

/** Past the value at `at`, a `mark` and the white space around it; "" when that is not there. */
TSKL_SHARED const char *tskl_behind(const char *at, char mark) {
    at = tskl_skip_space(tskl_skip(at));
    return *at == mark ? tskl_skip_space(at + 1) : "";
}

/**
 * Walks the members of an object or the items of an array, in their order:
 *
 *     for (tskl_walk it = tskl_walk_of(list); tskl_next(&it);) use(it.name, it.value);
 *
 * In an array `name` is absent, but for an item that is itself ["name", value]: lists of headers
 * are written that way, and are walked and searched as objects are. `item` is then the pair.
 */
typedef struct tskl_walk {
    tskl_json name, value, item;
    const char *first; // the first item; then item.at is where the walk stands
    bool is_object;
} tskl_walk;

static inline tskl_walk tskl_walk_of(tskl_json container) {
    bool is_container = (*container.at | 0x20) == '{';
    return (tskl_walk){.first = is_container ? tskl_skip_space(container.at + 1) : "",
                       .is_object = *container.at == TSKL_OBJECT};
}

/** Steps to the next member or item. False at the end, and where the text cannot be read on. */
static inline bool tskl_next(tskl_walk *walk) {
    // The last value is skipped only now: who has found what he sought never pays for it.
    const char *at = walk->item.at ? tskl_behind(walk->item.at, ',') : walk->first;
    if ((*at | 0x20) == '}' || *at == ',') at = "";
    const char *name = walk->is_object ? at : *at == '[' ? tskl_skip_space(at + 1) : "";
    const char *value = *name == '"' ? tskl_behind(name, walk->is_object ? ':' : ',') : "";
    walk->name.at = *value ? name : "";
    walk->value.at = *value ? value : at;
    walk->item.at = walk->is_object ? value : at;
    return *walk->item.at;
}

/** True when a text, which ends at a zero, begins so. */
TSKL_SHARED bool tskl_starts(const char *text, const char *with) {
    while (*with && *text == *with) text++, with++;
    return !*with;
}

/** True when the value is this string. The two are compared as they are written: a sender that
 *  escapes plain letters is not understood. */
TSKL_SHARED bool tskl_is(tskl_json value, const char *text) {
    const char *at = value.at;
    if (*at++ != '"') return false;
    while (*text && *at == *text) at++, text++;
    return !*text && *at == '"';
}

/** A name in a tree of what is wanted, without the spaces that say how deep it stands. */
TSKL_SHARED const char *tskl_name(const char *wanted) {
    while (*wanted == ' ') wanted++;
    return wanted;
}

/** Takes what is wanted of the members of the container at `at`, and of theirs. Returns past the
 *  container: no byte is read twice. */
TSKL_SHARED const char *tskl_take(const char *at, const char *const *wanted, tskl_json *values,
                                  size_t count, size_t depth) {
    bool is_object = *at == TSKL_OBJECT;
    if (!is_object && *at != TSKL_ARRAY) return tskl_skip(at);
    // What is wanted of this container stands at least so deep; all that is listed is deep enough
    // for the byte before to be there.
    size_t within = 0;
    while (within < count && (!depth || wanted[within][depth - 1] == ' ')) within++;
    at = tskl_skip_space(at + 1);
    while (*at && (*at | 0x20) != '}') {
        // A member, a pair as headers are, or any other item: then its name is "0".
        tskl_json name = {is_object ? at : *at == '[' ? tskl_skip_space(at + 1) : ""};
        const char *value = *name.at == '"' ? tskl_behind(name.at, is_object ? ':' : ',') : "";
        const char *end = NULL;
        bool is_pair = *value && !is_object;
        if (!*value) name.at = "\"0\"", value = at;

        char first = name.at[1];
        for (size_t i = 0; i < within; i++) {
            if (wanted[i][depth] != first || *values[i].at) continue;
            if (!tskl_is(name, wanted[i] + depth)) continue;
            values[i].at = value;
            end = tskl_take(value, wanted + i + 1, values + i + 1, within - i - 1, depth + 1);
            break;
        }
        if (is_pair || !end) end = tskl_skip(is_pair ? at : value);
        at = tskl_skip_space(end);
        if (*at != ',') break;
        at = tskl_skip_space(at + 1);
    }
    return *at ? at + 1 : at;
}

/**
 * Takes values out of an object, all in one walk. What is wanted is a tree of names, those that are
 * wanted of a value behind it and one space further in; `values` are in the same order:
 *
 *     enum { STATUS, CHOICES, CHOICE, FINISH_REASON, WANTED };
 *     static const char *const wanted[WANTED] = {
 *         [STATUS] = "status",
 *         [CHOICES] = "choices",
 *         [CHOICE] = " 0",
 *         [FINISH_REASON] = "  finish_reason",
 *     };
 *
 * A name is that of a member, or of a header; "0" is the first item of an array. Of several of the
 * same name the first counts.
 */
TSKL_SHARED void tskl_pick(tskl_json from, const char *const *wanted, tskl_json *values,
                           size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = TSKL_NOTHING;
    tskl_take(from.at, wanted, values, count, 0);
}

/** The member, or header, of that name. */
static inline tskl_json tskl_get(tskl_json from, const char *name) {
    tskl_json value;
    tskl_pick(from, &name, &value, 1);
    return value;
}

// ---- Texts of a Pack's own: what it decoded, or took out of a string ----------------------------

/** Room for a text, with the zeros behind it that readers need. NULL when memory is out. */
TSKL_SHARED char *tskl_text_alloc(size_t length) {
    char *text = tskl_alloc(length + 8);
    if (text) tskl_store64(text + length, 0);
    return text;
}

TSKL_SHARED const char *tskl_skip_digits(const char *at) {
    while (tskl_is_digit(*at)) at++;
    return at;
}

/** How many bytes the character at `at` has in UTF-8; 0 when it is none. */
static inline int tskl_utf8_length(const char *at) {
    unsigned first = (unsigned char)at[0], second = (unsigned char)at[1];
    int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    // Written longer than needed, a surrogate, or past the last character.
    unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (length > 1 && (second < least || second > most || first > 0xf4)) return 0;
    for (int i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return length;
}

/** Four hexadecimal digits, or -1. */
TSKL_SHARED int32_t tskl_hex4(const char *at) {
    int32_t number = 0;
    for (const char *end = at + 4; at < end; at++) {
        char letter = (*at | 0x20) - 'a';
        if (!tskl_is_digit(*at) && (unsigned char)letter > 5) return -1;
        number = number << 4 | (tskl_is_digit(*at) ? *at - '0' : letter + 10);
    }
    return number;
}

/** How many bytes at `at` may stand in a JSON string: a character or an escape; 0 when they may
 *  not. */
TSKL_SHARED int tskl_clean_length(const char *at) {
    if (*at != '\\') return (unsigned char)*at < ' ' ? 0 : tskl_utf8_length(at);
    if (at[1] == 'u') return tskl_hex4(at + 2) < 0 ? 0 : 6;
    for (const char *known = "\"\\/bfnrt"; *known; known++)
        if (at[1] == *known) return 2;
    return 0;
}

/** Past a number as JSON writes it, but for an exponent; NULL when it is none. */
TSKL_SHARED const char *tskl_skip_number(const char *at) {
    const char *digits = at += *at == '-';
    at = tskl_skip_digits(at);
    if (at == digits || (*digits == '0' && at > digits + 1)) return NULL;
    if (*at != '.') return at;
    digits = ++at;
    at = tskl_skip_digits(at);
    return at == digits ? NULL : at;
}

/** True when `at` has a number or a word of JSON up to `end`. */
static inline bool tskl_is_scalar(const char *at, const char *end) {
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < TSKL_COUNT(words); i++) {
        const char *word = words[i], *letter = at;
        while (letter < end && *letter == *word) letter++, word++;
        if (letter == end && !*word) return true;
    }
    return tskl_skip_number(at) == end;
}

/**
 * The value that a text of tskl_text_alloc begins with. What may not stand in JSON becomes white
 * space first: values are captured as they stand, the host has checked its own input, and it takes
 * nothing from a Pack that is not good JSON and good UTF-8.
 */
TSKL_SHARED tskl_json tskl_read(char *text) {
    bool in_string = false;
    for (char *at = text; *at;) {
        bool is_mark = *at == ',' || *at == ':' || (*at | 0x20) == '{' || (*at | 0x20) == '}';
        size_t length = 1;
        bool is_clean = true;
        if (*at == '"') {
            in_string = !in_string;
        } else if (in_string) {
            int clean = tskl_clean_length(at);
            is_clean = clean > 0;
            length = is_clean ? (size_t)clean : 1;
        } else if (!is_mark && (unsigned char)*at > ' ') {
            length = (size_t)(tskl_skip(at) - at);
            is_clean = tskl_is_scalar(at, at + length);
        }
        for (; length > 0; length--, at++)
            if (!is_clean || (unsigned char)*at < ' ') *at = ' ';
    }
    return (tskl_json){tskl_skip_space(text)};
}

/** Undoes the escape at `*at`, where it is one of ASCII, moving past it. Others stay: the text in
 *  the string can be read with them. */
static inline char tskl_unescape(const char **at) {
    char c = *(*at)++;
    if (c != '\\') return c;
    int32_t code = **at == 'u' ? tskl_hex4(*at + 1) : 0;
    if (**at == 'u' && (code <= 0 || code > 0x7e)) return c;
    c = *(*at)++;
    if (code) *at += 4;
    return code ? (char)code : c > '\\' ? ' ' : c; // \n and its like are white space there
}

/**
 * JSON that arrives inside a string, as a body does that was cut off: the value in it, as far as it
 * goes. Any other value is returned as it is.
 */
TSKL_SHARED tskl_json tskl_unwrap(tskl_json value) {
    if (*value.at != TSKL_STRING) return value;
    const char *at = value.at + 1, *end = tskl_skip_string(at);
    char *text = tskl_text_alloc((size_t)(end - at)), *to = text;
    if (!text) return value;
    while (at < end) *to++ = tskl_unescape(&at);
    tskl_store64(to, 0);
    tskl_json inner = tskl_read(text);
    return (*inner.at | 0x20) == '{' ? inner : value;
}

// ---- Numbers and times, as services write them --------------------------------------------------

/** A whole number from 0 up, or a string that is one (headers have no other); `otherwise` when it
 * is neither, or of more than 15 digits. */
TSKL_SHARED int64_t tskl_count(tskl_json value, int64_t otherwise) {
    bool quoted = *value.at == '"';
    const char *at = value.at + quoted, *end = tskl_skip_digits(at);
    bool whole = quoted ? *end == '"' : end == tskl_skip(at);
    if (at == end || end - at > 15 || !whole) return otherwise;
    int64_t count = 0;
    while (at < end) count = count * 10 + (*at++ - '0');
    return count;
}

/** Milliseconds of a duration: "12ms", "1s", "6m0s", "1h30m", "59.95s"; a number alone counts
 *  seconds. -1 when it is none. */
TSKL_SHARED int64_t tskl_duration_ms(tskl_json value) {
    const char *at = value.at;
    int64_t total = 0, number = 0, place = 1000; // the number in thousandths
    if (*at++ != '"' || !tskl_is_digit(*at)) return -1;
    for (; number + total < 100000000000000; at++) {
        if (tskl_is_digit(*at)) {
            number = (place == 1000 ? number * 10 : number) + (*at - '0') * place;
            if (place < 1000) place /= 10;
            continue;
        }
        if (*at == '.') {
            place = 100;
            continue;
        }
        if (*at == 'h')
            number *= 3600;
        else if (*at == 'm' && at[1] == 's')
            number /= 1000, at++;
        else if (*at == 'm')
            number *= 60;
        else if (*at != 's' && *at != '"')
            return -1;
        total += number;
        if (*at == '"') return total;
        number = 0;
        place = 1000;
    }
    return -1;
}

/** Two digits as a number; below 0 when they are none. */
TSKL_SHARED int32_t tskl_two_digits(const char *at) {
    if (!tskl_is_digit(at[0]) || !tskl_is_digit(at[1])) return -1;
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/** Seconds since the epoch of "Sun, 06 Nov 1994 08:49:37 GMT", the one form of an HTTP date that is
 *  still sent; -1 for all else. */
static inline int64_t tskl_http_date(tskl_json value) {
    const char *at = value.at + 1;
    if (*value.at != '"' || tskl_skip_string(at) - at != 29) return -1;
    // Two letters tell the months apart. They begin with March: a leap day is then the last of its
    // year, and until 2099 each fourth year has one.
    static const char months[] = "arprayunulugepctovecaneb";
    int32_t month = 0, day = tskl_two_digits(at + 5), century = tskl_two_digits(at + 12);
    int32_t year = tskl_two_digits(at + 14), hour = tskl_two_digits(at + 17);
    int32_t minute = tskl_two_digits(at + 20), second = tskl_two_digits(at + 23);
    while (month < 12 && (at[9] != months[2 * month] || at[10] != months[2 * month + 1])) month++;
    if (month == 12 || (day | century | year | hour | minute | second) < 0) return -1;
    year += century * 100 - (month > 9);
    int32_t days = year * 1461 / 4 + (month * 153 + 2) / 5 + day - 719484;
    return days * 86400ll + (hour * 60 + minute) * 60 + second;
}

/** How long a service asks to wait, in milliseconds, by the value of `retry-after`: seconds, or a
 *  date, seen from `now_ms`. -1 when it does not say. */
static inline int64_t tskl_retry_after_ms(tskl_json header, int64_t now_ms) {
    int64_t wait_ms = tskl_duration_ms(header), date = tskl_http_date(header);
    if (wait_ms >= 0 || date < 0 || now_ms < 0) return wait_ms;
    return date * 1000 > now_ms ? date * 1000 - now_ms : 0;
}

// ---- Writing what was found ---------------------------------------------------------------------

// A hook's output is written as it goes, in memory set aside by tskl_input: it begins at tskl_out,
// stands at tskl_to and may not reach tskl_last. When it did, it is not sent.
static char *tskl_out, *tskl_to, *tskl_last;

TSKL_SHARED void tskl_put(const char *bytes, size_t count) {
    size_t room = (size_t)(tskl_last - tskl_to);
    if (count > room) count = room;
    __builtin_memcpy(tskl_to, bytes, count); // one instruction of Wasm
    tskl_to += count;
}

/** Writes what ends at a zero. */
TSKL_SHARED void tskl_puts(const char *text) {
    size_t count = 0;
    while (text[count]) count++;
    tskl_put(text, count);
}

/** Writes `"prefix` and `name":`, behind a comma where one is needed. */
TSKL_SHARED void tskl_put_name(const char *prefix, const char *name) {
    tskl_puts(tskl_to[-1] == '{' ? "\"" : ",\"");
    tskl_puts(prefix);
    tskl_puts(name);
    tskl_puts("\":");
}

enum { TSKL_STRING_MAX = 16384 }; // a longer string is no answer to anything

/** Writes a member if its value is a string, a number or a boolean: whole, not empty, not too long;
 *  as it stands. */
TSKL_SHARED void tskl_put_value(const char *prefix, const char *name, tskl_json value) {
    const char *at = value.at, *end = tskl_skip(at);
    bool is_some = *at == '"' ? at[1] != '"' : *at == 't' || *at == 'f' || tskl_is_number(value);
    if (!is_some || !*end || end - at > TSKL_STRING_MAX) return;
    tskl_put_name(prefix, name);
    tskl_put(at, (size_t)(end - at));
}

/** Writes a whole number. */
TSKL_SHARED void tskl_put_count(uint64_t count) {
    char digits[20], *end = digits + sizeof digits, *at = end;
    do *--at = (char)('0' + count % 10);
    while (count /= 10);
    tskl_put(at, (size_t)(end - at));
}

/** Captures a value as it stands. Nothing when it is absent, null, empty, an object or an array.
 *  `name` is the Pack's own: letters, digits, dots. */
static inline void tskl_capture(const char *name, tskl_json value) {
    tskl_put_value("", name, value);
}

/** Captures what tskl_pick found: the values from `first` up to `end`, each under `prefix` and the
 *  name it was found by. */
TSKL_SHARED void tskl_capture_all(const char *prefix, const char *const *wanted,
                                  const tskl_json *values, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) tskl_put_value(prefix, tskl_name(wanted[i]), values[i]);
}

/** Captures one of a Pack's own words: ASCII, nothing in it that JSON escapes. */
TSKL_SHARED void tskl_capture_word(const char *name, const char *word) {
    tskl_put_name("", name);
    tskl_puts("\"");
    tskl_puts(word);
    tskl_puts("\"");
}

TSKL_SHARED void tskl_capture_bool(const char *name, bool value) {
    tskl_put_name("", name);
    tskl_puts(value ? "true" : "false");
}

/** Captures a whole number; one below 0, which in this kit means "not known", is left out. */
TSKL_SHARED void tskl_capture_count(const char *name, int64_t count) {
    if (count < 0) return;
    tskl_put_name("", name);
    tskl_put_count((uint64_t)count);
}

/** Captures a plain text that ends at a zero. What JSON would have to escape becomes a space. */
static inline void tskl_capture_text(const char *name, const char *text) {
    tskl_put_name("", name);
    tskl_puts("\"");
    while (*text) {
        int length = *text == '"' || *text == '\\' ? 0 : tskl_clean_length(text);
        tskl_put(length ? text : " ", length ? (size_t)length : 1);
        text += length ? length : 1;
    }
    tskl_puts("\"");
}

static bool tskl_keeping;

/** Writes what a context begins with, behind the captures. */
TSKL_SHARED void tskl_begin_keeping(void) {
    if (!tskl_keeping) tskl_puts("},\"context\":{");
    tskl_keeping = true;
}

/** Keeps a value in this Pack's context: the next hook of the same exchange finds it in its input
 *  under `context`. Done last: captures stand before. What one hook keeps takes the place of all
 *  that was kept before. */
static inline void tskl_keep(const char *name, tskl_json value) {
    tskl_begin_keeping();
    tskl_put_value("", name, value);
}

/** Keeps what tskl_pick found, in the same shape: so that it is picked from the context in the same
 *  way as from where it was first. */
static inline void tskl_keep_all(const char *const *wanted, const tskl_json *values, size_t count) {
    size_t depth = 0, next_depth = 0;
    tskl_begin_keeping();
    for (size_t i = 0; i < count; i++) {
        const char *name = tskl_name(wanted[i]);
        depth = (size_t)(name - wanted[i]);
        next_depth = i + 1 < count ? (size_t)(tskl_name(wanted[i + 1]) - wanted[i + 1]) : 0;
        if (next_depth <= depth)
            tskl_put_value("", name, values[i]);
        else
            tskl_put_name("", name), tskl_puts("{");
        for (; depth > next_depth; depth--) tskl_puts("}");
    }
}

// ---- A hook's input and output ------------------------------------------------------------------

enum { TSKL_OUT_ROOM = 32768 }; // for a Pack's own words; what it copies is no more than the input

/**
 * Begins a hook, taking what is wanted of its input (see tskl_pick). There is:
 *
 *  - requestId
 *  - request{url domain path method headers{...} body}
 *  - response{status headers{...} body}: in `post`, and without the body in `chunk`
 *  - error{kind code message}: in `post`, where no whole response came
 *  - chunk, done: in `chunk`, a piece of the body in base64; the last one is empty
 *  - context{...}: what this Pack kept
 *  - environment{...}, configuration{...}: what was granted; what was set, or the defaults
 *  - time{start end}: in milliseconds since the epoch
 *  - truncated: where not all of a body is there
 *
 * A body is JSON where it was JSON; where it was not, or was cut off, it is a string (tskl_unwrap).
 */
static inline void tskl_input(const char *const *wanted, tskl_json *values, size_t count) {
    static char nothing[16]; // for when memory is out
    size_t length = (size_t)extism_input_length(), room = 2 * length + TSKL_OUT_ROOM;
    tskl_heap_reset();
    char *text = tskl_alloc(room);
    if (!text) text = nothing, room = sizeof nothing;
    if (text == nothing || length < 8) length = 0;
    for (size_t at = 0; at < length; at += 8) {
        // The last eight bytes overlap those before: behind the end there is nothing to load.
        size_t from = at + 8 > length ? length - 8 : at;
        tskl_store64(text + from, extism_input_load_u64(from));
    }
    tskl_store64(text + length, 0);
    tskl_pick((tskl_json){text}, wanted, values, count);
    tskl_out = tskl_to = text + length + 8;
    tskl_last = text + room;
    tskl_keeping = false;
    tskl_puts("{\"capture\":{");
}

/** A switch of the configuration; `otherwise` when it is not set. */
static inline bool tskl_switch(tskl_json value, bool otherwise) {
    return *value.at ? *value.at == 't' : otherwise;
}

/** Ends a hook with what was captured and kept: `return tskl_done();` */
static inline int32_t tskl_done(void) {
    tskl_puts("}}");
    size_t length = (size_t)(tskl_to - tskl_out);
    extism_handle block = tskl_to < tskl_last ? extism_alloc(length + 8) : 0;
    if (!block) return 0;
    for (size_t at = 0; at < length; at += 8)
        extism_store_u64(block + at, tskl_load64(tskl_out + at));
    extism_output_set(block, length);
    return 0;
}

/** Puts a text into the host's memory. Whoever is given the block takes it. */
static inline extism_handle tskl_give(const char *text) {
    uint64_t length = 0;
    while (text[length]) length++;
    extism_handle block = extism_alloc(length);
    for (uint64_t at = 0; block && at < length; at++)
        extism_store_u8(block + at, (unsigned char)text[at]);
    return block;
}

/** Ends a hook as failed, saying why: `return tskl_fail("...");` Only for faults of the Pack
 * itself: a failed call is what a Pack is there to explain. */
static inline int32_t tskl_fail(const char *why) {
    extism_error_set(tskl_give(why));
    return 1;
}

/** A line for the log, seen by who writes the Pack: tskl_log(extism_log_info, "..."); */
static inline void tskl_log(void (*level)(extism_handle), const char *line) {
    extism_handle block = tskl_give(line);
    if (block) level(block);
}

/** The value Extism's own configuration has for a key; "" when it has none. A Pack of taskless
 *  reads `in.configuration`; this is for plugins that are used elsewhere too. */
static inline const char *tskl_extism_config(const char *key) {
    extism_handle block = extism_config_get(tskl_give(key));
    uint64_t length = block ? extism_length(block) : 0;
    char *text = length ? tskl_text_alloc((size_t)length) : NULL;
    if (!text) return "";
    for (uint64_t i = 0; i < length; i++) text[i] = (char)extism_load_u8(block + i);
    extism_free(block);
    return text;
}

// ---- Words all Packs share ----------------------------------------------------------------------

/** What to do now: the capture `retry.advice`. */
#define TSKL_ADVICES(X)                                                                            \
    X(YES, yes)       /* the same call may succeed later */                                        \
    X(NO, no)         /* it will not, or it is not safe */                                         \
    X(AFTER, after)   /* it may succeed after `retry.after_ms` */                                  \
    X(REAUTH, reauth) /* with other credentials */                                                 \
    X(PAY, pay)       /* when money is there, or with another means of payment */                  \
    X(FIX, fix)       /* when the call or the account's settings are changed */

/** What kind of failure it was, the capture `class`, and what is mostly to be done about it. */
#define TSKL_CLASSES(X)                                                                            \
    X(AUTH, auth, REAUTH)                                                                          \
    X(PERMISSION, permission, FIX)                                                                 \
    X(INVALID, invalid, FIX)                                                                       \
    X(NOT_FOUND, not_found, FIX)                                                                   \
    X(CONFLICT, conflict, YES)                                                                     \
    X(IDEMPOTENCY, idempotency, FIX)                                                               \
    X(RATE, rate, YES)                                                                             \
    X(QUOTA, quota, PAY)                                                                           \
    X(DECLINED, declined, PAY)                                                                     \
    X(OVERLOADED, overloaded, YES)                                                                 \
    X(TIMEOUT, timeout, YES)                                                                       \
    X(SERVER, server, YES)                                                                         \
    X(PARTIAL, partial, YES)                                                                       \
    X(NETWORK, network, YES)

// The words stand one behind the other; the value of TSKL_CLASS_AUTH is where its word stands.
#define TSKL_ADVICE_MEMBER(NAME, word) char word[sizeof #word];
#define TSKL_ADVICE_PLACE(NAME, word) TSKL_ADVICE_##NAME = offsetof(struct tskl_advice_words, word),
#define TSKL_ADVICE_WORD(NAME, word) #word,
#define TSKL_CLASS_MEMBER(NAME, word, ADVICE) char word##_advice, word[sizeof #word];
#define TSKL_CLASS_PLACE(NAME, word, ADVICE)                                                       \
    TSKL_CLASS_##NAME = offsetof(struct tskl_class_words, word),
#define TSKL_CLASS_WORD(NAME, word, ADVICE) TSKL_ADVICE_##ADVICE, #word,

struct tskl_advice_words {
    char none;
    TSKL_ADVICES(TSKL_ADVICE_MEMBER)
};
typedef enum tskl_advice { TSKL_ADVICE_NONE, TSKL_ADVICES(TSKL_ADVICE_PLACE) } tskl_advice;
static const struct tskl_advice_words tskl_advice_words = {0, TSKL_ADVICES(TSKL_ADVICE_WORD)};

struct tskl_class_words {
    TSKL_CLASSES(TSKL_CLASS_MEMBER)
};
typedef enum tskl_class { TSKL_CLASS_NONE, TSKL_CLASSES(TSKL_CLASS_PLACE) } tskl_class;
static const struct tskl_class_words tskl_class_words = {TSKL_CLASSES(TSKL_CLASS_WORD)};

/** A judgement of one call. Zeros say that it did not fail. */
typedef struct tskl_verdict {
    uint8_t class, advice; // tskl_class, tskl_advice
    int64_t after_ms;      // with TSKL_ADVICE_AFTER
} tskl_verdict;

/** The verdict where only the class is known. */
static inline tskl_verdict tskl_verdict_of(unsigned class) {
    const char *word = (const char *)&tskl_class_words + class;
    return (tskl_verdict){(uint8_t)class, class ? (uint8_t)word[-1] : 0, 0};
}

/** What a status means where a service does not say more; NONE below 400. */
TSKL_SHARED unsigned tskl_class_of_status(int64_t status) {
    static const uint8_t known[][2] = {
        // Above 400
        {1, TSKL_CLASS_AUTH},         {2, TSKL_CLASS_QUOTA},     {3, TSKL_CLASS_PERMISSION},
        {4, TSKL_CLASS_NOT_FOUND},    {8, TSKL_CLASS_TIMEOUT},   {9, TSKL_CLASS_CONFLICT},
        {10, TSKL_CLASS_NOT_FOUND},   {24, TSKL_CLASS_SERVER},   {29, TSKL_CLASS_RATE},
        {103, TSKL_CLASS_OVERLOADED}, {104, TSKL_CLASS_TIMEOUT}, {129, TSKL_CLASS_OVERLOADED},
    };
    for (size_t i = 0; i < TSKL_COUNT(known); i++)
        if (status == 400 + known[i][0]) return known[i][1];
    return status < 400 ? TSKL_CLASS_NONE : status < 500 ? TSKL_CLASS_INVALID : TSKL_CLASS_SERVER;
}

/** Takes in what the service says about trying again: a header such as `x-should-retry`, which
 * knows more than a status does, and how long to wait. */
TSKL_SHARED void tskl_heed(tskl_verdict *verdict, tskl_json should_retry, int64_t after_ms) {
    bool again = tskl_is(should_retry, "true"), never = tskl_is(should_retry, "false");
    if (!verdict->class) return;
    // Money does not come back by asking again.
    if (again && verdict->class != TSKL_CLASS_QUOTA) verdict->advice = TSKL_ADVICE_YES;
    if (verdict->advice != TSKL_ADVICE_YES) return;
    if (never)
        verdict->advice = TSKL_ADVICE_NO;
    else if (after_ms >= 0)
        verdict->advice = TSKL_ADVICE_AFTER;
    verdict->after_ms = after_ms;
}

/** Captures `ok` and `class`. They come first in the order of captures. */
static inline void tskl_capture_class(const tskl_verdict *verdict) {
    tskl_capture_bool("ok", !verdict->class);
    if (verdict->class)
        tskl_capture_word("class", (const char *)&tskl_class_words + verdict->class);
}

/** Captures `retry.advice` and `retry.after_ms`. They follow `error.*`. */
static inline void tskl_capture_retry(const tskl_verdict *verdict) {
    if (verdict->advice)
        tskl_capture_word("retry.advice", (const char *)&tskl_advice_words + verdict->advice);
    if (verdict->advice == TSKL_ADVICE_AFTER)
        tskl_capture_count("retry.after_ms", verdict->after_ms);
}
#endif
