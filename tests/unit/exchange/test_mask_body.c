// SPDX-License-Identifier: Apache-2.0
#include "base/json_lexer.h"
#include "exchange/mask.h"
#include "harness.h"

typedef struct row {
    const char *body, *shown;
} row;

static tskl_slice masked(tskl_test *t, const tskl_mask_rules *rules, const char *type,
                         const char *body, tskl_secrets *secrets) {
    tskl_slice shown;
    tskl_status status = tskl_mask_body(rules, tskl_slice_of(type), tskl_slice_of(body), t->arena,
                                        &shown, secrets, &t->err);
    return status == TSKL_OK ? shown : TSKL_S("failed");
}

#define CHECK_MASKED(type, rows)                                                                   \
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {                                                \
        tskl_secrets secrets = {0};                                                                \
        CHECK_TEXT(tskl_slice_of(rows[i].shown), masked(t, NULL, type, rows[i].body, &secrets));   \
    }

TEST(mask_body, hides_secret_members_of_json_at_any_depth) {
    static const row rows[] = {
        {"{\"password\":\"hunter22\"}", "{\"password\":\"***\"}"},
        {"{ \"a\" : [ { \"client_secret\" : \"pi_1_secret_2\" } ] , \"b\":1 }",
         "{ \"a\" : [ { \"client_secret\" : \"***\" } ] , \"b\":1 }"},
        {"{\"accessToken\":\"sk_test_51Habcdefgh\"}", "{\"accessToken\":\"sk_test_***\"}"},
        {"{\"pass\\u0077ord\":\"hunter22\"}", "{\"pass\\u0077ord\":\"***\"}"},
        {"{\"otp\":123456}", "{\"otp\":\"***\"}"},
        {"{\"card\":{\"number\":\"4242424242424242\",\"cvc\":\"123\",\"last4\":\"4242\"}}",
         "{\"card\":{\"number\":\"***\",\"cvc\":\"***\",\"last4\":\"4242\"}}"},
        {"{\"number\":\"in_1\",\"invoice\":{\"number\":7}}",
         "{\"number\":\"in_1\",\"invoice\":{\"number\":7}}"},
        {"[\"password\",\"hunter22\"]", "[\"password\",\"hunter22\"]"},
        {"\"password\"", "\"password\""},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, shows_that_there_was_no_secret) {
    static const row rows[] = {
        {"{\"password\":\"\",\"secret\":null,\"api_key\":\"undefined\",\"jwt\":false}",
         "{\"password\":\"\",\"secret\":null,\"api_key\":\"undefined\",\"jwt\":false}"},
        {"{\"token_type\":\"x\",\"authorization\":{\"id\":\"iauth_1\"}}",
         "{\"token_type\":\"x\",\"authorization\":{\"id\":\"iauth_1\"}}"},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, leaves_the_code_of_an_error_alone) {
    static const row rows[] = {
        {"{\"error\":{\"code\":\"card_declined\",\"message\":\"m\"}}",
         "{\"error\":{\"code\":\"card_declined\",\"message\":\"m\"}}"},
        {"{\"code\":21211,\"message\":\"m\",\"status\":400}",
         "{\"code\":21211,\"message\":\"m\",\"status\":400}"},
        {"{\"code\":\"invalid_code\",\"redirect_uri\":\"u\",\"error\":\"x\"}",
         "{\"code\":\"invalid_code\",\"redirect_uri\":\"u\",\"error\":\"x\"}"},
        {"{\"errors\":[{\"code\":\"CVV_FAILURE\",\"token\":\"<\"}]}",
         "{\"errors\":[{\"code\":\"CVV_FAILURE\",\"token\":\"<\"}]}"},
        {"{\"choices\":[{\"token\":\"Hello\"}],\"usage\":{\"total_tokens\":3}}",
         "{\"choices\":[{\"token\":\"Hello\"}],\"usage\":{\"total_tokens\":3}}"},
        {"{\"grant_type\":\"x\",\"extra\":{\"code\":\"y\"}}",
         "{\"grant_type\":\"x\",\"extra\":{\"code\":\"y\"}}"},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, hides_codes_and_tokens_where_oauth_is_spoken) {
    static const row rows[] = {
        {"{\"code\":\"abc\",\"grant_type\":\"authorization_code\"}",
         "{\"code\":\"***\",\"grant_type\":\"authorization_code\"}"},
        {"{\"client_id\":\"Iv1\",\"client_secret\":\"shhh\",\"code\":\"abc\"}",
         "{\"client_id\":\"Iv1\",\"client_secret\":\"***\",\"code\":\"***\"}"},
        {"{\"token\":\"ghs_abcdefghijkl\",\"expires_at\":\"2026\"}",
         "{\"token\":\"ghs_***\",\"expires_at\":\"2026\"}"},
        {"{\"access_token\":\"a\",\"id_token\":\"b\",\"refresh_token\":\"c\",\"expires_in\":3600}",
         "{\"access_token\":\"***\",\"id_token\":\"***\",\"refresh_token\":\"***\","
         "\"expires_in\":3600}"},
        {"{\"error\":\"mfa_required\",\"mfa_token\":\"Fe26...Ha\"}",
         "{\"error\":\"mfa_required\",\"mfa_token\":\"***\"}"},
        {"{\"a\":{\"token\":\"xoxb-abcdefghijkl\"}}", "{\"a\":{\"token\":\"xoxb-***\"}}"},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, hides_secrets_of_urls_in_json) {
    static const row rows[] = {
        {"{\"url\":\"https://u:p@s3/k?X-Amz-Signature=abc&x=1#f\"}",
         "{\"url\":\"https://s3/k?X-Amz-Signature=***&x=1#f\"}"},
        {"[\"https://a/?sig=abc\",\"https://a/?t=17\",\"see https://a/?sig=abc\"]",
         "[\"https://a/?sig=***\",\"https://a/?t=17\",\"see https://a/?sig=***\"]"},
        {"[\"https:\\/\\/a\\/?sig=abc&b=\\u0041\"]", "[\"https:\\/\\/a\\/?sig=***&b=\\u0041\"]"},
        {"[\"https://a/?x=1\\u0026sig=abc\\u0026y=2\"]",
         "[\"https://a/?x=1\\u0026sig=***\\u0026y=2\"]"},
        {"[\"HTTPS://a/?sig=abc\",\"/b?sig=abc\",\"redis://:pw@a/0\"]",
         "[\"HTTPS://a/?sig=***\",\"/b?sig=***\",\"redis://a/0\"]"},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, keeps_sentences_about_a_secret) {
    static const row rows[] = {
        {"{\"errors\":{\"password\":\"is too short\",\"token\":[\"is invalid\"]}}",
         "{\"errors\":{\"password\":\"is too short\",\"token\":[\"is invalid\"]}}"},
        {"{\"error\":{\"payment_intent\":{\"client_secret\":\"pi_1_secret_2\"}}}",
         "{\"error\":{\"payment_intent\":{\"client_secret\":\"***\"}}}"},
        {"{\"password\":\"correct horse\"}", "{\"password\":\"***\"}"},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, hides_what_a_cut_or_a_fault_leaves_unread) {
    static const row rows[] = {
        {"{\"a\":1,\"password\":\"hunt", "{\"a\":1,\"password\":\"***\""},
        {"{\"password\":\"hunter22\",\"b\":", "{\"password\":\"***\",\"b\":"},
        {"{'a':1,\"password\" : \"hunter22\"}", "{'a':1,\"password\" : \"***\"}"},
        {"{\"a\":\"\xff\",\"x\":{\"otp\":123}}", "{\"a\":\"\xff\",\"x\":{\"otp\":\"***\"}}"},
        {"{\"a\":1}{\"password\":\"hunter22\"}", "{\"a\":1}{\"password\":\"***\"}"},
        {"{\"password\":\"a\\\"b", "{\"password\":\"***\""},
        {"{\"password\":\"", "{\"password\":\""},
        {"{\"password", "{\"password"},
    };
    CHECK_MASKED("application/json", rows);
}

TEST(mask_body, hides_secrets_of_forms) {
    static const row rows[] = {
        {"amount=100&card[number]=4242424242424242&card[cvc]=123&card[exp_month]=1",
         "amount=100&card[number]=***&card[cvc]=***&card[exp_month]=1"},
        {"grant_type=refresh_token&refresh_token=abcdef&client_secret=sk_test_51Habcdefgh",
         "grant_type=refresh_token&refresh_token=***&client_secret=sk_test_***"},
        {"grant_type=authorization_code&code=abc&redirect_uri=x",
         "grant_type=authorization_code&code=***&redirect_uri=x"},
        {"code=EUR&amount=5", "code=EUR&amount=5"},
        {"token=xoxb-abcdefghijkl&channel=C1", "token=xoxb-***&channel=C1"},
        {"user%5Bpassword%5D=x", "user%5Bpassword%5D=***"},
        {"password=&key=uploads/file.png", "password=&key=uploads/file.png"},
    };
    CHECK_MASKED("application/x-www-form-urlencoded", rows);
}

TEST(mask_body, hides_secret_fields_of_multipart_forms) {
#define FIELD(name, value) "--b\r\nContent-Disposition: form-data; " name "\r\n\r\n" value "\r\n"
    static const row rows[] = {
        {FIELD("name=\"token\"", "xoxb-abcdefghijkl") FIELD("name=\"a\"", "1") "--b--\r\n",
         FIELD("name=\"token\"", "xoxb-***") FIELD("name=\"a\"", "1") "--b--\r\n"},
        {FIELD("name=\"password\"; filename=\"x\"", "a file") "--b--\r\n",
         FIELD("name=\"password\"; filename=\"x\"", "a file") "--b--\r\n"},
        {"--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncut",
         "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n***"},
        {"--b\r\nContent-Disposition: form-data; name=\"pass", // cut before its value
         "--b\r\nContent-Disposition: form-data; name=\"pass"},
        {"no delimiter", "no delimiter"},
        {"--", "--"},
    };
    CHECK_MASKED("multipart/form-data", rows);
}

TEST(mask_body, hides_secrets_of_lines_and_events) {
    static const row lines[] = {{"{\"a\":1}\n{\"password\":\"x\"}\r\n{\"pass",
                                 "{\"a\":1}\n{\"password\":\"***\"}\r\n{\"pass"}};
    static const row events[] = {{"event: x\ndata: {\"api_key\":\"k\"}\n\ndata: [DONE]\n\n",
                                  "event: x\ndata: {\"api_key\":\"***\"}\n\ndata: [DONE]\n\n"}};
    CHECK_MASKED("application/x-ndjson", lines);
    CHECK_MASKED("text/event-stream", events);
}

TEST(mask_body, hides_secrets_of_xml) {
    static const row rows[] = {
        {"<a><ns:SecretAccessKey x=\"1\">abc</ns:SecretAccessKey><AccessKeyId>AKIA</AccessKeyId>",
         "<a><ns:SecretAccessKey x=\"1\">***</ns:SecretAccessKey><AccessKeyId>AKIA</AccessKeyId>"},
        {"<Error><Code>AccessDenied</Code></Error>", "<Error><Code>AccessDenied</Code></Error>"},
        {"<SessionToken>cut", "<SessionToken>***"},
        {"<SessionToken/><x>y</x>", "<SessionToken/><x>y</x>"},
        {"<", "<"},
    };
    CHECK_MASKED("text/xml", rows);
}

TEST(mask_body, takes_json_for_what_it_is_whatever_it_is_called) {
    static const row rows[] = {{" {\"password\":\"x\"}", " {\"password\":\"***\"}"}};
    CHECK_MASKED("text/html", rows);
    CHECK_MASKED("application/problem+json", rows);
    CHECK_MASKED("", rows);
}

TEST(mask_body, returns_any_other_body_as_it_is) {
    static const row rows[] = {{"no secret: here\n", "no secret: here\n"}, {"", ""}};
    static const row pictures[] = {{"\x89PNG password=hunter22", "\x89PNG password=hunter22"}};
    CHECK_MASKED("text/plain", rows);
    CHECK_MASKED("image/png", pictures);
}

TEST(mask_body, hides_the_members_a_user_names) {
    static const struct {
        const char *rule, *body, *shown;
    } rows[] = {
        {"$.card.pan", "{\"card\":{\"pan\":\"4242\"},\"pan\":1}",
         "{\"card\":{\"pan\":\"***\"},\"pan\":1}"},
        {"$..pan", "{\"card\":{\"pan\":\"4242\"},\"pan\":1}",
         "{\"card\":{\"pan\":\"***\"},\"pan\":\"***\"}"},
        {"$.cards[*].pan", "{\"cards\":[{\"pan\":1},{\"pan\":2}]}",
         "{\"cards\":[{\"pan\":\"***\"},{\"pan\":\"***\"}]}"},
        {"$.cards.pan", "{\"cards\":[{\"pan\":1},{\"x\":2}]}",
         "{\"cards\":[{\"pan\":\"***\"},{\"x\":2}]}"},
        {"$.person", "{\"person\":{\"a\":[1,2]},\"b\":{\"person\":1}}",
         "{\"person\":\"***\",\"b\":{\"person\":1}}"},
        {"$.*.pan", "{\"a\":{\"pan\":1},\"pan\":2}", "{\"a\":{\"pan\":\"***\"},\"pan\":2}"},
        {"$..a..b", "{\"a\":{\"x\":{\"b\":1}},\"b\":2}", "{\"a\":{\"x\":{\"b\":\"***\"}},\"b\":2}"},
        {"$.person", "{\"person\":{\"a\":[1,", "{\"person\":\"***\""},
        {"$..pan", "{x,\"pan\":1", "{x,\"pan\":\"***\""},
        {"$..[0].pan", "{\"a\":{\"cards\":[{\"pan\":1}]},\"x\":2}",
         "{\"a\":{\"cards\":[{\"pan\":\"***\"}]},\"x\":2}"},
        {"$['a.b'][0]", "{\"a.b\":[1],\"b\":1}", "{\"a.b\":\"***\",\"b\":1}"},
        {"$", "{\"a\":1}", "{\"a\":1}"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_json_path rule;
        CHECK_OK(tskl_json_path_parse(tskl_slice_of(rows[i].rule), t->arena, &rule, &t->err));
        tskl_mask_rules rules = {.json = &rule, .json_count = 1};
        tskl_secrets secrets = {0};
        CHECK_TEXT(tskl_slice_of(rows[i].shown),
                   masked(t, &rules, "application/json", rows[i].body, &secrets));
    }
}

TEST(mask_body, remembers_secrets_without_their_escapes) {
    tskl_secrets secrets = {0};
    masked(t, NULL, "application/json", "{\"password\":\"a\\\"b\\u0063defgh\",\"otp\":123456789}",
           &secrets);
    CHECK(secrets.count == 2);
    CHECK_TEXT(TSKL_S("a\"bcdefgh"), secrets.items[0]);
    CHECK_TEXT(TSKL_S("123456789"), secrets.items[1]);
}

TEST(mask_body, remembers_all_strings_of_an_object_a_user_names) {
    tskl_json_path rule;
    CHECK_OK(tskl_json_path_parse(TSKL_S("$.person"), t->arena, &rule, &t->err));
    tskl_mask_rules rules = {.json = &rule, .json_count = 1};
    tskl_secrets secrets = {0};
    masked(t, &rules, "application/json", "{\"person\":{\"mail\":[\"jo@example.com\"]}}", &secrets);
    CHECK(tskl_secrets_in(&secrets, TSKL_S("mail to jo@example.com failed")));
}
