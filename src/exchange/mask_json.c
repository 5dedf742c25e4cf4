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

// True when `rule`, what is left of a path such as ".card.number" or "..number", takes the names
// from `level` on. Arrays are no step of their own: ".cards.number" takes each card's.
static bool path_takes(tskl_slice rule, const walk *w, size_t level) {
    while (level <= w->level && w->names[level].len == 0) level++;
    if (rule.len == 0 || level > w->level) return rule.len == 0 && level > w->level;
    bool any_level = tskl_slice_starts(rule, TSKL_S(".."));
    if (any_level && path_takes(rule, w, level + 1)) return true;
    rule = tskl_slice_from(rule, any_level ? 2 : 1);
    tskl_slice step = tskl_slice_first(rule, tskl_slice_find(rule, '.'));
    tskl_slice name = tskl_slice_first(step, tskl_slice_find(step, '[')); // of "cards[*]"
    bool takes = tskl_slice_equal(name, TSKL_S("*")) || tskl_slice_equal(name, w->names[level]);
    return takes && path_takes(tskl_slice_from(rule, step.len), w, level + 1);
}

static bool rules_name(const walk *w) {
    const tskl_mask_rules *rules = w->masker->rules;
    if (w->names[w->level].len == 0) return false;
    for (size_t i = 0; rules && i < rules->json_count; i++)
        if (rules->json[i].len > 1 && path_takes(tskl_slice_from(rules->json[i], 1), w, 1))
            return true;
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

// A value of our own list: `plain` is a string, decoded, or a number.
static bool is_secret(walk *w, tskl_slice plain, bool number) {
    tskl_slice name = w->names[w->level];
    if (name.len == 0) return false;
    if (is_card_number(w)) return true;
    unsigned places = tskl_mask_places(name);
    if (!(places & TSKL_MASK_MEMBER)) return false;
    if (places & TSKL_MASK_OAUTH)
        return !number && (tskl_mask_prefix(plain).len > 0 || (w->level == 1 && speaks_oauth(w)));
    return !is_sentence_of_error(w, plain);
}

// A signed URL is as good as a key. One with escapes in it is left alone: its parts would not be
// those of the text.
static bool is_url(tskl_slice raw, tskl_slice plain) {
    return raw.len == plain.len + 2 && tskl_slice_starts(plain, TSKL_S("http")) &&
           tskl_slice_search(plain, TSKL_S("://")) != SIZE_MAX;
}

static bool decode(walk *w, tskl_slice raw, tskl_slice *plain) {
    if (tskl_json_decode(raw, w->masker->arena, plain)) return true;
    w->masker->edits.failed = true;
    return false;
}

static void scalar(walk *w, tskl_json_token token) {
    tskl_slice raw = w->lexer.raw, plain = raw;
    bool number = token == TSKL_JSON_TOKEN_NUMBER;
    if (token == TSKL_JSON_TOKEN_STRING && !decode(w, raw, &plain)) return;
    if (!number && token != TSKL_JSON_TOKEN_STRING) return;
    if (rules_name(w) || is_secret(w, plain, number))
        tskl_masker_hide(w->masker, raw, plain, true);
    else if (!number && is_url(raw, plain))
        tskl_masker_url(w->masker, plain);
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

// From here on: JSON that is cut or wrong. Names and the values behind them are looked for
// wherever they stand; a value that the cut ends is hidden as well.

// A string at the beginning of `text` with its quotes, the last of which may be cut off.
static tskl_slice loose_string(tskl_slice text) {
    size_t i = 1;
    for (; i < text.len && text.ptr[i] != '"'; i++)
        if (text.ptr[i] == '\\') i++;
    return tskl_slice_first(text, i + 1);
}

static tskl_slice without_quotes(tskl_slice string) {
    string = tskl_slice_from(string, 1);
    if (string.len && string.ptr[string.len - 1] == '"') string.len--;
    return string;
}

static tskl_slice loose_number(tskl_slice text) {
    size_t i = 0;
    while (i < text.len && text.ptr[i] && strchr("0123456789+-.eE", text.ptr[i])) i++;
    return tskl_slice_first(text, i);
}

static tskl_slice without_space(tskl_slice text) {
    while (text.len && text.ptr[0] && strchr(" \t\r\n", text.ptr[0]))
        text = tskl_slice_from(text, 1);
    return text;
}

static bool loose_is_secret(const tskl_masker *masker, tskl_slice name) {
    unsigned places = tskl_mask_places(name);
    if ((places & TSKL_MASK_MEMBER) && !(places & TSKL_MASK_OAUTH)) return true;
    for (size_t i = 0; masker->rules && name.len && i < masker->rules->json_count; i++) {
        tskl_slice rule = masker->rules->json[i];
        if (tskl_slice_ends(rule, name) && rule.len > name.len &&
            rule.ptr[rule.len - name.len - 1] == '.')
            return true;
    }
    return false;
}

static void loose_scan(tskl_masker *masker, tskl_slice text) {
    while (!masker->edits.failed) {
        size_t quote = tskl_slice_find(text, '"');
        if (quote == SIZE_MAX) return;
        text = tskl_slice_from(text, quote);
        tskl_slice name = loose_string(text);
        text = without_space(tskl_slice_from(text, name.len));
        if (!tskl_slice_starts(text, TSKL_S(":"))) continue;
        text = without_space(tskl_slice_from(text, 1));
        bool string = tskl_slice_starts(text, TSKL_S("\""));
        tskl_slice value = string ? loose_string(text) : loose_number(text);
        tskl_slice plain = string ? without_quotes(value) : value;
        if (value.len && loose_is_secret(masker, without_quotes(name)))
            tskl_masker_hide(masker, value, plain, true);
        text = tskl_slice_from(text, value.len);
    }
}

void tskl_masker_json(tskl_masker *masker, tskl_slice text) {
    walk w = {.masker = masker};
    tskl_json_lexer_init(&w.lexer, text);
    for (tskl_json_token token = TSKL_JSON_TOKEN_NULL; !masker->edits.failed;) {
        token = step(&w);
        if (token == TSKL_JSON_TOKEN_END) return;
        if (token != TSKL_JSON_TOKEN_BAD) continue;
        loose_scan(masker, tskl_slice_from(text, w.resume_at));
        return;
    }
}
