// good_json: says whether a text is one JSON value in good UTF-8, written apart from the kit that
// it judges.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PDK_GOOD_JSON_H
#define TSKL_PDK_GOOD_JSON_H
#include <stdbool.h>
#include <string.h>

static const char *good_value(const char *at, int depth);

static const char *good_space(const char *at) {
    return at + strspn(at, " \t\r\n");
}

static const char *good_word(const char *at, const char *word) {
    return strncmp(at, word, strlen(word)) ? NULL : at + strlen(word);
}

// Past a character of UTF-8 beyond ASCII, by the table of RFC 3629.
static const char *good_utf8(const char *text) {
    static const struct {
        unsigned char first, last, second_from, second_to, length;
    } rows[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (at[0] < rows[i].first || at[0] > rows[i].last) continue;
        if (at[1] < rows[i].second_from || at[1] > rows[i].second_to) return NULL;
        for (int k = 2; k < rows[i].length; k++)
            if (at[k] < 0x80 || at[k] > 0xbf) return NULL;
        return text + rows[i].length;
    }
    return NULL;
}

static const char *good_string(const char *at) {
    if (*at++ != '"') return NULL;
    while (*at != '"') {
        if ((unsigned char)*at < ' ') return NULL;
        if (*at == '\\' && at[1] == 'u') {
            if (strspn(at + 2, "0123456789abcdefABCDEF") < 4) return NULL;
            at += 6;
        } else if (*at == '\\') {
            if (!at[1] || !strchr("\"\\/bfnrt", at[1])) return NULL;
            at += 2;
        } else if ((unsigned char)*at < 0x80) {
            at++;
        } else if (!(at = good_utf8(at))) {
            return NULL;
        }
    }
    return at + 1;
}

static const char *good_digits(const char *at) {
    size_t count = strspn(at, "0123456789");
    return count ? at + count : NULL;
}

static const char *good_number(const char *at) {
    at += *at == '-';
    if (*at == '0')
        at++;
    else if (!(at = good_digits(at)))
        return NULL;
    if (*at == '.' && !(at = good_digits(at + 1))) return NULL;
    if (*at != 'e' && *at != 'E') return at;
    at++;
    at += *at == '-' || *at == '+';
    return good_digits(at);
}

static const char *good_container(const char *at, int depth) {
    char open = *at, close = open == '{' ? '}' : ']';
    at = good_space(at + 1);
    if (*at == close) return at + 1;
    for (;;) {
        if (open == '{') {
            if (!(at = good_string(at))) return NULL;
            at = good_space(at);
            if (*at++ != ':') return NULL;
            at = good_space(at);
        }
        if (!(at = good_value(at, depth - 1))) return NULL;
        at = good_space(at);
        if (*at == close) return at + 1;
        if (*at++ != ',') return NULL;
        at = good_space(at);
    }
}

static const char *good_value(const char *at, int depth) {
    if (depth == 0) return NULL;
    switch (*at) {
    case '{':
    case '[': return good_container(at, depth);
    case '"': return good_string(at);
    case 't': return good_word(at, "true");
    case 'f': return good_word(at, "false");
    case 'n': return good_word(at, "null");
    default: return good_number(at);
    }
}

static bool is_good_json(const char *text) {
    const char *at = good_value(good_space(text), 128);
    return at && !*good_space(at);
}
#endif
