// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "harness.h"

static bool has(const tskl_secrets *secrets, const char *text) {
    for (size_t i = 0; i < secrets->count; i++)
        if (tskl_slice_equal(secrets->items[i], tskl_slice_of(text))) return true;
    return false;
}

TEST(mask, keeps_the_scheme_and_a_known_prefix_of_a_header) {
    static const struct {
        const char *line, *value;
    } rows[] = {
        {"authorization: Bearer sk_test_51Habcdefgh", "Bearer sk_test_***"},
        {"authorization: bearer abcdefghijkl", "bearer ***"},
        {"authorization: Basic c2tfdGVzdF81MUhhYmNkZWZnaDo=", "Basic ***"},
        {"authorization: token ghp_abcdefghijkl", "token ghp_***"},
        {"authorization: AWS4-HMAC-SHA256 Credential=AKIAABCDEFGHIJKL/2026/s3, Signature=abc",
         "AWS4-HMAC-SHA256 ***"},
        {"authorization: my secret words", "***"}, // "my" is no scheme
        {"authorization: abcdefgh", "***"},
        {"authorization: Bearer", "Bearer"}, // there was no secret: that is worth knowing
        {"authorization: Bearer undefined", "Bearer undefined"},
        {"authorization:", ""},
        {"proxy-authorization: Basic abc", "Basic ***"},
        {"cookie: a=1; session=abcdefghijkl", "***"},
        {"set-cookie: sid=abcdefghijkl; Path=/", "***"},
        {"x-api-key: xoxb-abcdefghijkl", "xoxb-***"},
        {"x-shopify-access-token: shpat_abcdefghijkl", "shpat_***"},
        {"stripe-signature: t=1,v1=abcdefghijkl", "***"},
        {"content-type: application/json", "application/json"},
        {"idempotency-key: abcdefghijkl", "abcdefghijkl"},
        {"location: https://u:p@a/?token=abcdefghijkl&x=1#y", "https://a/?token=***&x=1"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_headers headers;
        tskl_secrets secrets = {0};
        CHECK_OK(tskl_headers_parse(tskl_slice_of(rows[i].line), t->arena, &headers, &t->err));
        CHECK_OK(tskl_mask_headers(NULL, &headers, t->arena, &secrets, &t->err));
        CHECK(headers.count == 1);
        CHECK_TEXT(tskl_slice_of(rows[i].value), headers.items[0].value);
    }
}

TEST(mask, remembers_what_it_hides_in_headers) {
    tskl_headers headers;
    tskl_secrets secrets = {0};
    tskl_slice lines =
        TSKL_S("authorization: Bearer sk_test_51Habcdefgh\r\n"
               "cookie: a=1; theme=darkmode1; sid=\"session-value\"\r\n"
               "set-cookie: sid=another-session; Path=/long-path-name; HttpOnly\r\n"
               "x-amz-authorization: AWS4-HMAC-SHA256 Credential=AKIAABCDEFGHIJKL/2026/s3, "
               "SignedHeaders=host;x-amz-date, Signature=0123456789abcdef\r\n");
    CHECK_OK(tskl_headers_parse(lines, t->arena, &headers, &t->err));
    CHECK_OK(tskl_mask_headers(NULL, &headers, t->arena, &secrets, &t->err));
    CHECK(!has(&secrets, "darkmode1") && tskl_secrets_remember_cookies(&secrets, t->arena));
    CHECK_SAY(has(&secrets, "51Habcdefgh"), "what follows the prefix is what is looked for");
    CHECK(has(&secrets, "darkmode1") && has(&secrets, "session-value"));
    CHECK(has(&secrets, "another-session") && !has(&secrets, "/long-path-name"));
    CHECK(has(&secrets, "AKIAABCDEFGHIJKL") && has(&secrets, "0123456789abcdef"));
    CHECK(!has(&secrets, "host;x-amz-date"));
}

TEST(mask, knows_basic_credentials_in_either_form) {
    tskl_headers headers;
    tskl_secrets secrets = {0};
    CHECK_OK(tskl_headers_parse(TSKL_S("authorization: Basic dXNlci1uYW1lOnBhc3M6d29yZA==\r\n"),
                                t->arena, &headers, &t->err));
    CHECK_OK(tskl_mask_headers(NULL, &headers, t->arena, &secrets, &t->err));
    CHECK(has(&secrets, "dXNlci1uYW1lOnBhc3M6d29yZA=="));
    CHECK(has(&secrets, "pass:word") && !has(&secrets, "user-name"));
    CHECK(tskl_secrets_remember_users(&secrets, t->arena, TSKL_S("https://a/user-name")));
    CHECK_SAY(!has(&secrets, "user-name"), "the URL shows who logs in");
    CHECK(tskl_secrets_remember_users(&secrets, t->arena, TSKL_S("https://a/")));
    CHECK(has(&secrets, "user-name"));
}

TEST(mask, hides_the_headers_a_user_names) {
    tskl_mask_rules rules = {.headers = &TSKL_S("x-partner"), .header_count = 1};
    tskl_headers headers;
    tskl_secrets secrets = {0};
    CHECK_OK(tskl_headers_parse(TSKL_S("X-Partner: abcdefghijkl\r\nx-other: 1\r\n"), t->arena,
                                &headers, &t->err));
    CHECK_OK(tskl_mask_headers(&rules, &headers, t->arena, &secrets, &t->err));
    CHECK_TEXT(TSKL_S("***"), tskl_headers_get(&headers, TSKL_S("x-partner")));
    CHECK_TEXT(TSKL_S("1"), tskl_headers_get(&headers, TSKL_S("x-other")));
    CHECK(has(&secrets, "abcdefghijkl"));
}
