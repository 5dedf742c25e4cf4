// SPDX-License-Identifier: Apache-2.0
#include "base/json_lexer.h"
#include "base/plain.h"
#include "base/utf8.h"

// What may come next.
enum { VALUE, VALUE_OR_CLOSE, KEY_OR_CLOSE, COMMA_OR_CLOSE, NOTHING, FAILED };

void tskl_json_lexer_init(tskl_json_lexer *lexer, tskl_slice text) {
    *lexer = (tskl_json_lexer){.text = text, .expect = VALUE};
}

static tskl_json_token bad(tskl_json_lexer *lexer, const char *problem) {
    lexer->expect = FAILED;
    lexer->problem = problem;
    return TSKL_JSON_TOKEN_BAD;
}

static int peek(const tskl_json_lexer *lexer) {
    return lexer->at < lexer->text.len ? (unsigned char)lexer->text.ptr[lexer->at] : -1;
}

static void skip_space(tskl_json_lexer *lexer) {
    int c;
    while ((c = peek(lexer)) == ' ' || c == '\n' || c == '\r' || c == '\t') lexer->at++;
}

static bool is_object(const tskl_json_lexer *lexer) {
    size_t level = lexer->depth - 1;
    return lexer->in_object[level / 8] >> (level % 8) & 1;
}

static tskl_json_token value_ended(tskl_json_lexer *lexer, size_t start, tskl_json_token token) {
    lexer->raw = (tskl_slice){lexer->text.ptr + start, lexer->at - start};
    lexer->expect = lexer->depth ? COMMA_OR_CLOSE : NOTHING;
    return token;
}

static tskl_json_token open(tskl_json_lexer *lexer, bool object) {
    if (lexer->depth == TSKL_JSON_MAX_DEPTH) return bad(lexer, "nested too deep");
    size_t level = lexer->depth++;
    unsigned char bit = (unsigned char)(1u << (level % 8));
    if (object)
        lexer->in_object[level / 8] |= bit;
    else
        lexer->in_object[level / 8] &= (unsigned char)~bit;
    lexer->raw = (tskl_slice){lexer->text.ptr + lexer->at++, 1};
    lexer->expect = object ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
    return object ? TSKL_JSON_TOKEN_OBJECT : TSKL_JSON_TOKEN_ARRAY;
}

static tskl_json_token close(tskl_json_lexer *lexer, bool object) {
    if (lexer->depth == 0 || is_object(lexer) != object) return bad(lexer, "closed but not open");
    lexer->depth--;
    size_t start = lexer->at++;
    return value_ended(lexer, start,
                       object ? TSKL_JSON_TOKEN_OBJECT_END : TSKL_JSON_TOKEN_ARRAY_END);
}

static bool is_hex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The length of an escape behind its backslash; 0 when it is none.
static size_t escape_length(tskl_slice rest) {
    if (rest.len == 0) return 0;
    switch (rest.ptr[0]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return 1;
    case 'u': break;
    default: return 0;
    }
    for (size_t i = 1; i <= 4; i++)
        if (i == rest.len || !is_hex(rest.ptr[i])) return 0;
    return 5;
}

// How much of a string comes next that is no plain text: an escape or a character; 0 at its quote,
// where it is cut, and at what may not stand there.
static size_t piece_length(tskl_slice rest) {
    uint32_t character;
    if (rest.len == 0 || (unsigned char)rest.ptr[0] < 0x20 || rest.ptr[0] == '"') return 0;
    if (rest.ptr[0] != '\\') return tskl_utf8_next(rest, &character);
    size_t escape = escape_length(tskl_slice_from(rest, 1));
    return escape ? 1 + escape : 0;
}

// Moves past a string and its quotes.
static bool string_is_valid(tskl_json_lexer *lexer) {
    size_t start = lexer->at + 1;
    tskl_slice rest = tskl_slice_from(lexer->text, start);
    for (size_t piece = 1; piece; rest = tskl_slice_from(rest, piece)) {
        rest = tskl_slice_from(rest, tskl_plain_length(rest));
        piece = piece_length(rest);
    }
    lexer->at = lexer->text.len - rest.len;
    if (peek(lexer) != '"') return false;
    lexer->at++;
    return true;
}

