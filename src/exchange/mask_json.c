// JSON: secret members are cut out of the text as it is, so that all other bytes stay.
// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_lexer.h"
#include "exchange/masker.h"

typedef struct walk {
    tskl_masker *masker;
    tskl_json_lexer lexer;
    tskl_slice names[TSKL_JSON_MAX_DEPTH + 1]; // of the member under way; empty in an array
    size_t level;                              // of the value under way: 1 in the outermost object
    size_t resume_at;                          // what stands before it is dealt with
    bool oauth, oauth_known;                   // of the outermost object
} walk;

// True when what is left of a path from its step `at` on takes the names from `level` on. Arrays
// are no step of their own: "$.cards.number" takes each card's, as "$.cards[*].number" does.
static bool path_takes(const tskl_json_path *path, size_t at, const walk *w, size_t level) {
    while (level <= w->level && w->names[level].len == 0) level++;
    size_t from = at;
    bool any_depth = false;
    for (; at < path->count && path->steps[at].of_items; at++)
        any_depth = any_depth || path->steps[at].any_depth;
    const tskl_json_step *step = at < path->count ? &path->steps[at] : NULL;
    if (level > w->level) return !step;
    any_depth = any_depth || (step && step->any_depth);
    if (any_depth && path_takes(path, from, w, level + 1)) return true;
    bool takes =
        step && (step->kind == TSKL_STEP_ALL || tskl_slice_equal(step->name, w->names[level]));
    return takes && path_takes(path, at + 1, w, level + 1);
}

static bool rules_name(const walk *w) {
    const tskl_mask_rules *rules = w->masker->rules;
    if (w->names[w->level].len == 0) return false;
    for (size_t i = 0; rules && i < rules->json_count; i++)
        if (path_takes(&rules->json[i], 0, w, 1)) return true;
    return false;
}

// OAuth is spoken where one of its members stands in the outermost object, and no error is told:
// there, `code` is what the Pack is for.
static bool speaks_oauth(walk *w) {
    if (w->oauth_known) return w->oauth;
    bool spoken = false, error = false;
    tskl_json_lexer lexer;
    tskl_json_lexer_init(&lexer, w->lexer.text);
    for (tskl_json_token token; (token = tskl_json_lexer_next(&lexer)) != TSKL_JSON_TOKEN_END;) {
        if (token == TSKL_JSON_TOKEN_BAD) break;
        if (token != TSKL_JSON_TOKEN_KEY || lexer.depth != 1) continue;
        tskl_slice name = {lexer.raw.ptr + 1, lexer.raw.len - 2};
        spoken = spoken || tskl_mask_speaks_oauth(name);
        error = error || tskl_mask_tells_error(name);
    }
    w->oauth_known = true;
    return w->oauth = spoken && !error;
}

static bool is_card_number(const walk *w) {
    return w->level > 1 && tskl_slice_equal(w->names[w->level], TSKL_S("number")) &&
           tskl_slice_ends(w->names[w->level - 1], TSKL_S("card"));
}

// {"errors": {"password": "is too short"}}: a sentence about a secret, which is the reason sought.
static bool is_sentence_of_error(const walk *w, tskl_slice plain) {
    if (!tskl_slice_contains(plain, ' ')) return false;
    for (size_t level = 1; level < w->level; level++)
        if (tskl_slice_starts(w->names[level], TSKL_S("error"))) return true;
    return false;
}

static bool name_is_secret(const walk *w) {
    tskl_slice name = w->names[w->level];
    return name.len && (is_card_number(w) || (tskl_mask_places(name) & TSKL_MASK_MEMBER));
}

// Of a member whose name says that it may be one. `plain` is a string, decoded, or a number.
static bool value_is_secret(walk *w, tskl_slice plain, bool number) {
    if (!(tskl_mask_places(w->names[w->level]) & TSKL_MASK_OAUTH))
        return !is_sentence_of_error(w, plain);
    if (number) return false;
    return tskl_mask_prefix(plain).len > 0 || (w->level == 1 && speaks_oauth(w));
}

// A signed URL is as good as a key. One with escapes in it is left alone: its parts would not be
// those of the text.
static void mask_url(walk *w, tskl_slice raw) {
    tskl_slice inside = {raw.ptr + 1, raw.len - 2};
    if (tskl_slice_starts(inside, TSKL_S("http")) && !tskl_slice_contains(inside, '\\'))
        tskl_masker_url(w->masker, inside);
}

static bool decode(walk *w, tskl_slice raw, tskl_slice *plain) {
    if (tskl_json_decode(raw, w->masker->arena, plain)) return true;
    w->masker->edits.failed = true;
    return false;
}

static void scalar(walk *w, tskl_json_token token) {
    tskl_slice raw = w->lexer.raw, plain = raw;
    bool number = token == TSKL_JSON_TOKEN_NUMBER, named = rules_name(w);
    if (!number && token != TSKL_JSON_TOKEN_STRING) return;
    if (!named && !name_is_secret(w)) {
        if (!number) mask_url(w, raw);
        return;
    }
    if (!number && !decode(w, raw, &plain)) return;
    if (named || value_is_secret(w, plain, number)) tskl_masker_hide(w->masker, raw, plain, true);
}

// An object or array that a user named is hidden whole, and each string in it is a secret.
static void hide_container(walk *w) {
    tskl_slice plain, whole = tskl_slice_make(w->lexer.raw.ptr, 0);
    const char *end = w->lexer.text.ptr + w->lexer.text.len;
    while (w->lexer.depth > w->level) {
        tskl_json_token token = tskl_json_lexer_next(&w->lexer);
        if (token == TSKL_JSON_TOKEN_BAD) break;
        if (token == TSKL_JSON_TOKEN_STRING && decode(w, w->lexer.raw, &plain) &&
            !tskl_secrets_add(w->masker->secrets, w->masker->arena, plain))
            w->masker->edits.failed = true;
    }
    if (w->lexer.depth == w->level) end = w->lexer.raw.ptr + w->lexer.raw.len;
    whole.len = (size_t)(end - whole.ptr);
    tskl_edits_add(&w->masker->edits, w->masker->source, whole, TSKL_S("\"***\""));
}

static void container(walk *w) {
    if (w->level > 0 && rules_name(w))
        hide_container(w);
    else
        w->names[w->lexer.depth] = (tskl_slice){NULL, 0};
}

static tskl_json_token step(walk *w) {
    tskl_json_token token = tskl_json_lexer_next(&w->lexer);
    w->level = w->lexer.depth;
    switch (token) {
    case TSKL_JSON_TOKEN_OBJECT:
    case TSKL_JSON_TOKEN_ARRAY:
        w->level--;
        container(w);
        break;
    case TSKL_JSON_TOKEN_KEY: decode(w, w->lexer.raw, &w->names[w->level]); return token;
    case TSKL_JSON_TOKEN_BAD: return token;
    default: scalar(w, token);
    }
    w->resume_at = w->lexer.at;
    return token;
}

void tskl_masker_json(tskl_masker *masker, tskl_slice text) {
    walk w = {.masker = masker};
    tskl_json_lexer_init(&w.lexer, text);
    tskl_json_token token;
    do token = step(&w);
    while (token != TSKL_JSON_TOKEN_END && token != TSKL_JSON_TOKEN_BAD && !masker->edits.failed);
    if (token == TSKL_JSON_TOKEN_BAD)
        tskl_masker_cut_json(masker, tskl_slice_from(text, w.resume_at));
}
