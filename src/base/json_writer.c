// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"
#include "base/number.h"
#include "base/plain.h"
#include "base/utf8.h"

// The letter that stands for `c` behind a backslash, or 0.
static char letter_for(unsigned char c) {
    switch (c) {
    case '"':
    case '\\': return (char)c;
    case '\b': return 'b';
    case '\t': return 't';
    case '\n': return 'n';
    case '\f': return 'f';
    case '\r': return 'r';
    default: return 0;
    }
}

static void add_escaped(tskl_buf *buf, uint32_t c) {
    char letter = c < 0x80 ? letter_for((unsigned char)c) : 0;
    if (letter)
        tskl_buf_add(buf, (tskl_slice){(char[]){'\\', letter}, 2});
    else
        tskl_buf_printf(buf, "\\u%04x", (unsigned)c);
}

// Writes what `text` begins with, up to what is neither plain nor a letter behind a backslash, into
// the room that the buffer has: nearly all of any text. How much of it that was.
static size_t add_in_room(tskl_buf *buf, tskl_slice text) {
    enum { MOST = TSKL_PLAIN_BLOCK + 2 }; // written at a time
    if (buf->failed || buf->room < MOST) return 0;
    char *out = buf->ptr + buf->len;
    const char *end = buf->ptr + (buf->room < buf->cap ? buf->room : buf->cap);
    size_t at = 0;
    while (text.len - at >= TSKL_PLAIN_BLOCK && end - out >= MOST) {
        size_t plain = tskl_plain_in_block(text.ptr + at);
        memcpy(out, text.ptr + at, TSKL_PLAIN_BLOCK);
        out += plain;
        at += plain;
        if (plain == TSKL_PLAIN_BLOCK) continue;
        char letter = letter_for((unsigned char)text.ptr[at]);
        if (!letter) break;
        *out++ = '\\';
        *out++ = letter;
        at++;
    }
    buf->len = (size_t)(out - buf->ptr);
    return at;
}

static size_t add_character(tskl_buf *buf, tskl_slice text) {
    uint32_t c;
    size_t len = tskl_utf8_next(text, &c);
    if (len == 0)
        tskl_buf_add(buf, TSKL_UTF8_REPLACEMENT);
    else if (tskl_utf8_is_control(c) || c == '"' || c == '\\')
        add_escaped(buf, c);
    else
        tskl_buf_add(buf, tskl_slice_first(text, len));
    return len ? len : 1;
}

void tskl_json_add_string(tskl_buf *buf, tskl_slice text) {
    tskl_buf_byte(buf, '"');
    tskl_buf_reserve(buf, text.len); // at least
    while (text.len && !buf->failed) {
        text = tskl_slice_from(text, add_in_room(buf, text));
        size_t plain = tskl_plain_length(text);
        tskl_buf_add(buf, tskl_slice_first(text, plain));
        text = tskl_slice_from(text, plain);
        if (text.len) text = tskl_slice_from(text, add_character(buf, text));
    }
    tskl_buf_byte(buf, '"');
}

// What is above U+FFFF is written as the two halves that UTF-16 has for it.
static void add_in_utf16(tskl_buf *buf, uint32_t c) {
    if (c < 0x10000) {
        add_escaped(buf, c);
        return;
    }
    add_escaped(buf, 0xd800 + ((c - 0x10000) >> 10));
    add_escaped(buf, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

void tskl_json_add_shown(tskl_buf *buf, tskl_slice json) {
    size_t plain = 0;
    while (plain < json.len) {
        uint32_t c;
        size_t len = tskl_utf8_next(tskl_slice_from(json, plain), &c);
        if (!tskl_utf8_is_deceptive(c)) {
            plain += len ? len : 1;
            continue;
        }
        tskl_buf_add(buf, tskl_slice_first(json, plain));
        add_in_utf16(buf, c);
        json = tskl_slice_from(json, plain + len);
        plain = 0;
    }
    tskl_buf_add(buf, json);
}

void tskl_json_add_comma(tskl_buf *buf) {
    char last = buf->len ? buf->ptr[buf->len - 1] : '{';
    if (last != '{' && last != '[' && last != ':') tskl_buf_byte(buf, ',');
}

void tskl_json_add_key(tskl_buf *buf, tskl_slice name) {
    tskl_json_add_comma(buf);
    tskl_json_add_string(buf, name);
    tskl_buf_byte(buf, ':');
}

static void add_children(tskl_buf *buf, const tskl_json *value) {
    for (const tskl_json *child = value->first; child; child = child->next) {
        if (value->kind == TSKL_JSON_OBJECT)
            tskl_json_add_key(buf, child->key);
        else
            tskl_json_add_comma(buf);
        tskl_json_add_value(buf, child);
    }
}

void tskl_json_add_value(tskl_buf *buf, const tskl_json *value) {
    double number;
    switch (value->kind) {
    case TSKL_JSON_NULL: tskl_buf_add(buf, TSKL_S("null")); return;
    case TSKL_JSON_BOOL: tskl_buf_add(buf, value->text); return;
    case TSKL_JSON_STRING: tskl_json_add_string(buf, value->text); return;
    case TSKL_JSON_NUMBER:
        // A number too large for a double keeps its digits.
        if (tskl_slice_contains(value->text, '.') && tskl_number_parse(value->text, &number))
            tskl_number_add(buf, number);
        else
            tskl_buf_add(buf, value->text);
        return;
    case TSKL_JSON_ARRAY:
        tskl_buf_byte(buf, '[');
        add_children(buf, value);
        tskl_buf_byte(buf, ']');
        return;
    case TSKL_JSON_OBJECT:
        tskl_buf_byte(buf, '{');
        add_children(buf, value);
        tskl_buf_byte(buf, '}');
    }
}