static bool digits(tskl_json_lexer *lexer) {
    size_t start = lexer->at;
    while (peek(lexer) >= '0' && peek(lexer) <= '9') lexer->at++;
    return lexer->at > start;
}

static bool number_is_valid(tskl_json_lexer *lexer) {
    if (peek(lexer) == '-') lexer->at++;
    if (peek(lexer) == '0')
        lexer->at++;
    else if (!digits(lexer))
        return false;
    if (peek(lexer) == '.') {
        lexer->at++;
        if (!digits(lexer)) return false;
    }
    if (peek(lexer) == 'e' || peek(lexer) == 'E') {
        lexer->at++;
        if (peek(lexer) == '+' || peek(lexer) == '-') lexer->at++;
        if (!digits(lexer)) return false;
    }
    return true;
}

static tskl_json_token word(tskl_json_lexer *lexer, tskl_slice text, tskl_json_token token) {
    size_t start = lexer->at;
    if (!tskl_slice_starts(tskl_slice_from(lexer->text, start), text))
        return bad(lexer, "a word that is not JSON");
    lexer->at += text.len;
    return value_ended(lexer, start, token);
}

static tskl_json_token value(tskl_json_lexer *lexer) {
    size_t start = lexer->at;
    switch (peek(lexer)) {
    case '{': return open(lexer, true);
    case '[': return open(lexer, false);
    case 't': return word(lexer, TSKL_S("true"), TSKL_JSON_TOKEN_TRUE);
    case 'f': return word(lexer, TSKL_S("false"), TSKL_JSON_TOKEN_FALSE);
    case 'n': return word(lexer, TSKL_S("null"), TSKL_JSON_TOKEN_NULL);
    case '"':
        if (!string_is_valid(lexer)) return bad(lexer, "a string is cut or has bytes it may not");
        return value_ended(lexer, start, TSKL_JSON_TOKEN_STRING);
    case -1: return bad(lexer, "the text ends too early");
    default:
        if (!number_is_valid(lexer)) return bad(lexer, "a value is missing or not JSON");
        return value_ended(lexer, start, TSKL_JSON_TOKEN_NUMBER);
    }
}

static tskl_json_token key(tskl_json_lexer *lexer) {
    size_t start = lexer->at;
    if (peek(lexer) != '"') return bad(lexer, "a member has no name in quotes");
    if (!string_is_valid(lexer)) return bad(lexer, "a name is cut or has bytes it may not");
    lexer->raw = (tskl_slice){lexer->text.ptr + start, lexer->at - start};
    skip_space(lexer);
    if (peek(lexer) != ':') return bad(lexer, "a name has no ':' behind it");
    lexer->at++;
    lexer->expect = VALUE;
    return TSKL_JSON_TOKEN_KEY;
}

static tskl_json_token after_value(tskl_json_lexer *lexer) {
    int c = peek(lexer);
    if (c == '}' || c == ']') return close(lexer, c == '}');
    if (c != ',') return bad(lexer, c < 0 ? "the text ends too early" : "a ',' is missing");
    lexer->at++;
    skip_space(lexer);
    return is_object(lexer) ? key(lexer) : value(lexer);
}

tskl_json_token tskl_json_lexer_next(tskl_json_lexer *lexer) {
    skip_space(lexer);
    switch (lexer->expect) {
    case VALUE_OR_CLOSE:
        if (peek(lexer) == ']') return close(lexer, false);
        return value(lexer);
    case VALUE: return value(lexer);
    case KEY_OR_CLOSE:
        if (peek(lexer) == '}') return close(lexer, true);
        return key(lexer);
    case COMMA_OR_CLOSE: return after_value(lexer);
    case NOTHING:
        if (peek(lexer) >= 0) return bad(lexer, "something stands behind the value");
        return TSKL_JSON_TOKEN_END;
    default: return TSKL_JSON_TOKEN_BAD;
    }
}

bool tskl_json_is_valid(tskl_slice text) {
    tskl_json_lexer lexer;
    tskl_json_lexer_init(&lexer, text);
    for (;;) {
        tskl_json_token token = tskl_json_lexer_next(&lexer);
        if (token == TSKL_JSON_TOKEN_END) return true;
        if (token == TSKL_JSON_TOKEN_BAD) return false;
    }
}
