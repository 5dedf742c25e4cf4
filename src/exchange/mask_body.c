// Which kind of body it is, and what of it may be a secret.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

typedef enum body_kind { OTHER, JSON, LINES, EVENTS, FORM, MULTIPART, XML } body_kind;

static bool has(tskl_slice type, tskl_slice word) {
    return tskl_slice_search(type, word) != SIZE_MAX;
}

static bool begins_as_json(tskl_slice text) {
    text = tskl_slice_trim(text);
    return text.len && (text.ptr[0] == '{' || text.ptr[0] == '[');
}

static body_kind kind_of(tskl_slice type, tskl_slice body) {
    static const struct {
        tskl_slice word;
        body_kind kind;
    } rows[] = {
        {TSKL_LIT("ndjson"), LINES},         {TSKL_LIT("jsonl"), LINES},
        {TSKL_LIT("json-lines"), LINES},     {TSKL_LIT("json-seq"), LINES},
        {TSKL_LIT("event-stream"), EVENTS},  {TSKL_LIT("json"), JSON},
        {TSKL_LIT("form-urlencoded"), FORM}, {TSKL_LIT("form-data"), MULTIPART},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (has(type, rows[i].word)) return rows[i].kind;
    // Many servers call JSON text/plain or text/html: what it looks like counts.
    if (begins_as_json(body)) return JSON;
    return has(type, TSKL_S("xml")) ? XML : OTHER;
}

static void mask_lines(tskl_masker *masker) {
    for (tskl_slice rest = masker->source; rest.len;)
        tskl_masker_json(masker, tskl_slice_line(&rest));
}

// The data of events, where it is JSON.
static void mask_events(tskl_masker *masker) {
    for (tskl_slice rest = masker->source; rest.len;) {
        tskl_slice line = tskl_slice_line(&rest);
        if (!tskl_slice_starts(line, TSKL_S("data:"))) continue;
        line = tskl_slice_from(line, 5);
        if (begins_as_json(line)) tskl_masker_json(masker, line);
    }
}

void tskl_masker_body(tskl_masker *masker, tskl_slice content_type) {
    switch (kind_of(content_type, masker->source)) {
    case JSON: tskl_masker_json(masker, masker->source); return;
    case LINES: mask_lines(masker); return;
    case EVENTS: mask_events(masker); return;
    case FORM: tskl_masker_pairs(masker, masker->source, TSKL_MASK_FORM); return;
    case MULTIPART: tskl_masker_multipart(masker); return;
    case XML: tskl_masker_xml(masker, masker->source); return;
    case OTHER: return;
    }
}

tskl_status tskl_mask_body(const tskl_mask_rules *rules, tskl_slice content_type, tskl_slice body,
                           tskl_arena *arena, tskl_slice *out, tskl_secrets *secrets,
                           tskl_error *err) {
    tskl_masker masker = {rules, body, {.arena = arena}, secrets, arena};
    tskl_masker_body(&masker, content_type);
    if (tskl_edits_apply(&masker.edits, body, out)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a masked body of %zu bytes", body.len);
}
