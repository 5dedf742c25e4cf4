// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "harness.h"

TEST(mask_names, are_all_found) {
    const char *before, *last;
    for (size_t i = 0; (last = tskl_mask_name_at(i, &before)); i++) {
        bool none = before && strcmp(before, "") == 0;
        const char *name =
            tskl_arena_printf(t->arena, "%s%s%s", before && !none ? before : "a", "_", last);
        if (none) name = last;
        CHECK(name != NULL);
        unsigned places = tskl_mask_places(tskl_slice_of(name));
        CHECK_SAY(places == tskl_mask_bits_at(i) || strcmp(last, "id") == 0,
                  "%s is not in order: %x, not %x", name, places, tskl_mask_bits_at(i));
    }
}

TEST(mask_names, are_known_however_their_words_are_joined) {
    static const char *const rows[] = {"access_token", "accessToken",  "AccessToken",
                                       "ACCESS-TOKEN", "access.token", "accesstoken"};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_mask_places(tskl_slice_of(rows[i])) & TSKL_MASK_MEMBER);
}

TEST(mask_names, are_secrets_in_some_places_only) {
    static const struct {
        const char *name;
        unsigned place;
        bool secret;
    } rows[] = {
        {"key", TSKL_MASK_QUERY, true},
        {"key", TSKL_MASK_FORM, false},
        {"X-Amz-Date", TSKL_MASK_QUERY, false},
        {"X-Amz-Expires", TSKL_MASK_QUERY, false},
        {"X-Amz-SignedHeaders", TSKL_MASK_QUERY, false},
        {"X-Amz-Signature", TSKL_MASK_QUERY, true},
        {"X-Amz-Credential", TSKL_MASK_QUERY, true},
        {"AWSAccessKeyId", TSKL_MASK_QUERY, true},
        {"x-amz-date", TSKL_MASK_HEADER, false},
        {"x-amz-security-token", TSKL_MASK_HEADER, true},
        {"x-shopify-access-token", TSKL_MASK_HEADER, true},
        {"stripe-signature", TSKL_MASK_HEADER, true},
        {"stripe_signature", TSKL_MASK_MEMBER, false},
        {"x-ratelimit-remaining-tokens", TSKL_MASK_HEADER, false},
        {"idempotency-key", TSKL_MASK_HEADER, false},
        {"sec-websocket-key", TSKL_MASK_HEADER, false},
        {"total_tokens", TSKL_MASK_MEMBER, false},
        {"next_page_token", TSKL_MASK_MEMBER, false},
        {"password", TSKL_MASK_MEMBER, true},
        {"x-algolia-api-key", TSKL_MASK_QUERY, true},
        {"stripeSecretKey", TSKL_MASK_MEMBER, true},
        {"hapikey", TSKL_MASK_QUERY, true},
        {"error.code", TSKL_MASK_MEMBER, false},
        {"", TSKL_MASK_MEMBER, false},
        {"a-name-that-is-much-longer-than-any-name-in-the-list-of-ours", TSKL_MASK_MEMBER, false},
        {"a_name_that_is_much_longer_than_47_bytes_and_goes_on_user_password", TSKL_MASK_MEMBER,
         true},
        {"a-name-that-is-much-longer-than-any-name-in-the-list-of-our-token", TSKL_MASK_HEADER,
         true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        bool secret = tskl_mask_places(tskl_slice_of(rows[i].name)) & rows[i].place;
        CHECK_ROW(i, secret == rows[i].secret);
    }
}

TEST(mask_names, know_how_credentials_begin) {
    static const struct {
        const char *credential, *prefix;
    } rows[] = {
        {"sk_test_51Habcdefgh", "sk_test_"},
        {"sk-or-v1-abcdefghijk", "sk-or-v1-"},
        {"sk-proj-abcdefghijk", "sk-proj-"},
        {"sk-abcdefghijk", "sk-"},
        {"ghp_abcdefghijk", "ghp_"},
        {"AKIAABCDEFGHIJKLMNOP", "AKIA"},
        {"sk_test_short", ""}, // the prefix would be most of it
        {"abcdefghijklmnop", ""},
        {"", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].prefix),
                   tskl_mask_prefix(tskl_slice_of(rows[i].credential)));
}

TEST(mask_names, know_what_is_no_value) {
    static const struct {
        const char *plain;
        bool no_value;
    } rows[] = {
        {"", true},      {"undefined", true},   {"None", true},          {"***", true},
        {"a***", false}, {"sk_test_***", true}, {"sk_test_a***", false}, {"secret", false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_mask_is_no_value(tskl_slice_of(rows[i].plain)) == rows[i].no_value);
}
