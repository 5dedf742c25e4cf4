// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask.h"
#include "harness.h"

TEST(mask_url, leaves_out_userinfo_and_fragment_and_hides_secrets) {
    static const struct {
        const char *url, *shown;
    } rows[] = {
        {"https://api.stripe.com/v1/charges?limit=3", "https://api.stripe.com/v1/charges?limit=3"},
        {"https://user:pass@a.com:8080/x#frag", "https://a.com:8080/x"},
        {"https://@a.com/", "https://a.com/"},
        {"https://a.com/#", "https://a.com/"},
        {"https://a.com/?key=AIzaSyabcdefghijk&x=1", "https://a.com/?key=AIza***&x=1"},
        {"https://a.com/?key=&x=1", "https://a.com/?key=&x=1"},
        {"https://a.com/?key=undefined", "https://a.com/?key=undefined"},
        {"https://a.com/?x=1&api_key=k", "https://a.com/?x=1&api_key=***"},
        {"https://a.com/?API-Key=k&Access_Token=t", "https://a.com/?API-Key=***&Access_Token=***"},
        {"https://a.com/?%6bey=k", "https://a.com/?%6bey=***"},
        {"https://a.com/?auth[token]=t", "https://a.com/?auth[token]=***"},
        {"https://s3/?X-Amz-Signature=s&X-Amz-Credential=c&AWSAccessKeyId=a",
         "https://s3/?X-Amz-Signature=***&X-Amz-Credential=***&AWSAccessKeyId=***"},
        {"https://a/?sig=s&Signature=s&X-Goog-Signature=s&token=t",
         "https://a/?sig=***&Signature=***&X-Goog-Signature=***&token=***"},
        {"https://a/?code=EUR", "https://a/?code=EUR"},
        {"https://a/cb?code=abc&grant_type=x", "https://a/cb?code=***&grant_type=x"},
        {"https://a/?page_token=abcdefgh", "https://a/?page_token=abcdefgh"},
        {"https://hooks.slack.com/services/T0/B0/abcdefgh",
         "https://hooks.slack.com/services/T0/B0/***"},
        {"https://api.telegram.org/bot123:abcdefgh/sendMessage",
         "https://api.telegram.org/bot***/sendMessage"},
        {"https://discord.com/api/v10/webhooks/1/abcdefgh?wait=1",
         "https://discord.com/api/v10/webhooks/1/***?wait=1"},
        {"https://x.infura.io/v3/abcdefgh", "https://x.infura.io/v3/***"},
        {"https://notinfura.io/v3/abcdefgh", "https://notinfura.io/v3/abcdefgh"},
        {"https://hooks.slack.com/services/", "https://hooks.slack.com/services/"},
        {"/relative?token=t#x", "/relative?token=***"},
        {"https://a/?token", "https://a/?token"},
        {"https://a/?&&=&token=t&", "https://a/?&&=&token=***&"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_secrets secrets = {0};
        tskl_slice shown;
        CHECK_OK(
            tskl_mask_url(NULL, tskl_slice_of(rows[i].url), t->arena, &shown, &secrets, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), shown);
    }
}

TEST(mask_url, remembers_secrets_as_they_are_meant) {
    tskl_secrets secrets = {0};
    tskl_slice shown;
    CHECK_OK(tskl_mask_url(NULL, TSKL_S("https://us%40er12:p%3As:word@a/?token=a%2Fb+cdefgh"),
                           t->arena, &shown, &secrets, &t->err));
    static const char *const rows[] = {"us@er12", "p:s:word", "a/b+cdefgh", "a/b cdefgh"};
    for (size_t i = 1; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_secrets_in(&secrets, tskl_slice_of(rows[i])));
    CHECK_SAY(!tskl_secrets_in(&secrets, tskl_slice_of(rows[0])), "7 bytes are too few");
}

TEST(mask_url, hides_the_parameters_a_user_names) {
    tskl_mask_rules rules = {.query = &TSKL_S("ticket"), .query_count = 1};
    tskl_secrets secrets = {0};
    tskl_slice shown;
    CHECK_OK(tskl_mask_url(&rules, TSKL_S("https://a/?Ticket=t&x[ticket]=u&y=1"), t->arena, &shown,
                           &secrets, &t->err));
    CHECK_TEXT(TSKL_S("https://a/?Ticket=***&x[ticket]=***&y=1"), shown);
}
