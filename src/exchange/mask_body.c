// Which kind of body it is, and what of it may be a secret.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

typedef enum body_kind { OTHER, JSON, LINES, EVENTS, FORM, MULTIPART, XML, BINARY } body_kind;

static bool has(tskl_slice type, tskl_slice word) {
    return tskl_slice_search(type, word) != SIZE_MAX;
}

static tskl_slice without_blanks(tskl_slice text) {
    while (text.len && text.ptr[0] && strchr(" \t\r\n", text.ptr[0]))
        text = tskl_slice_from(text, 1);
    return text;
}

bool tskl_mask_begins_as_json(tskl_slice text) {
    text = without_blanks(text);
    return text.len && (text.ptr[0] == '{' || text.ptr[0] == '[');
}

// name=value&name=value, whatever it is called: all of it in one line, without blanks.
static bool looks_like_form(tskl_slice text) {
    enum { NAME_MAX_LEN = 1024 };
    size_t end = tskl_slice_find(tskl_slice_first(text, NAME_MAX_LEN), '=');
    if (end == 0 || end == SIZE_MAX) return false;
    for (size_t i = 0; i < end; i++)
        if (!text.ptr[i] || strchr("&;: \t\r\n\"'<>{}", text.ptr[i])) return false;
    text = tskl_slice_from(text, end);
    return tskl_slice_contains(text, '&') && !tskl_slice_contains(text, ' ') &&
           !tskl_slice_contains(text, '\n');
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
        {TSKL_LIT("multipart/"), MULTIPART}, {TSKL_LIT("image/"), BINARY},
        {TSKL_LIT("audio/"), BINARY},        {TSKL_LIT("video/"), BINARY},
        {TSKL_LIT("font/"), BINARY},
    };
    // Many servers call JSON text/plain, and curl calls all that it sends a form: what it looks
    // like counts for these.
    body_kind kind = OTHER;
    for (size_t i = 0; kind == OTHER && i < TSKL_COUNT(rows); i++)
        if (has(type, rows[i].word)) kind = rows[i].kind;
    if (kind != OTHER && kind != JSON && kind != FORM) return kind;
    if (tskl_mask_begins_as_json(body)) return JSON;
    tskl_slice text = without_blanks(body);
    if (text.len && text.ptr[0] == '<') return XML;
    if (kind != OTHER) return kind;
    if (tskl_slice_contains(body, 0)) return BINARY;
    return looks_like_form(body) ? FORM : OTHER;
}

static void mask_lines(tskl_masker *masker, tskl_slice text) {
    while (text.len) tskl_masker_json(masker, tskl_slice_line(&text));
}

static void read_data(tskl_masker *masker, tskl_slice data) {
    if (tskl_mask_begins_as_json(data))
        tskl_masker_json(masker, data);
    else
        tskl_masker_document(masker, data);
}

// The data of one event: from behind its first "data:" to the end of its last such line.
static tskl_slice event_data(tskl_slice event) {
    tskl_slice data = {NULL, 0};
    while (event.len) {
        tskl_slice line = tskl_slice_line(&event);
        if (!tskl_slice_starts(line, TSKL_S("data:"))) continue;
        line = tskl_slice_from(line, 5);
        if (!data.ptr) data = line;
        data.len = (size_t)(line.ptr + line.len - data.ptr);
    }
    return data;
}

static void mask_events(tskl_masker *masker, tskl_slice text) {
    while (text.len && !masker->edits.failed) {
        tskl_slice event = {text.ptr, 0};
        // An empty line ends an event.
        for (tskl_slice line = text; line.len && text.len;
             event.len = (size_t)(text.ptr - event.ptr))
            line = tskl_slice_line(&text);
        tskl_slice data = event_data(event);
        if (data.len) tskl_masker_inside(masker, data, TSKL_ESCAPES_EVENT, read_data);
    }
}

static void read_kind(tskl_masker *masker, body_kind kind, tskl_slice text) {
    switch (kind) {
    case JSON: tskl_masker_json(masker, text); return;
    case LINES: mask_lines(masker, text); return;
    case EVENTS: mask_events(masker, text); return;
    case FORM: tskl_masker_pairs(masker, text, TSKL_MASK_FORM); return;
    case MULTIPART: tskl_masker_multipart(masker, text); return;
    case XML: tskl_masker_xml(masker, text); return;
    case OTHER: tskl_masker_document(masker, text); return;
    case BINARY: return;
    }
}

void tskl_masker_part(tskl_masker *masker, tskl_slice content_type, tskl_slice text) {
    read_kind(masker, kind_of(content_type, text), text);
}

void tskl_masker_body(tskl_masker *masker, tskl_slice content_type) {
    tskl_mask_memos memos = {0};
    masker->memos = &memos;
    tskl_masker_part(masker, content_type, masker->source);
    masker->memos = NULL;
}

static tskl_status finish(tskl_masker *masker, tskl_slice *out, tskl_error *err) {
    if (tskl_edits_apply(&masker->edits, masker->source, out)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (masking %zu bytes)", masker->source.len);
}

tskl_status tskl_mask_body(const tskl_mask_rules *rules, tskl_slice content_type, tskl_slice body,
                           tskl_arena *arena, tskl_slice *out, tskl_secrets *secrets,
                           tskl_error *err) {
    tskl_masker masker = {rules, body, {.arena = arena}, secrets, arena, 0, NULL};
    tskl_masker_body(&masker, content_type);
    return finish(&masker, out, err);
}

tskl_status tskl_mask_text(const tskl_mask_rules *rules, tskl_slice text, tskl_arena *arena,
                           tskl_slice *out, tskl_secrets *secrets, tskl_error *err) {
    tskl_masker masker = {rules, text, {.arena = arena}, secrets, arena, 0, NULL};
    tskl_masker_text(&masker, text);
    return finish(&masker, out, err);
}
