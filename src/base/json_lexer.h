// json_lexer: JSON token by token, without memory of its own: for checking, cutting and masking
// text that has to keep its bytes.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_JSON_LEXER_H
#define TSKL_BASE_JSON_LEXER_H
#include "base/slice.h"

enum { TSKL_JSON_MAX_DEPTH = 128 };

typedef enum tskl_json_token {
    TSKL_JSON_TOKEN_END, // one whole value was read, and nothing stands behind it
    TSKL_JSON_TOKEN_BAD, // not JSON, cut, not UTF-8, or too deep: see `at` and `problem`
    TSKL_JSON_TOKEN_OBJECT,
    TSKL_JSON_TOKEN_OBJECT_END,
    TSKL_JSON_TOKEN_ARRAY,
    TSKL_JSON_TOKEN_ARRAY_END,
    TSKL_JSON_TOKEN_KEY,
    TSKL_JSON_TOKEN_STRING,
    TSKL_JSON_TOKEN_NUMBER,
    TSKL_JSON_TOKEN_TRUE,
    TSKL_JSON_TOKEN_FALSE,
    TSKL_JSON_TOKEN_NULL,
} tskl_json_token;

typedef struct tskl_json_lexer {
    tskl_slice text;
    size_t at;           // where the next token is looked for; the fault after BAD
    size_t depth;        // open objects and arrays
    tskl_slice raw;      // the last token as written, a string with its quotes
    const char *problem; // what was wrong, after BAD; static
    unsigned char expect;
    unsigned char in_object[TSKL_JSON_MAX_DEPTH / 8];
} tskl_json_lexer;

/** `text` is borrowed while the lexer is in use. */
void tskl_json_lexer_init(tskl_json_lexer *lexer, tskl_slice text);
/** The next token. After END or BAD it stays there. */
tskl_json_token tskl_json_lexer_next(tskl_json_lexer *lexer);
/** True when `text` is exactly one JSON value (RFC 8259), white space around it allowed. */
bool tskl_json_is_valid(tskl_slice text);
#endif
