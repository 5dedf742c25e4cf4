// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "exchange/masker.h"
#include "harness.h"
#include <stdio.h>

static const char secret_text[] = "s3cr3t/+?~ \xff";

TEST(secrets, are_found_plain_and_encoded) {
    static const char *const rows[] = {
        "s3cr3t/+?~ \xff",
        "before s3cr3t/+?~ \xff after",
        "s3cr3t%2F%2B%3F~%20%FF",               // URL-encoded
        "s3cr3t%2f%2b%3f~+%ff",                 // as a form
        "%73%33%63%72%33%74%2F%2B%3F%7E%20%FF", // all of it
        "s3cr3t/+%3f~%20%ff",                   // some of it
        "7333637233742f2b3f7e20ff",             // hex
        "x7333637233742F2B3F7E20FFx",           // at an odd place, in capitals
    };
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, tskl_slice_of(secret_text)));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_secrets_in(&secrets, tskl_slice_of(rows[i])));
}

TEST(secrets, are_found_in_base64_wherever_they_stand_in_it) {
    static const char *const before[] = {"", "a", "ab", "abc", "user:"};
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, tskl_slice_of(secret_text)));
    for (size_t i = 0; i < TSKL_COUNT(before); i++) {
        char plain[64], room[128];
        tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
        snprintf(plain, sizeof plain, "%s%s:after", before[i], secret_text);
        tskl_base64_add(&text, tskl_slice_of(plain));
        CHECK_ROW(i, tskl_secrets_in(&secrets, tskl_buf_slice(&text)));
        for (size_t at = 0; at < text.len; at++) // the alphabet of URLs
            room[at] = room[at] == '+' ? '-' : room[at] == '/' ? '_' : room[at];
        CHECK_ROW(i, tskl_secrets_in(&secrets, tskl_buf_slice(&text)));
    }
}

TEST(secrets, are_not_found_where_they_are_not) {
    static const char *const rows[] = {
        "",
        "s3cr3t",
        "s3cr3t/+?~ ",
        "S3CR3T/+?~ \xff",
        "s3cr3t%2F%2B%3F~%20%F",
        "7333637233742f2b3f7e20f",
        "card_declined and other words that are long enough",
    };
    tskl_secrets secrets = {0};
    CHECK(!tskl_secrets_in(&secrets, TSKL_S("anything")));
    CHECK(!tskl_secrets_in(NULL, TSKL_S("anything")));
    CHECK(tskl_secrets_add(&secrets, t->arena, tskl_slice_of(secret_text)));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, !tskl_secrets_in(&secrets, tskl_slice_of(rows[i])));
}

TEST(secrets, are_remembered_once_and_only_when_long_enough) {
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("1234567")) && secrets.count == 0);
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("12345678")) && secrets.count == 1);
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("12345678")) && secrets.count == 1);
    CHECK(tskl_secrets_add(NULL, t->arena, TSKL_S("12345678")));
}

TEST(secrets, are_bounded_in_number) {
    tskl_secrets secrets = {0};
    for (int i = 0; i < 1000; i++) {
        char text[24];
        snprintf(text, sizeof text, "secret%06d", i);
        CHECK(tskl_secrets_add(&secrets, t->arena, tskl_slice_of(text)));
    }
    CHECK(secrets.count == TSKL_SECRETS_MAX);
}

TEST(secrets, are_forgotten_when_they_are_shown_anyway) {
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("AC0123456789")));
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("auth-token")));
    tskl_secrets_forget(&secrets, TSKL_S("https://api.twilio.com/Accounts/AC0123456789/Calls"));
    CHECK(secrets.count == 1);
    CHECK_TEXT(TSKL_S("auth-token"), secrets.items[0]);
}

TEST(secrets, percent_escapes_are_undone_where_they_are_some) {
    static const struct {
        const char *text, *plain, *form;
    } rows[] = {
        {"a%2Fb+c", "a/b+c", "a/b c"}, {"%", "%", "%"},       {"%4", "%4", "%4"},
        {"%4g%41", "%4gA", "%4gA"},    {"abc", "abc", "abc"}, {"", "", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice plain, form;
        CHECK(tskl_percent_decode(tskl_slice_of(rows[i].text), false, t->arena, &plain));
        CHECK(tskl_percent_decode(tskl_slice_of(rows[i].text), true, t->arena, &form));
        CHECK_TEXT(tskl_slice_of(rows[i].plain), plain);
        CHECK_TEXT(tskl_slice_of(rows[i].form), form);
    }
}
