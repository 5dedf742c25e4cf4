// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// "***", the prefix before it, with quotes or without. Empty: no memory.
static tskl_slice shown_as(tskl_arena *arena, tskl_slice prefix, bool quoted) {
    if (prefix.len == 0) return quoted ? TSKL_S("\"***\"") : TSKL_S("***");
    size_t room = prefix.len + sizeof "\"***\"" - 1;
    tskl_buf shown = {.ptr = tskl_arena_take(arena, room), .room = room, .cap = room};
    if (!shown.ptr) return (tskl_slice){NULL, 0};
    if (quoted) tskl_buf_byte(&shown, '"');
    tskl_buf_add(&shown, prefix);
    tskl_buf_add(&shown, TSKL_S("***"));
    if (quoted) tskl_buf_byte(&shown, '"');
    return tskl_buf_slice(&shown);
}

void tskl_masker_hide(tskl_masker *masker, tskl_slice part, tskl_slice plain, bool quoted) {
    if (tskl_mask_is_no_value(plain)) return;
    tskl_slice shown = shown_as(masker->arena, tskl_mask_prefix(plain), quoted);
    if (!shown.ptr || !tskl_secrets_add_credential(masker->secrets, masker->arena, plain)) {
        masker->edits.failed = true;
        return;
    }
    tskl_edits_add(&masker->edits, masker->source, part, shown);
}

unsigned tskl_masker_places(const tskl_masker *masker, tskl_slice name) {
    if (name.len == 0) return 0;
    if (!masker->memos) return tskl_mask_places(name);
    unsigned first = (unsigned char)name.ptr[0], last = (unsigned char)name.ptr[name.len - 1];
    unsigned middle = (unsigned char)name.ptr[name.len / 2];
    size_t hash = first * 5 + middle * 11 + last * 3 + name.len * 7;
    size_t at = hash % TSKL_COUNT(masker->memos->of);
    if (!tskl_slice_equal(masker->memos->of[at].name, name)) {
        masker->memos->of[at].name = name;
        masker->memos->of[at].places = tskl_mask_places(name);
    }
    return masker->memos->of[at].places;
}
