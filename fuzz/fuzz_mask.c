// Bodies: masked JSON is JSON of the same shape, masking is done once and for all, and what was
// hidden is found again in whatever form. The first byte chooses the type.
// SPDX-License-Identifier: Apache-2.0
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
                                    ""};

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
        bool url = tskl_slice_starts(body->text, TSKL_S("http"));
        MUST(url || tskl_slice_ends(shown->text, TSKL_S("***")));
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
    if (json || kind == 1 || kind == 5) {
        MUST(tskl_mask_body(&rules, type, shown, &arena, &again, NULL, NULL) == TSKL_OK);
        MUST(tskl_slice_equal(shown, again));
    }
    MUST(secrets.count <= TSKL_SECRETS_MAX);
    for (size_t i = 0; i < secrets.count && i < 3; i++)
        must_be_found(&secrets, secrets.items[i], i);
    tskl_arena_reset(&arena);
    return 0;
}
