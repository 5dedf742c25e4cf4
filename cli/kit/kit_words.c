// SPDX-License-Identifier: Apache-2.0
#include "kit/kit_words.h"
#include "base/buf.h"

enum { EXPANDED_MAX = 64 * 1024, WORD_MAX = 32 };

bool tskl_kit_words_set(tskl_kit_words *words, tskl_slice name, const char *value) {
    size_t at = 0;
    while (at < words->count && !tskl_slice_equal(words->items[at].name, name)) at++;
    if (at == TSKL_KIT_WORDS_MAX) return false;
    words->items[at].name = name;
    words->items[at].value = value;
    if (at == words->count) words->count++;
    return true;
}

static const char *find(const tskl_kit_words *words, tskl_slice name) {
    for (size_t i = 0; i < words->count; i++)
        if (tskl_slice_equal(words->items[i].name, name)) return words->items[i].value;
    return NULL;
}

static bool is_word(tskl_slice name) {
    if (name.len == 0 || name.len > WORD_MAX) return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool later = (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!letter && (i == 0 || !later)) return false;
    }
    return true;
}

static tskl_status expand(const tskl_kit_words *words, tskl_slice text, tskl_buf *out,
                          tskl_error *err) {
    while (text.len) {
        size_t at = tskl_slice_find(text, '@');
        if (at == SIZE_MAX) at = text.len;
        tskl_buf_add(out, tskl_slice_first(text, at));
        text = tskl_slice_from(text, at);
        if (text.len == 0) break;
        size_t end = tskl_slice_find(tskl_slice_from(text, 1), '@');
        tskl_slice name = tskl_slice_first(tskl_slice_from(text, 1), end == SIZE_MAX ? 0 : end);
        if (!is_word(name)) {
            tskl_buf_byte(out, '@');
            text = tskl_slice_from(text, 1);
            continue;
        }
        const char *value = find(words, name);
        if (!value)
            return tskl_fail(err, TSKL_ERR_INVALID, "@" TSKL_FMT "@ is no placeholder",
                             TSKL_ARG(name));
        tskl_buf_add(out, tskl_slice_of(value));
        text = tskl_slice_from(text, name.len + 2);
    }
    return TSKL_OK;
}

tskl_status tskl_kit_words_expand(const tskl_kit_words *words, tskl_slice text, tskl_arena *arena,
                                  const char **out, tskl_error *err) {
    tskl_buf buf;
    *out = NULL;
    tskl_buf_init(&buf, EXPANDED_MAX);
    tskl_status status = expand(words, text, &buf, err);
    if (status == TSKL_OK) *out = tskl_arena_cstr(arena, tskl_buf_slice(&buf));
    if (status == TSKL_OK && (buf.failed || !*out))
        status = tskl_fail(err, TSKL_ERR_NOMEM, "no room for a command");
    tskl_buf_deinit(&buf);
    return status;
}
