// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_lexer.h"
#include "base/number.h"
#include "base/utf8.h"
#include <math.h>

static unsigned hex4(const char *p) {
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)p[i];
        value = value << 4 | (c <= '9' ? c - '0' + 0u : (c | 0x20u) - 'a' + 10u);
    }
    return value;
}

// One \u escape, or two where they are halves of one character. A half alone becomes U+FFFD.
static uint32_t decode_unicode(tskl_slice *rest) {
    uint32_t c = hex4(rest->ptr + 2);
    *rest = tskl_slice_from(*rest, 6);
    if (c < 0xd800 || c > 0xdfff) return c;
    if (c > 0xdbff || rest->len < 6 || rest->ptr[0] != '\\' || rest->ptr[1] != 'u') return 0xfffd;
    uint32_t low = hex4(rest->ptr + 2);
    if (low < 0xdc00 || low > 0xdfff) return 0xfffd;
    *rest = tskl_slice_from(*rest, 6);
    return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

static char meaning_of(char escape) {
    switch (escape) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return escape;
    }
}

static void decode_escape(tskl_slice *rest, tskl_buf *out) {
    char c = rest->ptr[1];
    if (c == 'u') {
        tskl_utf8_add(out, decode_unicode(rest));
        return;
    }
    tskl_buf_byte(out, meaning_of(c));
    *rest = tskl_slice_from(*rest, 2);
}

// Copies up to the next escape; how many bytes that was. Byte by byte: JSON in JSON has an escape
// every few of them.
static size_t copy_plain(tskl_slice from, char *to) {
    size_t at = 0;
    for (; at < from.len && from.ptr[at] != '\\'; at++) to[at] = from.ptr[at];
    return at;
}

bool tskl_json_decode(tskl_slice raw, tskl_arena *arena, tskl_slice *out) {
    tskl_slice inside = {raw.ptr + 1, raw.len - 2};
    *out = inside;
    if (!tskl_slice_contains(inside, '\\')) return true;
    // Decoded text is never longer than its escapes, so that the room is known.
    char *room = tskl_arena_take(arena, inside.len);
    *out = (tskl_slice){NULL, 0};
    if (!room) return false;
    tskl_buf decoded = {.ptr = room, .room = inside.len, .cap = inside.len};
    while (inside.len) {
        size_t plain = copy_plain(inside, decoded.ptr + decoded.len);
        decoded.len += plain;
        inside = tskl_slice_from(inside, plain);
        if (inside.len) decode_escape(&inside, &decoded);
    }
    *out = tskl_buf_slice(&decoded);
    return true;
}

typedef struct builder {
    tskl_json_lexer lexer;
    tskl_arena *arena;
    size_t line_end; // where the line being read ends; SIZE_MAX in the last one
    uint32_t line;
    tskl_json *open[TSKL_JSON_MAX_DEPTH + 1];
    tskl_json **link[TSKL_JSON_MAX_DEPTH + 1]; // where the next child of each goes
} builder;

static uint32_t line_at(builder *b, size_t offset) {
    while (b->line_end < offset) {
        tskl_slice rest = tskl_slice_from(b->lexer.text, b->line_end + 1);
        size_t end = tskl_slice_find(rest, '\n');
        b->line_end = end == SIZE_MAX ? SIZE_MAX : b->line_end + 1 + end;
        b->line++;
    }
    return b->line;
}

static tskl_json_kind kind_of(tskl_json_token token) {
    switch (token) {
    case TSKL_JSON_TOKEN_OBJECT: return TSKL_JSON_OBJECT;
    case TSKL_JSON_TOKEN_ARRAY: return TSKL_JSON_ARRAY;
    case TSKL_JSON_TOKEN_STRING: return TSKL_JSON_STRING;
    case TSKL_JSON_TOKEN_NUMBER: return TSKL_JSON_NUMBER;
    case TSKL_JSON_TOKEN_TRUE:
    case TSKL_JSON_TOKEN_FALSE: return TSKL_JSON_BOOL;
    default: return TSKL_JSON_NULL;
    }
}

