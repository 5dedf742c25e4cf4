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
        !tskl_secrets_add_user(masker->secrets, masker->arena, user) ||
        !tskl_secrets_add_credential(masker->secrets, masker->arena, password))
        masker->edits.failed = true;
    tskl_edits_add(&masker->edits, masker->source, tskl_slice_make(userinfo.ptr, userinfo.len + 1),
                   TSKL_S(""));
}

// "sqlserver://host:1433;user=sa;password=x"
static void read_host(tskl_masker *masker, const tskl_url *url) {
    if (url->host.len == 0) return;
    tskl_slice rest = {url->host.ptr, (size_t)(url->path.ptr - url->host.ptr)}; // with its port
    size_t semicolon = tskl_slice_find(rest, ';');
    if (semicolon != SIZE_MAX)
        tskl_masker_pairs(masker, tskl_slice_from(rest, semicolon + 1), TSKL_MASK_QUERY);
}

// "#access_token=x", "#/login?token=x"
static void read_fragment(tskl_masker *masker, tskl_slice fragment) {
    size_t mark = tskl_slice_find(fragment, '?');
    tskl_slice pairs = tskl_slice_from(fragment, mark == SIZE_MAX ? 1 : mark + 1);
    if (tskl_slice_contains(pairs, '=')) tskl_masker_pairs(masker, pairs, TSKL_MASK_QUERY);
}

void tskl_masker_url(tskl_masker *masker, tskl_slice text) {
    tskl_url url = tskl_url_parse(text);
    hide_userinfo(masker, text, url.userinfo);
    read_host(masker, &url);
    tskl_masker_path(masker, url.host, url.path);
    tskl_masker_pairs(masker, url.query, TSKL_MASK_QUERY);
    read_fragment(masker, url.fragment);
}

tskl_status tskl_mask_url(const tskl_mask_rules *rules, tskl_slice url, tskl_arena *arena,
                          tskl_slice *out, tskl_secrets *secrets, tskl_error *err) {
    tskl_masker masker = {rules, url, {.arena = arena}, secrets, arena, 0, NULL};
    tskl_slice fragment = tskl_url_parse(url).fragment;
    tskl_masker_url(&masker, tskl_slice_first(url, url.len - fragment.len));
    if (fragment.len) tskl_edits_add(&masker.edits, url, fragment, TSKL_S(""));
    if (tskl_edits_apply(&masker.edits, url, out)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (masking a URL)");
}
