// taskless_json: values in a JSON text, found and read where they stand: members, headers, numbers,
// times, and texts within texts. Nothing in here fails.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_JSON_H
#define TASKLESS_JSON_H
#include "taskless_host.h"

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

// Texts of a Pack's own: what it decoded, or took out of a string.

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

// Numbers and times, as services write them.

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
#endif