static bool add_value(builder *b, tskl_json_token token, tskl_slice key) {
    tskl_json *value = tskl_arena_take(b->arena, sizeof *value);
    if (!value) return false;
    tskl_slice raw = b->lexer.raw;
    *value = (tskl_json){.kind = kind_of(token), .key = key, .text = raw, .raw = raw};
    value->line = line_at(b, (size_t)(raw.ptr - b->lexer.text.ptr));
    bool container = token == TSKL_JSON_TOKEN_OBJECT || token == TSKL_JSON_TOKEN_ARRAY;
    size_t level = b->lexer.depth - (container ? 1 : 0);
    *b->link[level] = value;
    b->link[level] = &value->next;
    if (level > 0) b->open[level]->count++;
    if (container) {
        b->open[level + 1] = value;
        b->link[level + 1] = &value->first;
    }
    return token != TSKL_JSON_TOKEN_STRING || tskl_json_decode(raw, b->arena, &value->text);
}

static void close_value(builder *b) {
    tskl_json *value = b->open[b->lexer.depth + 1];
    const char *end = b->lexer.raw.ptr + 1;
    value->raw = value->text = (tskl_slice){value->raw.ptr, (size_t)(end - value->raw.ptr)};
}

static tskl_status build(builder *b, tskl_error *err) {
    tskl_slice key = {NULL, 0};
    for (;;) {
        tskl_json_token token = tskl_json_lexer_next(&b->lexer);
        bool ok = true;
        switch (token) {
        case TSKL_JSON_TOKEN_END: return TSKL_OK;
        case TSKL_JSON_TOKEN_BAD:
            return tskl_fail(err, TSKL_ERR_SYNTAX, "line %u: %s", (unsigned)line_at(b, b->lexer.at),
                             b->lexer.problem);
        case TSKL_JSON_TOKEN_OBJECT_END:
        case TSKL_JSON_TOKEN_ARRAY_END: close_value(b); break;
        case TSKL_JSON_TOKEN_KEY: ok = tskl_json_decode(b->lexer.raw, b->arena, &key); break;
        default: ok = add_value(b, token, key); key = (tskl_slice){NULL, 0};
        }
        if (!ok) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a JSON document");
    }
}

tskl_status tskl_json_parse(tskl_slice text, tskl_arena *arena, const tskl_json **out,
                            tskl_error *err) {
    tskl_json *root = NULL;
    builder b = {.arena = arena, .line_end = tskl_slice_find(text, '\n'), .line = 1};
    tskl_json_lexer_init(&b.lexer, text);
    b.link[0] = &root;
    tskl_status status = build(&b, err);
    *out = status == TSKL_OK ? root : NULL;
    return status;
}

const tskl_json *tskl_json_get(const tskl_json *object, tskl_slice name) {
    const tskl_json *found = NULL;
    if (!object || object->kind != TSKL_JSON_OBJECT) return NULL;
    for (const tskl_json *member = object->first; member; member = member->next)
        if (tskl_slice_equal(member->key, name)) found = member;
    return found;
}

tskl_slice tskl_json_get_string(const tskl_json *object, tskl_slice name) {
    const tskl_json *value = tskl_json_get(object, name);
    return value && value->kind == TSKL_JSON_STRING ? value->text : (tskl_slice){NULL, 0};
}

bool tskl_json_to_double(const tskl_json *value, double *out) {
    *out = 0;
    return value && value->kind == TSKL_JSON_NUMBER && tskl_number_parse(value->text, out);
}

bool tskl_json_to_i64(const tskl_json *value, int64_t *out) {
    *out = 0;
    if (!value || value->kind != TSKL_JSON_NUMBER) return false;
    tskl_slice digits = value->text;
    bool negative = tskl_slice_starts(digits, TSKL_S("-"));
    uint64_t whole;
    if (tskl_slice_to_u64(tskl_slice_from(digits, negative), &whole)) {
        if (whole > (uint64_t)INT64_MAX + negative) return false;
        *out = (int64_t)(negative ? 0 - whole : whole);
        return true;
    }
    double number; // 1e3 and 5.0 are whole numbers as well
    if (!tskl_number_parse(digits, &number) || fabs(number) > 9007199254740992.0 ||
        trunc(number) != number)
        return false;
    *out = (int64_t)number;
    return true;
}

bool tskl_json_is_true(const tskl_json *value) {
    return value && value->kind == TSKL_JSON_BOOL && tskl_slice_equal(value->text, TSKL_S("true"));
}

const char *tskl_json_kind_text(tskl_json_kind kind) {
    static const char *const texts[] = {"null",     "a boolean", "a number",
                                        "a string", "an array",  "an object"};
    return texts[kind];
}
