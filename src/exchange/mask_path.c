// Paths: some services put the whole credential there.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

typedef struct path_row {
    const char *host;  // or how it ends, from its dot
    const char *after; // where the path has this,
    size_t skipped;    // so many segments behind it
    bool rest;         // the next one is a secret, or all that follow
} path_row;

static const path_row paths[] = {
    {"hooks.slack.com", "/services/", 2, true},
    {"hooks.slack.com", "/workflows/", 2, true},
    {"hooks.slack.com", "/triggers/", 1, true},
    {"api.telegram.org", "/bot", 0, false},
    {"discord.com", "/webhooks/", 1, false},
    {"discordapp.com", "/webhooks/", 1, false},
    {".webhook.office.com", "/IncomingWebhook/", 0, true},
    {"outlook.office.com", "/IncomingWebhook/", 0, true},
    {"hooks.zapier.com", "/catch/", 1, true},
    {"maker.ifttt.com", "/with/key/", 0, false},
    {".infura.io", "/v3/", 0, false},
    {".alchemy.com", "/v2/", 0, false},
};

static bool is_host(tskl_slice host, tskl_slice wanted) {
    if (!tskl_slice_starts(wanted, TSKL_S("."))) return tskl_slice_equal_nocase(host, wanted);
    return host.len > wanted.len &&
           tskl_slice_equal_nocase(tskl_slice_last(host, wanted.len), wanted);
}

// The secret part of a path that this row is for, or empty.
static tskl_slice secret_part(const path_row *row, tskl_slice path) {
    tskl_slice after = tskl_slice_of(row->after);
    size_t at = tskl_slice_search(path, after);
    if (at == SIZE_MAX) return (tskl_slice){NULL, 0};
    path = tskl_slice_from(path, at + after.len);
    for (size_t i = 0; i < row->skipped; i++) tskl_slice_split(&path, '/');
    return row->rest ? path : tskl_slice_split(&path, '/');
}

void tskl_masker_path(tskl_masker *masker, tskl_slice host, tskl_slice path) {
    for (size_t i = 0; i < TSKL_COUNT(paths); i++) {
        if (!is_host(host, tskl_slice_of(paths[i].host))) continue;
        tskl_slice part = secret_part(&paths[i], path);
        if (part.len == 0) continue;
        tskl_masker_hide(masker, part, part, false);
        return;
    }
}
