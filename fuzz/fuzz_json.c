// JSON: the lexer and the tree agree on what is valid, and a tree that is written is read as the
// same.
// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_lexer.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "must.h"

enum { WRITTEN_MAX = 64 << 20 };

static void must_lie_within(const tskl_json *value, tskl_slice text) {
    MUST(value->raw.len > 0 && value->raw.ptr >= text.ptr);
    MUST(value->raw.ptr + value->raw.len <= text.ptr + text.len);
    MUST(tskl_utf8_valid(value->text) && tskl_utf8_valid(value->key));
    MUST(tskl_json_is_valid(value->raw));
    size_t count = 0;
    for (const tskl_json *child = value->first; child; child = child->next, count++)
        must_lie_within(child, value->raw);
    MUST(count == value->count);
}

static void must_be_equal(const tskl_json *a, const tskl_json *b) {
    MUST(a->kind == b->kind && a->count == b->count && tskl_slice_equal(a->key, b->key));
    if (a->kind == TSKL_JSON_STRING) MUST(tskl_slice_equal(a->text, b->text));
    double left, right;
    bool read = tskl_json_to_double(a, &left);
    MUST(read == tskl_json_to_double(b, &right) && (!read || left == right));
    const tskl_json *child = b->first;
    for (const tskl_json *each = a->first; each; each = each->next, child = child->next)
        must_be_equal(each, child);
}

static void must_survive_writing(const tskl_json *root, tskl_arena *arena) {
    tskl_buf written;
    const tskl_json *again;
    tskl_buf_init(&written, WRITTEN_MAX);
    tskl_json_add_value(&written, root);
    MUST(!written.failed && tskl_json_is_valid(tskl_buf_slice(&written)));
    MUST(tskl_json_parse(tskl_buf_slice(&written), arena, &again, NULL) == TSKL_OK);
    must_be_equal(root, again);
    tskl_arena_reset(arena);
    tskl_buf_deinit(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice text = tskl_slice_make(data, size);
    tskl_arena arena = {0};
    const tskl_json *root;
    tskl_status status = tskl_json_parse(text, &arena, &root, NULL);
    MUST((status == TSKL_OK) == tskl_json_is_valid(text) && (status == TSKL_OK) == (root != NULL));
    if (root) {
        must_lie_within(root, text);
        must_survive_writing(root, &arena);
    }
    tskl_arena_reset(&arena);
    return 0;
}
