// SPDX-License-Identifier: Apache-2.0
#include "config/duration.h"
#include "config/names.h"
#include "config/nearest.h"
#include "harness.h"

TEST(nearest, finds_the_name_that_was_meant) {
    static const char *const known[] = {"hosts", "from", "configuration", "limits", "x"};
    static const struct {
        const char *wrong, *meant;
    } rows[] = {
        {"hostss", "hosts"}, {"host", "hosts"}, {"Hosts", "hosts"},
        {"form", "from"},    {"config", ""},    {"limit", "limits"},
        {"y", ""},           {"", ""},          {"confgiuration", "configuration"},
        {"something", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_nearest nearest = {.wrong = tskl_slice_of(rows[i].wrong)};
        for (size_t j = 0; j < TSKL_COUNT(known); j++)
            tskl_nearest_offer(&nearest, tskl_slice_of(known[j]));
        CHECK_TEXT(tskl_slice_of(rows[i].meant), nearest.best);
    }
}

TEST(nearest, does_not_guess_at_very_long_names) {
    char wrong[1000];
    memset(wrong, 'a', sizeof wrong);
    tskl_nearest nearest = {.wrong = {wrong, sizeof wrong}};
    tskl_nearest_offer(&nearest, (tskl_slice){wrong, sizeof wrong - 1});
    CHECK(nearest.best.len == 0);
}

TEST(names, know_what_looks_like_a_secret) {
    static const struct {
        const char *name, *value;
        bool secret;
    } rows[] = {
        {"STRIPE_ENV", "test", false},
        {"REGION", "eu", false},
        {"STRIPE_API_KEY", "", true},
        {"github_token", "", true},
        {"DB_PASSWORD", "", true},
        {"AWS_SECRET", "", true},
        {"API_URL", "https://a.b", false},
        {"API_URL", "https://u:p@a.b/c", true},
        {"API_URL", "https://a.b/@c", false},
        {"API_URL", "redis://:p@h", true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_name_looks_secret(tskl_slice_of(rows[i].name),
                                            tskl_slice_of(rows[i].value)) == rows[i].secret);
}

TEST(names, are_at_most_64_bytes) {
    char name[65];
    memset(name, 'a', sizeof name);
    CHECK(tskl_name_is_pack((tskl_slice){name, 64}) && !tskl_name_is_pack((tskl_slice){name, 65}));
    CHECK(!tskl_name_is_variable(TSKL_S("1A")) && tskl_name_is_variable(TSKL_S("_A1")));
    CHECK(!tskl_name_is_header(TSKL_S("a:b")) && tskl_name_is_header(TSKL_S("x-a")));
    CHECK(!tskl_name_is_field(TSKL_S("a\0b")) && tskl_name_is_field(TSKL_S("a.b")));
}

TEST(duration, is_a_number_with_its_unit) {
    static const struct {
        const char *text;
        bool valid;
        uint64_t ms;
    } rows[] = {
        {"15m", true, 900000}, {"500ms", true, 500},
        {"2s", true, 2000},    {"1h", true, 3600000},
        {"7", true, 7},        {"0", true, 0},
        {"", false, 0},        {"s", false, 0},
        {"1.5s", false, 0},    {"-1s", false, 0},
        {"1 s", false, 0},     {"1w", false, 0},
        {"2h", false, 0},      {"99999999999999999999s", false, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        uint64_t ms;
        CHECK_ROW(i,
                  tskl_duration_parse(tskl_slice_of(rows[i].text), 3600000, &ms) == rows[i].valid);
        CHECK_ROW(i, ms == rows[i].ms);
    }
}
