// secret_forms: the forms in which a text may hold a secret, each read as symbols of one byte.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_SECRET_FORMS_H
#define TSKL_EXCHANGE_SECRET_FORMS_H
#include "base/slice.h"
#include "exchange/search_steps.h"

/** In the order in which they are hidden: part of an escaped secret may be one that is plain. */
typedef enum tskl_secret_form {
    TSKL_FORM_ESCAPED, // JSON's and HTML's escapes undone, however often they were applied
    TSKL_FORM_PERCENT, // %2F undone
    TSKL_FORM_PLAIN,
    TSKL_FORM_HEX,    // at each place, the pair of digits that begins there
    TSKL_FORM_BASE64, // six bits a symbol, of either alphabet
    TSKL_FORMS
} tskl_secret_form;

/** A text under way. */
typedef struct tskl_form_reader {
    tskl_slice text;
    size_t from, at;       // where the last symbol begins, and the next
    unsigned char left[4]; // of an escape that stands for several bytes: those not read yet
    uint8_t left_count;
} tskl_form_reader;

/** The value of a digit, or -1: of '0' and what follows it, of '+' and what follows it. */
enum { TSKL_HEX_DIGITS = 'f' - '0' + 1, TSKL_BASE64_DIGITS = 'z' - '+' + 1 };
extern const signed char tskl_hex_digits[TSKL_HEX_DIGITS];
extern const signed char tskl_base64_digits[TSKL_BASE64_DIGITS]; // of either alphabet

static inline int tskl_hex_digit(char c) {
    unsigned char at = (unsigned char)(c - '0');
    return at < TSKL_HEX_DIGITS ? tskl_hex_digits[at] : -1;
}

static inline int tskl_base64_digit(char c) {
    unsigned char at = (unsigned char)(c - '+');
    return at < TSKL_BASE64_DIGITS ? tskl_base64_digits[at] : -1;
}

/** The byte that two hex digits at `at` stand for, or -1. */
static inline int tskl_hex_byte(tskl_slice text, size_t at) {
    if (text.len < 2 || at > text.len - 2) return -1;
    int high = tskl_hex_digit(text.ptr[at]), low = tskl_hex_digit(text.ptr[at + 1]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static inline int tskl_form_folded(int byte) {
    return byte == '+' ? ' ' : byte;
}

/** The rest of tskl_form_read: symbols of ESCAPED that may be more than a byte of text. */
int tskl_form_read_escape(tskl_form_reader *reader);

static inline int tskl_form_read_escaped(tskl_form_reader *reader) {
    char c = reader->text.ptr[reader->at];
    if (c == '\\' || c == '&' || (unsigned char)c < ' ') return tskl_form_read_escape(reader);
    reader->at++;
    return tskl_form_folded((unsigned char)c);
}

static inline int tskl_form_read_percent(tskl_form_reader *reader) {
    char c = reader->text.ptr[reader->at++];
    int byte = c == '%' ? tskl_hex_byte(reader->text, reader->at) : -1;
    if (byte < 0) return tskl_form_folded((unsigned char)c);
    reader->at += 2;
    return tskl_form_folded(byte);
}

static inline int tskl_form_read_hex(tskl_form_reader *reader) {
    return tskl_form_folded(tskl_hex_byte(reader->text, reader->at++));
}

/** The next symbol, in which '+' is a space (some read it so); -1 where something stands that this
 *  form cannot hold, and at the end. A backslash is no symbol of ESCAPED, and a line end is the 'n'
 *  that it is escaped as. Inline: the form is known where it is called, and a text is long. */
static inline int tskl_form_read(tskl_form_reader *reader, tskl_secret_form form) {
    if (form == TSKL_FORM_ESCAPED && reader->left_count) return reader->left[--reader->left_count];
    if (reader->at >= reader->text.len) return -1;
    TSKL_SEARCH_STEP();
    reader->from = reader->at;
    switch (form) {
    case TSKL_FORM_PERCENT: return tskl_form_read_percent(reader);
    case TSKL_FORM_ESCAPED: return tskl_form_read_escaped(reader);
    case TSKL_FORM_HEX: return tskl_form_read_hex(reader);
    case TSKL_FORM_BASE64: return tskl_base64_digit(reader->text.ptr[reader->at++]);
    default: return tskl_form_folded((unsigned char)reader->text.ptr[reader->at++]);
    }
}
/** Where the first escape of that form stands at or behind `at`, or SIZE_MAX. */
size_t tskl_form_escape(tskl_slice text, tskl_secret_form form, size_t at);
/** Where the token ends that goes on at `at`. */
size_t tskl_form_token_end(tskl_slice text, tskl_secret_form form, size_t at);
#endif
