// SPDX-License-Identifier: Apache-2.0
#include "case/claims.h"
#include "base/json_path.h"
#include "base/json_writer.h"
#include "config/nearest.h"

enum { FOUND_MAX = 256, TEXT_MAX = 256 * 1024 };

/** What was found, and what was claimed of it. */
typedef bool (*holds_fn)(const tskl_json_found *found, const tskl_json *claimed, tskl_arena *arena);

static tskl_slice text_of(const tskl_json *value, tskl_arena *arena) {
    tskl_buf json;
    tskl_slice text = {NULL, 0};
    tskl_buf_init(&json, TEXT_MAX);
    tskl_json_add_value(&json, value);
    if (!json.failed) (void)tskl_arena_copy(arena, tskl_buf_slice(&json), &text);
    tskl_buf_deinit(&json);
    return text;
}

static bool holds_is(const tskl_json_found *found, const tskl_json *claimed, tskl_arena *arena) {
    return found->count == 1 &&
           tskl_slice_equal(text_of(found->items[0], arena), text_of(claimed, arena));
}

static bool holds_exists(const tskl_json_found *found, const tskl_json *claimed,
                         tskl_arena *arena) {
    (void)arena;
    return (found->count > 0) == tskl_json_is_true(claimed);
}

static bool holds_count(const tskl_json_found *found, const tskl_json *claimed, tskl_arena *arena) {
    int64_t count;
    (void)arena;
    return tskl_json_to_i64(claimed, &count) && count == (int64_t)found->count;
}

static bool holds_has(const tskl_json_found *found, const tskl_json *claimed, tskl_arena *arena) {
    (void)arena;
    return found->count == 1 && found->items[0]->kind == TSKL_JSON_STRING &&
           tskl_slice_search(found->items[0]->text, claimed->text) != SIZE_MAX;
}

/** What can be said of a place, besides its value. */
static const struct {
    const char *word;
    bool any; // of any kind
    tskl_json_kind kind;
    holds_fn holds;
} words[] = {
    {"is", true, TSKL_JSON_NULL, holds_is},
    {"exists", false, TSKL_JSON_BOOL, holds_exists},
    {"count", false, TSKL_JSON_NUMBER, holds_count},
    {"has", false, TSKL_JSON_STRING, holds_has},
};

// Which word an object is about: TSKL_COUNT(words) for none.
static size_t word_of(const tskl_json *claim) {
    size_t at = 0;
    if (claim->kind != TSKL_JSON_OBJECT || claim->count != 1) return TSKL_COUNT(words);
    while (at < TSKL_COUNT(words) &&
           !tskl_slice_equal(claim->first->key, tskl_slice_of(words[at].word)))
        at++;
    return at;
}

static tskl_status check_claim(const tskl_place *place, tskl_error *err) {
    const tskl_json *claim = place->value;
    tskl_json_path path;
    tskl_error why = {0};
    tskl_status status = tskl_json_path_parse(claim->key, place->document->arena, &path, &why);
    if (status != TSKL_OK) return tskl_place_fail(err, status, place, "path %s", why.message);
    if (claim->kind != TSKL_JSON_OBJECT) return TSKL_OK;
    size_t word = word_of(claim);
    if (word == TSKL_COUNT(words)) {
        tskl_nearest nearest = {.wrong = claim->count == 1 ? claim->first->key : TSKL_S("")};
        for (size_t i = 0; i < TSKL_COUNT(words) && nearest.wrong.len; i++)
            tskl_nearest_offer(&nearest, tskl_slice_of(words[i].word));
        return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                               "takes a value, or {is}, {exists}, {count} or "
                               "{has}" TSKL_NEAREST_FMT,
                               TSKL_NEAREST_ARG(nearest));
    }
    tskl_place inside = tskl_place_in(place, claim->first, 0);
    if (words[word].any || claim->first->kind == words[word].kind) return TSKL_OK;
    return tskl_place_expected(&inside, tskl_json_kind_text(words[word].kind), err);
}

tskl_status tskl_claims_check(const tskl_place *place, tskl_error *err) {
    for (const tskl_json *claim = place->value->first; claim; claim = claim->next) {
        tskl_place inside = tskl_place_in(place, claim, 0);
        TSKL_TRY(check_claim(&inside, err));
    }
    return TSKL_OK;
}

static tskl_slice found_text(const tskl_json_found *found, tskl_arena *arena, bool *failed) {
    tskl_buf json;
    tskl_slice text = {NULL, 0};
    if (found->count == 0) return text;
    tskl_buf_init(&json, TEXT_MAX);
    if (found->count > 1) tskl_buf_byte(&json, '[');
    for (size_t i = 0; i < found->count && i < found->room; i++) {
        if (i) tskl_buf_byte(&json, ',');
        tskl_json_add_value(&json, found->items[i]);
    }
    if (found->count > 1) tskl_buf_byte(&json, ']');
    *failed = json.failed || !tskl_arena_copy(arena, tskl_buf_slice(&json), &text);
    tskl_buf_deinit(&json);
    return text;
}

bool tskl_claim_holds(const tskl_json *claim, const tskl_json *record, tskl_arena *arena,
                      tskl_slice *got, bool *failed) {
    const tskl_json *items[FOUND_MAX];
    tskl_json_found found = {.items = items, .room = FOUND_MAX};
    tskl_json_path path;
    *got = (tskl_slice){NULL, 0};
    *failed = tskl_json_path_parse(claim->key, arena, &path, NULL) != TSKL_OK;
    if (*failed) return false;
    tskl_json_path_find(&path, record, &found);
    *got = found_text(&found, arena, failed);
    size_t word = word_of(claim);
    if (word == TSKL_COUNT(words)) return holds_is(&found, claim, arena);
    return words[word].holds(&found, claim->first, arena);
}

bool tskl_claims_name_packs(const tskl_json *claims) {
    for (const tskl_json *claim = claims ? claims->first : NULL; claim; claim = claim->next)
        if (tskl_slice_starts(claim->key, TSKL_S("$.packs")) ||
            tskl_slice_starts(claim->key, TSKL_S("$['packs']")))
            return true;
    return false;
}
