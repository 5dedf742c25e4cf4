// Paths: some services put the whole credential there.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

typedef struct path_row {
    tskl_slice host;                  // or how it ends, from its dot
    tskl_slice after;                 // where the path has this,
    size_t skipped;                   // so many segments behind it
    enum { NEXT, REST, OPAQUE } kind; // the next is one, all that follow, the next if it is opaque
} path_row;

#define ROW(host, after, skipped, kind)                                                            \
    { TSKL_LIT(host), TSKL_LIT(after), skipped, kind }
static const path_row paths[] = {
    // chats
    ROW("hooks.slack.com", "/services/", 2, REST),
    ROW("hooks.slack.com", "/workflows/", 2, REST),
    ROW("hooks.slack.com", "/triggers/", 1, REST),
    ROW("hooks.slack-gov.com", "/services/", 2, REST),
    ROW("hooks.slack-gov.com", "/workflows/", 2, REST),
    ROW("hooks.slack-gov.com", "/triggers/", 1, REST),
    ROW("api.telegram.org", "/bot", 0, NEXT),
    ROW("discord.com", "/webhooks/", 1, NEXT),
    ROW("discord.com", "/interactions/", 1, NEXT),
    ROW("discordapp.com", "/webhooks/", 1, NEXT),
    ROW(".discord.com", "/webhooks/", 1, NEXT), // canary, ptb
    ROW(".discordapp.com", "/webhooks/", 1, NEXT),
    ROW(".webhook.office.com", "/IncomingWebhook/", 0, REST),
    ROW(".webhook.office.com", "/webhookb2/", 0, REST),
    ROW("outlook.office.com", "/IncomingWebhook/", 0, REST),
    ROW("outlook.office.com", "/webhook/", 0, REST),
    ROW("open.feishu.cn", "/hook/", 0, NEXT),
    ROW("open.larksuite.com", "/hook/", 0, NEXT),
    ROW("sctapi.ftqq.com", "/", 0, OPAQUE),
    ROW("api.day.app", "/", 0, OPAQUE),
    // automation
    ROW("hooks.zapier.com", "/catch/", 1, REST),
    ROW("hooks.zapier.com", "/standard/", 1, REST),
    ROW("maker.ifttt.com", "/with/key/", 0, NEXT),
    ROW(".make.com", "/", 0, OPAQUE), // hook.eu1.make.com
    ROW(".integromat.com", "/", 0, OPAQUE),
    ROW(".app.n8n.cloud", "/webhook/", 0, REST),
    ROW(".app.n8n.cloud", "/webhook-test/", 0, REST),
    ROW("connect.pabbly.com", "/sendwebhookdata/", 0, REST),
    ROW("webhook.site", "/", 0, OPAQUE),
    // deploys, alerts and signs of life
    ROW("api.netlify.com", "/build_hooks/", 0, NEXT),
    ROW("api.vercel.com", "/integrations/deploy/", 1, NEXT),
    ROW("events.pagerduty.com", "/integration/", 0, NEXT),
    ROW("hc-ping.com", "/", 0, NEXT),
    ROW("nosnch.in", "/", 0, NEXT),
    ROW("cronitor.link", "/p/", 0, NEXT),
    ROW("uptime.betterstack.com", "/heartbeat/", 0, NEXT),
    ROW("betteruptime.com", "/heartbeat/", 0, NEXT),
    ROW(".loggly.com", "/inputs/", 0, NEXT),
    ROW(".loggly.com", "/bulk/", 0, NEXT),
    // chains, weather and rates
    ROW(".infura.io", "/v3/", 0, NEXT),
    ROW(".alchemy.com", "/v2/", 0, NEXT),
    ROW(".quiknode.pro", "/", 0, OPAQUE),
    ROW(".getblock.io", "/", 0, OPAQUE),
    ROW(".chainstack.com", "/", 0, OPAQUE),
    ROW(".blastapi.io", "/", 0, OPAQUE),
    ROW("rpc.ankr.com", "/", 1, OPAQUE),
    ROW("api.darksky.net", "/forecast/", 0, NEXT),
    ROW("api.pirateweather.net", "/forecast/", 0, NEXT),
    ROW("v6.exchangerate-api.com", "/v6/", 0, NEXT),
};
#undef ROW

// Behind these in the path of any host, what is opaque is a secret: /hooks/xyz of a chat of one's
// own, /reset-password/xyz.
static const tskl_slice words[] = {
    TSKL_LIT("hooks"), TSKL_LIT("hook"),  TSKL_LIT("webhook"),      TSKL_LIT("incoming-webhook"),
    TSKL_LIT("magic"), TSKL_LIT("reset"), TSKL_LIT("verify-email"),
};

static bool is_host(tskl_slice host, tskl_slice wanted) {
    if (wanted.ptr[0] != '.')
        return host.len == wanted.len && tskl_slice_equal_nocase(host, wanted);
    return host.len > wanted.len &&
           tskl_slice_equal_nocase(tskl_slice_last(host, wanted.len), wanted);
}

// The secret part of a path that this row is for, or empty.
static tskl_slice secret_part(const path_row *row, tskl_slice path) {
    size_t at = tskl_slice_search(path, row->after);
    if (at == SIZE_MAX) return (tskl_slice){NULL, 0};
    path = tskl_slice_from(path, at + row->after.len);
    for (size_t i = 0; i < row->skipped; i++) tskl_slice_split(&path, '/');
    if (row->kind == REST) return path;
    tskl_slice part = tskl_slice_split(&path, '/');
    bool open = row->kind == OPAQUE && !tskl_mask_is_opaque(part, false);
    return tskl_slice_first(part, open ? 0 : part.len);
}

static bool announces_secret(tskl_slice segment) {
    for (size_t i = 0; i < TSKL_COUNT(words); i++)
        if (tskl_slice_equal_nocase(segment, words[i])) return true;
    return tskl_mask_places(segment) & TSKL_MASK_MEMBER;
}

// Where no row knows the host: keys by their shape, and what stands behind certain words.
static void read_any(tskl_masker *masker, tskl_slice path) {
    tskl_slice before = {NULL, 0};
    while (path.len && !masker->edits.failed) {
        tskl_slice segment = tskl_slice_split(&path, '/');
        size_t semicolon = tskl_slice_find(segment, ';');
        tskl_slice parameters = tskl_slice_from(segment, semicolon);
        segment = tskl_slice_first(segment, semicolon);
        if (segment.len >= 16 && announces_secret(before) && tskl_mask_is_opaque(segment, false))
            tskl_masker_hide(masker, segment, segment, false);
        else
            tskl_masker_keys(masker, segment);
        if (parameters.len) tskl_masker_pairs(masker, parameters, TSKL_MASK_QUERY);
        before = segment;
    }
}

void tskl_masker_path(tskl_masker *masker, tskl_slice host, tskl_slice path) {
    for (size_t i = 0; i < TSKL_COUNT(paths); i++) {
        if (!is_host(host, paths[i].host)) continue;
        tskl_slice part = secret_part(&paths[i], path);
        if (part.len == 0) continue;
        tskl_masker_hide(masker, part, part, false);
        return;
    }
    read_any(masker, path);
}
