// What was done to a secret on its way is undone symbol by symbol, so that one search finds all its
// forms and nothing is copied.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/secret_forms.h"
#include "base/status.h"

enum { ENTITY_MAX = 10 }; // bytes between '&' and ';': "#x0010ffff"

const signed char tskl_hex_digits[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  -1, -1, -1, -1,
                                       -1, -1, -1, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1, -1,
                                       -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                       -1, -1, -1, -1, -1, -1, -1, 10, 11, 12, 13, 14, 15};

const signed char tskl_base64_digits[] = {
    62, -1, 62, -1, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1,
    -1, -1, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, 63, -1, 26, 27, 28, 29, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51};

// The character that four hex digits at `at` stand for, or -1.
static int32_t four_digits(tskl_slice text, size_t at) {
    int high = tskl_hex_byte(text, at), low = tskl_hex_byte(text, at + 2);
    return high < 0 || low < 0 ? -1 : high << 8 | low;
}

// "0026" behind "\u", of two surrogates both; `*len` is what stands behind the 'u'.
static int32_t read_unicode(tskl_slice text, size_t at, size_t *len) {
    int32_t high = four_digits(text, at);
    *len = 4;
    if (high < 0xd800 || high > 0xdbff || at + 6 > text.len) return high;
    if (text.ptr[at + 4] != '\\' || text.ptr[at + 5] != 'u') return high;
    int32_t low = four_digits(text, at + 6);
    if (low < 0xdc00 || low > 0xdfff) return high;
    *len = 10;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static int32_t read_number(tskl_slice digits, int base) {
    int32_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = tskl_hex_digit(digits.ptr[i]);
        if (digit < 0 || digit >= base || value > 0x10ffff) return -1;
        value = value * base + digit;
    }
    return digits.len && value <= 0x10ffff ? value : -1;
}

// "&amp;", "&#38;", "&#x26;" at `at`; -1 for any other text, and for names that no key is written
// with. `*len` is its length.
static int32_t read_entity(tskl_slice text, size_t at, size_t *len) {
    static const struct {
        tskl_slice name;
        char character;
    } rows[] = {{TSKL_LIT("amp"), '&'},
                {TSKL_LIT("lt"), '<'},
                {TSKL_LIT("gt"), '>'},
                {TSKL_LIT("quot"), '"'},
                {TSKL_LIT("apos"), '\''}};
    tskl_slice name = tskl_slice_first(tskl_slice_from(text, at + 1), ENTITY_MAX + 1);
    if (name.len == 0 || !strchr("#alqg", name.ptr[0])) return -1; // most are in URLs
    size_t end = tskl_slice_find(name, ';');
    if (end == SIZE_MAX) return -1;
    name = tskl_slice_first(name, end);
    *len = end + 2;
    if (tskl_slice_starts_nocase(name, TSKL_S("#x")))
        return read_number(tskl_slice_from(name, 2), 16);
    if (tskl_slice_starts(name, TSKL_S("#"))) return read_number(tskl_slice_from(name, 1), 10);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (tskl_slice_equal(name, rows[i].name)) return rows[i].character;
    return -1;
}

// Behind however many backslashes, line ends and their like are letters.
static int without_controls(int32_t character) {
    switch (character) {
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\b': return 'b';
    case '\f': return 'f';
    default: return tskl_form_folded((unsigned char)character);
    }
}

// A character as UTF-8: its first byte; the others are left for the next reads.
static int first_byte(tskl_form_reader *reader, int32_t character) {
    if (character < 0x80) return without_controls(character);
    int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    for (int i = 0; i < more; i++)
        reader->left[i] = (unsigned char)(0x80 | ((character >> (6 * i)) & 0x3f)); // the last first
    reader->left_count = (uint8_t)more;
    return (0xff00 >> (more + 1) & 0xff) | (character >> (6 * more));
}

// One character; -1 where only backslashes are left. How many of them there are tells how often the
// text was escaped, and nothing else.
int tskl_form_read_escape(tskl_form_reader *reader) {
    tskl_slice text = reader->text;
    bool escaped = false;
    while (reader->at < text.len) {
        char c = text.ptr[reader->at];
        size_t len = 1;
        int32_t character = -1;
        if (escaped && c == 'u') {
            character = read_unicode(text, reader->at + 1, &len);
            len = character < 0 ? 1 : len + 1;
        } else if (c == '&') {
            character = read_entity(text, reader->at, &len);
            if (character < 0) len = 1;
        }
        bool byte = character < 0;
        reader->at += len;
        if ((byte ? (unsigned char)c : character) != '\\')
            return byte ? without_controls((unsigned char)c) : first_byte(reader, character);
        escaped = true;
    }
    return -1;
}

static size_t find(tskl_slice text, char byte, size_t at) {
    size_t found = tskl_slice_find(tskl_slice_from(text, at), byte);
    return found == SIZE_MAX ? text.len : at + found;
}

static size_t find_percent(tskl_slice text, size_t at) {
    while ((at = find(text, '%', at)) < text.len && tskl_hex_byte(text, at + 1) < 0) at++;
    return at;
}

static bool begins_entity(tskl_slice text, size_t at) {
    size_t len;
    return read_entity(text, at, &len) >= 0;
}

// The first backslash or entity. A piece at a time: else each call would look for a backslash that
// never comes to the end of the text.
static size_t find_escape(tskl_slice text, size_t at) {
    enum { PIECE = 512 };
    for (size_t end; at < text.len; at = end) {
        end = text.len - at > PIECE ? at + PIECE : text.len;
        size_t backslash = find(tskl_slice_first(text, end), '\\', at);
        while ((at = find(tskl_slice_first(text, backslash), '&', at)) < backslash)
            if (begins_entity(text, at++)) return at - 1;
        if (backslash < end) return backslash;
    }
    return at;
}

size_t tskl_form_escape(tskl_slice text, tskl_secret_form form, size_t at) {
    at = form == TSKL_FORM_PERCENT ? find_percent(text, at) : find_escape(text, at);
    return at < text.len ? at : SIZE_MAX;
}

static bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A full stop belongs to a token only when it goes on behind it. A '/' does not: in a path what
// follows it says which call it was.
static bool is_of_token(tskl_slice text, size_t at) {
    char c = text.ptr[at];
    if (is_letter_or_digit(c) || (unsigned char)c >= 0x80) return true;
    if (c == '.') return at + 1 < text.len && is_letter_or_digit(text.ptr[at + 1]);
    return c && strchr("_-~+=", c);
}

size_t tskl_form_token_end(tskl_slice text, tskl_secret_form form, size_t at) {
    for (; at < text.len; at++) {
        char c = text.ptr[at];
        bool goes_on = form == TSKL_FORM_HEX      ? tskl_hex_digit(c) >= 0
                       : form == TSKL_FORM_BASE64 ? tskl_base64_digit(c) >= 0 || c == '='
                                                  : is_of_token(text, at);
        if (!goes_on) break;
    }
    return at;
}
