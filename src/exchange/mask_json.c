// JSON: secret members are cut out of the text as it is, so that all other bytes stay.
// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_lexer.h"
#include "exchange/masker.h"

typedef struct member {
    tskl_slice name, value; // the value of a string without its quotes
} member;

/** An object or array under way. */
typedef struct json_level {
    tskl_slice name;    // of the member under way; empty in an array
    unsigned places;    // of that name, and of what else says something of the value
    unsigned inherited; // of the name of the object itself
    unsigned of_all;    // of each member, whatever its name
    bool array;
    uint64_t *paths;    // where the names down to here lead in each path that a user gave
    member first, last; // string members so far
} json_level;

typedef struct walk {
    tskl_masker *masker;
    tskl_json_lexer lexer;
    size_t level;     // of the value under way: 1 in the outermost object
    size_t resume_at; // what stands before it is dealt with
    bool oauth, oauth_known;
    bool kube, kube_known;
    json_level levels[TSKL_JSON_MAX_DEPTH + 1]; // each is set when it is entered: most are never
} walk;

// Past the steps of items from `at` on. Arrays are no step of their own: "$.cards.number" takes
// each card's, as "$.cards[*].number" does.
static size_t pass_items(const tskl_json_path *path, size_t at, bool *any_depth) {
    for (; at < path->count && path->steps[at].of_items; at++)
        *any_depth = *any_depth || path->steps[at].any_depth;
    return at;
}

// Where in a path the name leads from all places that those above it led to: bit 2 is its step 2.
// Each way of taking it by itself would cost a product of what is nested, for every member.
static uint64_t follow(const tskl_json_path *path, uint64_t above, tskl_slice name) {
    uint64_t places = 0;
    for (; above; above &= above - 1) {
        size_t from = (size_t)__builtin_ctzll(above);
        bool any_depth = false;
        size_t at = pass_items(path, from, &any_depth);
        const tskl_json_step *step = at < path->count ? &path->steps[at] : NULL;
        if (any_depth || (step && step->any_depth)) places |= UINT64_C(1) << from;
        if (step && (step->kind == TSKL_STEP_ALL || tskl_slice_equal(step->name, name)))
            places |= UINT64_C(1) << (at + 1);
    }
    return places;
}

// An empty name is as none.
static void follow_name(walk *w) {
    const tskl_mask_rules *rules = w->masker->rules;
    const json_level *here = &w->levels[w->level], *outer = here - 1;
    for (size_t i = 0; here->paths && i < rules->json_count; i++) {
        uint64_t above = outer->paths ? outer->paths[i] : 1;
        here->paths[i] = here->name.len ? follow(&rules->json[i], above, here->name) : above;
    }
}

static bool takes(const tskl_json_path *path, uint64_t places) {
    bool any_depth = false;
    for (; places; places &= places - 1)
        if (pass_items(path, (size_t)__builtin_ctzll(places), &any_depth) == path->count)
            return true;
    return false;
}

static bool rules_name(const walk *w) {
    const tskl_mask_rules *rules = w->masker->rules;
    const json_level *here = &w->levels[w->level];
    if (here->name.len == 0) return false;
    for (size_t i = 0; here->paths && i < rules->json_count; i++)
        if (takes(&rules->json[i], here->paths[i])) return true;
    return false;
}

// What stands in an array has no names of its own.
static uint64_t *new_paths(walk *w, const json_level *outer, bool array) {
    const tskl_mask_rules *rules = w->masker->rules;
    if (array || !rules || rules->json_count == 0) return outer->paths;
    uint64_t *paths = tskl_arena_array(w->masker->arena, uint64_t, rules->json_count);
    if (!paths) w->masker->edits.failed = true;
    return paths;
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

static bool is_among(tskl_slice word, const tskl_slice *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal_nocase(word, words[i])) return true;
    return false;
}

// "the password": the reason sought, as {"errors": {"password": "is too short"}} and
// {"password": ["invalid"]} have it, which is no password. A word of letters and '_' alone is a
// code.
static bool is_reason(tskl_slice plain) {
    static const tskl_slice words[] = {
        TSKL_LIT("blank"),    TSKL_LIT("empty"),   TSKL_LIT("expired"), TSKL_LIT("incorrect"),
        TSKL_LIT("invalid"),  TSKL_LIT("missing"), TSKL_LIT("null"),    TSKL_LIT("required"),
        TSKL_LIT("taken"),    TSKL_LIT("unknown"), TSKL_LIT("weak"),    TSKL_LIT("wrong"),
        TSKL_LIT("mismatch"), TSKL_LIT("short"),   TSKL_LIT("long"),
    };
    if (tskl_slice_contains(plain, ' ') || is_among(plain, words, TSKL_COUNT(words))) return true;
    size_t i = 0;
    while (i < plain.len &&
           (plain.ptr[i] == '_' || ((plain.ptr[i] | 0x20) >= 'a' && (plain.ptr[i] | 0x20) <= 'z')))
        i++;
    return i == plain.len && tskl_slice_contains(plain, '_');
}

