// Bodies: masked JSON is JSON of the same shape, nothing but secrets is changed, masking is done
// once and for all, and what was hidden is found again in whatever form. The first byte chooses the
// type. SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "base/json.h"
#include "base/json_lexer.h"
#include "exchange/mask.h"
#include "must.h"

static const char *const types[] = {"application/json",
                                    "application/x-www-form-urlencoded",
                                    "application/x-ndjson",
                                    "text/event-stream",
                                    "text/xml",
                                    "multipart/form-data",
                                    "",
                                    "text/html",
                                    "application/yaml",
                                    "multipart/mixed"};

// "$..card.pan" and "$.me".
static tskl_json_step card_pan[] = {{.any_depth = true, .name = TSKL_LIT("card")},
                                    {.name = TSKL_LIT("pan")}};
static tskl_json_step me[] = {{.name = TSKL_LIT("me")}};
static const tskl_json_path paths[] = {{card_pan, 2}, {me, 1}};
static const tskl_mask_rules rules = {.json = paths, .json_count = 2};

// Only values differ, and those are masked.
static void must_have_its_shape(const tskl_json *shown, const tskl_json *body) {
    MUST(tskl_slice_equal(shown->key, body->key));
    if (tskl_slice_equal(shown->raw, body->raw)) return;
    if (shown->kind == TSKL_JSON_STRING) {
        bool hidden = tskl_slice_search(shown->text, TSKL_S("***")) != SIZE_MAX;
        MUST(hidden || tskl_slice_contains(body->text, '@')); // a URL without its userinfo
        return;
    }
    MUST(shown->kind == body->kind && shown->count == body->count);
    const tskl_json *other = body->first;
    for (const tskl_json *child = shown->first; child; child = child->next, other = other->next)
        must_have_its_shape(child, other);
}

static void must_stay_json(tskl_slice body, tskl_slice shown, tskl_arena *arena) {
    const tskl_json *before, *after;
    MUST(tskl_json_parse(body, arena, &before, NULL) == TSKL_OK);
    MUST(tskl_json_parse(shown, arena, &after, NULL) == TSKL_OK);
    must_have_its_shape(after, before);
}

// Without the quotes, however they are escaped, that a number gets when it is hidden.
static tskl_slice without_quotes(tskl_slice piece) {
    static const tskl_slice quotes[] = {TSKL_LIT("\""), TSKL_LIT("\\"), TSKL_LIT("%22"),
                                        TSKL_LIT("%2522"), TSKL_LIT("&quot;")};
    for (size_t i = 0; i < TSKL_COUNT(quotes); i++) {
        bool before = tskl_slice_starts(piece, quotes[i]),
             behind = tskl_slice_ends(piece, quotes[i]);
        if (before) piece = tskl_slice_from(piece, quotes[i].len);
        if (behind && piece.len) piece = tskl_slice_first(piece, piece.len - quotes[i].len);
        if (before || behind) return without_quotes(piece);
    }
    return piece;
}

// What stands around "***" stands in the body as well, in that order.
static void must_only_hide(tskl_slice body, tskl_slice shown) {
    const tskl_slice stars = TSKL_S("***");
    while (shown.len) {
        size_t end = tskl_slice_search(shown, stars);
        tskl_slice piece = without_quotes(tskl_slice_first(shown, end));
        size_t at = tskl_slice_search(body, piece);
        MUST(at != SIZE_MAX);
        body = tskl_slice_from(body, at + piece.len);
        shown = tskl_slice_from(shown, end == SIZE_MAX ? shown.len : end + stars.len);
    }
}

static void must_be_found(const tskl_secrets *secrets, tskl_slice secret, size_t shift) {
    tskl_buf plain, text;
    tskl_buf_init(&plain, 1 << 24);
    tskl_buf_init(&text, 1 << 24);
    tskl_buf_add(&plain, tskl_slice_first(TSKL_S("::"), shift));
    tskl_buf_add(&plain, secret);
    tskl_base64_add(&text, tskl_buf_slice(&plain));
    MUST(tskl_secrets_in(secrets, tskl_buf_slice(&text)));
    tskl_buf_clear(&text);
    for (size_t i = 0; i < secret.len; i++)
        tskl_buf_printf(&text, "%%%02X", (uint8_t)secret.ptr[i]);
    MUST(tskl_secrets_in(secrets, tskl_buf_slice(&text)));
    tskl_buf_clear(&text);
    for (size_t i = 0; i < secret.len; i++) tskl_buf_printf(&text, "%02x", (uint8_t)secret.ptr[i]);
    MUST(tskl_secrets_in(secrets, tskl_buf_slice(&text)));
    tskl_buf_deinit(&plain);
    tskl_buf_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice body = tskl_slice_make(data, size), shown, again;
    size_t kind = take_byte(&body) % TSKL_COUNT(types);
    tskl_slice type = tskl_slice_of(types[kind]);
    tskl_arena arena = {0};
    tskl_secrets secrets = {0};
    MUST(tskl_mask_body(&rules, type, body, &arena, &shown, &secrets, NULL) == TSKL_OK);
    bool json = kind == 0 && tskl_json_is_valid(body);
    if (json) must_stay_json(body, shown, &arena);
    // Userinfo is taken out, which may join what stood around it.
    bool userinfo =
        tskl_slice_contains(body, '@') || tskl_slice_search(body, TSKL_S("40")) != SIZE_MAX;
    if (!userinfo) must_only_hide(body, shown);
    // What is no format at all may be read in another way once a part of it is hidden.
    tskl_slice begin = tskl_slice_first(tskl_slice_trim(body), 1);
    bool form = kind == 1 && !(begin.len && strchr("{[<", begin.ptr[0]));
    bool pem = tskl_slice_search(body, TSKL_S("PRIVATE KEY")) != SIZE_MAX; // ends what it stands in
    if ((json || form) && !pem) {
        MUST(tskl_mask_body(&rules, type, shown, &arena, &again, NULL, NULL) == TSKL_OK);
        MUST(tskl_slice_equal(shown, again));
    }
    MUST(secrets.count <= TSKL_SECRETS_MAX);
    for (size_t i = 0; i < secrets.count && i < 3; i++)
        must_be_found(&secrets, secrets.items[i], i);
    tskl_arena_reset(&arena);
    return 0;
}
