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
    tskl_slice prefix = tskl_mask_prefix(plain);
    tskl_slice shown = shown_as(masker->arena, prefix, quoted);
    // What follows the prefix is looked for: whoever drops the prefix still gives the secret away.
    tskl_slice secret = tskl_slice_from(plain, prefix.len);
    if (!shown.ptr || !tskl_secrets_add(masker->secrets, masker->arena, secret)) {
        masker->edits.failed = true;
        return;
    }
    tskl_edits_add(&masker->edits, masker->source, part, shown);
}