static bool is_below_error(const walk *w) {
    for (size_t at = 1; at < w->level; at++)
        if (tskl_slice_starts_nocase(w->levels[at].name, TSKL_S("error"))) return true;
    return false;
}

// Of a member whose name says that it may be one. `plain` is a string, decoded, or a number.
static bool is_secret(walk *w, tskl_slice plain, bool number) {
    const json_level *here = &w->levels[w->level];
    if (number) return (here->places & TSKL_MASK_NUMBERS) && (here->places & TSKL_MASK_MEMBER);
    if ((here->array || is_below_error(w)) && is_reason(plain)) return false;
    unsigned places = here->places;
    if (places & TSKL_MASK_OAUTH) {
        if (w->level == 1 && !here->array && speaks_oauth(w)) return true;
        places &= ~(unsigned)TSKL_MASK_MEMBER;
        if (tskl_mask_prefix(plain).len > 0) return true;
    }
    return tskl_mask_judges(places, TSKL_MASK_MEMBER, plain);
}

static bool decode(walk *w, tskl_slice raw, tskl_slice *plain) {
    if (tskl_json_decode(raw, w->masker->arena, plain)) return true;
    w->masker->edits.failed = true;
    return false;
}

static tskl_slice inside(tskl_slice raw) {
    return tskl_slice_make(raw.ptr + 1, raw.len - 2);
}

