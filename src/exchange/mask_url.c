// URLs without fragment, userinfo and secret values.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "exchange/url.h"

// The userinfo is taken out with its '@', which may stand alone.
static void hide_userinfo(tskl_masker *masker, tskl_slice text, tskl_slice userinfo) {
    if (!userinfo.ptr) return;
    const char *end = userinfo.ptr + userinfo.len;
    if (end == text.ptr + text.len || *end != '@') return;
    tskl_slice password = userinfo, user = tskl_slice_split(&password, ':');
    if (!tskl_percent_decode(user, false, masker->arena, &user) ||
        !tskl_percent_decode(password, false, masker->arena, &password) ||
        !tskl_secrets_add_credential(masker->secrets, masker->arena, user) ||
        !tskl_secrets_add_credential(masker->secrets, masker->arena, password))
        masker->edits.failed = true;
    tskl_edits_add(&masker->edits, masker->source, tskl_slice_make(userinfo.ptr, userinfo.len + 1),
                   TSKL_S(""));
}

void tskl_masker_url(tskl_masker *masker, tskl_slice text) {
    tskl_url url = tskl_url_parse(text);
    hide_userinfo(masker, text, url.userinfo);
    tskl_masker_path(masker, url.host, url.path);
    tskl_masker_pairs(masker, url.query, TSKL_MASK_QUERY);
}

tskl_status tskl_mask_url(const tskl_mask_rules *rules, tskl_slice url, tskl_arena *arena,
                          tskl_slice *out, tskl_secrets *secrets, tskl_error *err) {
    tskl_masker masker = {rules, url, {.arena = arena}, secrets, arena};
    tskl_slice fragment = tskl_url_parse(url).fragment;
    tskl_masker_url(&masker, url);
    if (fragment.len) tskl_edits_add(&masker.edits, url, fragment, TSKL_S(""));
    if (tskl_edits_apply(&masker.edits, url, out)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a masked URL");
}
