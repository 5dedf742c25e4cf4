// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// "***", the prefix before it, with quotes or without. Empty: no memory.
static tskl_slice shown_as(tskl_arena *arena, tskl_slice prefix, bool quoted) {
    if (prefix.len == 0) return quoted ? TSKL_S("\"***\"") : TSKL_S("***");
    const char *quote = quoted ? "\"" : "";
    return tskl_slice_of(
        tskl_arena_printf(arena, "%s" TSKL_FMT "***%s", quote, TSKL_ARG(prefix), quote));
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