static void scalar(walk *w, tskl_json_token token) {
    const unsigned here = TSKL_MASK_MEMBER | TSKL_MASK_IF_OPAQUE(TSKL_MASK_MEMBER);
    tskl_slice raw = w->lexer.raw, plain = raw;
    bool number = token == TSKL_JSON_TOKEN_NUMBER, named = rules_name(w);
    if (!number && token != TSKL_JSON_TOKEN_STRING) return;
    if (named || (w->levels[w->level].places & here)) {
        if (!number && !decode(w, raw, &plain)) return;
        named = named || is_secret(w, plain, number);
    }
    if (named)
        tskl_masker_hide(w->masker, raw, plain, true);
    else if (!number)
        tskl_masker_string(w->masker, inside(raw));
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

// A value is what its name says: {"name": "password", "value": "x"}, {"password": {"value": "x"}}.

static bool names_a_value(tskl_slice name) {
    static const tskl_slice words[] = {TSKL_LIT("v"), TSKL_LIT("val"), TSKL_LIT("content")};
    switch (name.len ? name.ptr[name.len - 1] | 0x20 : 0) {
    case 'e': return tskl_slice_ends(name, TSKL_S("alue"));
    case 'l':
    case 't':
    case 'v': return is_among(name, words, TSKL_COUNT(words));
    default: return false;
    }
}

static bool names_a_part(tskl_slice name) {
    static const tskl_slice words[] = {
        TSKL_LIT("s"),    TSKL_LIT("$"),   TSKL_LIT("_"),      TSKL_LIT("$t"),   TSKL_LIT("#text"),
        TSKL_LIT("text"), TSKL_LIT("raw"), TSKL_LIT("string"), TSKL_LIT("data"), TSKL_LIT("plain"),
    };
    return names_a_value(name) || is_among(name, words, TSKL_COUNT(words));
}

static bool names_a_name(tskl_slice name) {
    static const tskl_slice words[] = {
        TSKL_LIT("k"),        TSKL_LIT("header"),   TSKL_LIT("field"),
        TSKL_LIT("param"),    TSKL_LIT("label"),    TSKL_LIT("parameter"),
        TSKL_LIT("variable"), TSKL_LIT("property"), TSKL_LIT("id"),
    };
    return tskl_slice_ends(name, TSKL_S("ame")) || tskl_slice_ends(name, TSKL_S("key")) ||
           tskl_slice_ends(name, TSKL_S("Key")) || is_among(name, words, TSKL_COUNT(words));
}

static unsigned places_said(const member *m) {
    enum { NAME_MAX_LEN = 64 };
    if (m->value.len == 0 || m->value.len > NAME_MAX_LEN || !names_a_name(m->name)) return 0;
    unsigned places = tskl_mask_places(m->value);
    return places & TSKL_MASK_OAUTH ? places & ~(unsigned)TSKL_MASK_MEMBER : places;
}

// The string member that follows the one under way: {"value": "x", "name": "password"}.
static member next_member(const walk *w) {
    tskl_json_lexer ahead = w->lexer;
    member next = {0};
    if (tskl_json_lexer_next(&ahead) < TSKL_JSON_TOKEN_STRING) return next;
    if (tskl_json_lexer_next(&ahead) != TSKL_JSON_TOKEN_KEY) return next;
    next.name = inside(ahead.raw);
    if (tskl_json_lexer_next(&ahead) == TSKL_JSON_TOKEN_STRING) next.value = inside(ahead.raw);
    return next;
}

// Members of a Secret of Kubernetes are secrets whatever they are called. Its kind may follow them.
static bool tells_of_kube_secret(walk *w) {
    if (w->kube_known) return w->kube;
    tskl_slice rest = w->lexer.text;
    const tskl_slice kind = TSKL_S("\"kind\"");
    for (size_t at; !w->kube && (at = tskl_slice_search(rest, kind)) != SIZE_MAX;) {
        rest = tskl_slice_from(rest, at + kind.len);
        size_t colon = tskl_slice_find(tskl_slice_first(rest, 8), ':');
        tskl_slice value = tskl_slice_from(rest, colon == SIZE_MAX ? 0 : colon + 1);
        while (value.len && value.ptr[0] == ' ') value = tskl_slice_from(value, 1);
        w->kube = tskl_slice_starts(value, TSKL_S("\"Secret\"")) ||
                  tskl_slice_starts(value, TSKL_S("\"SecretList\""));
    }
    w->kube_known = true;
    return w->kube;
}

// What each member of an object is, by the object's name.
static unsigned places_of_all(walk *w, tskl_slice name) {
    static const tskl_slice holders[] = {TSKL_LIT("cookies"), TSKL_LIT("passwords"),
                                         TSKL_LIT("secrets")};
    static const tskl_slice data[] = {TSKL_LIT("data"), TSKL_LIT("stringData")};
    if (is_among(name, data, TSKL_COUNT(data)) && tells_of_kube_secret(w)) return TSKL_MASK_MEMBER;
    bool holds = is_among(name, holders, TSKL_COUNT(holders));
    return holds ? TSKL_MASK_IF_OPAQUE(TSKL_MASK_MEMBER) : 0;
}

static bool is_card_number(const walk *w) {
    return w->level > 1 && tskl_slice_equal(w->levels[w->level].name, TSKL_S("number")) &&
           tskl_slice_ends(w->levels[w->level - 1].name, TSKL_S("card"));
}

static void key(walk *w) {
    json_level *here = &w->levels[w->level];
    if (!decode(w, w->lexer.raw, &here->name)) return;
    follow_name(w);
    here->places = tskl_masker_places(w->masker, here->name);
    // In an object of secrets, an id or a name is still none.
    bool listed = w->level > 1 && w->levels[w->level - 1].array;
    if (here->of_all && (listed ? names_a_part(here->name) : !names_a_name(here->name)))
        here->places |= here->of_all;
    if (is_card_number(w)) here->places |= TSKL_MASK_MEMBER | TSKL_MASK_NUMBERS;
    if (here->inherited && names_a_part(here->name)) here->places |= here->inherited;
    if (!names_a_value(here->name)) return;
    here->places |= places_said(&here->first) | places_said(&here->last);
    if (here->places == 0) {
        member next = next_member(w);
        here->places = places_said(&next);
    }
}

static void note_member(walk *w) {
    json_level *here = &w->levels[w->level];
    here->last = (member){here->name, inside(w->lexer.raw)};
    if (!here->first.name.ptr) here->first = here->last;
}

static void enter(walk *w, bool array) {
    const json_level *outer = &w->levels[w->level];
    unsigned places = outer->places;
    // `code` and `token` are OAuth's as plain members only.
    if (places & TSKL_MASK_OAUTH) places &= ~(unsigned)(TSKL_MASK_MEMBER | TSKL_MASK_OAUTH);
    json_level *inner = &w->levels[w->lexer.depth];
    *inner = (json_level){.array = array, .paths = new_paths(w, outer, array)};
    if (array)
        inner->places = places;
    else
        inner->inherited = places;
    inner->of_all = outer->array ? outer->of_all : places_of_all(w, outer->name);
}

static void container(walk *w, bool array) {
    if (w->level > 0 && rules_name(w))
        hide_container(w);
    else
        enter(w, array);
}

static tskl_json_token step(walk *w) {
    tskl_json_token token = tskl_json_lexer_next(&w->lexer);
    w->level = w->lexer.depth;
    switch (token) {
    case TSKL_JSON_TOKEN_OBJECT:
    case TSKL_JSON_TOKEN_ARRAY:
        w->level--;
        container(w, token == TSKL_JSON_TOKEN_ARRAY);
        break;
    case TSKL_JSON_TOKEN_KEY: key(w); return token;
    case TSKL_JSON_TOKEN_BAD: return token;
    default:
        scalar(w, token);
        if (token == TSKL_JSON_TOKEN_STRING) note_member(w);
    }
    w->resume_at = w->lexer.at;
    return token;
}

void tskl_masker_json(tskl_masker *masker, tskl_slice text) {
    walk w;
    w.masker = masker;
    w.level = w.resume_at = 0;
    w.oauth_known = w.kube_known = w.kube = false;
    w.levels[0] = (json_level){.array = false};
    tskl_json_lexer_init(&w.lexer, text);
    tskl_json_token token;
    do token = step(&w);
    while (token != TSKL_JSON_TOKEN_END && token != TSKL_JSON_TOKEN_BAD && !masker->edits.failed);
    if (token == TSKL_JSON_TOKEN_BAD && !masker->edits.failed)
        tskl_masker_document(masker, tskl_slice_from(text, w.resume_at));
}
