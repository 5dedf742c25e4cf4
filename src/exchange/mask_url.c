// URLs without fragment, userinfo and secret values.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "exchange/url.h"

// The userinfo is taken out with its '@', which may stand alone.
static void hide_userinfo(tskl_masker *masker, tskl_slice userinfo) {
    if (!userinfo.ptr) return;
    size_t end = (size_t)(userinfo.ptr - masker->source.ptr) + userinfo.len;
    if (end == masker->source.len || masker->source.ptr[end] != '@') return;
    tskl_slice rest = userinfo, part;
    while (rest.len) {
        tskl_slice raw = tskl_slice_split(&rest, ':');
        if (!tskl_percent_decode(raw, false, masker->arena, &part) ||
            !tskl_secrets_add(masker->secrets, masker->arena, part))
            masker->edits.failed = true;
    }
    tskl_edits_add(&masker->edits, masker->source, tskl_slice_make(userinfo.ptr, userinfo.len + 1),
                   TSKL_S(""));
}

static void hide_parts(tskl_masker *masker) {
    tskl_url url = tskl_url_parse(masker->source);
    hide_userinfo(masker, url.userinfo);
    tskl_masker_pairs(masker, url.query, TSKL_MASK_QUERY);
    if (url.fragment.len) tskl_edits_add(&masker->edits, masker->source, url.fragment, TSKL_S(""));
}

tskl_status tskl_mask_url(const tskl_mask_rules *rules, tskl_slice url, tskl_arena *arena,
                          tskl_slice *out, tskl_secrets *secrets, tskl_error *err) {
    tskl_masker masker = {rules, url, {.arena = arena}, secrets, arena};
    hide_parts(&masker);
    if (tskl_edits_apply(&masker.edits, url, out)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a masked URL");
}
