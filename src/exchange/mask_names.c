// Which names say that their value is a secret, and which credentials say what kind they are.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include <stdlib.h>

enum {
    H = TSKL_MASK_HEADER,
    Q = TSKL_MASK_QUERY,
    F = TSKL_MASK_FORM,
    M = TSKL_MASK_MEMBER,
    ANY = H | Q | F | M,
    SENT = Q | F | M,
    OAUTH = TSKL_MASK_OAUTH,
};

typedef struct name_row {
    const char *name; // squashed: lower case, without '_', '-' and '.'
    unsigned places;
} name_row;

// Sorted, for bsearch. Names that often hold something harmless are left to certain places: `key`
// is a credential in a query, but a file's name in a form; `code` is one in OAuth only, and the
// very thing a Pack looks for in an error.
static const name_row names[] = {
    {"accesskey", ANY},
    {"accesstoken", ANY},
    {"actortoken", F | M},
    {"apikey", ANY},
    {"apisecret", ANY},
    {"apitoken", ANY},
    {"appkey", Q},
    {"applicationkey", H | Q},
    {"appsecret", ANY},
    {"appsecretproof", Q | F},
    {"assertion", SENT},
    {"auth", H | Q},
    {"authentication", H},
    {"authkey", ANY},
    {"authorization", ANY},
    {"authtoken", ANY},
    {"awsaccesskeyid", Q | F},
    {"bearertoken", ANY},
    {"cardnumber", F | M},
    {"clientassertion", SENT},
    {"clientsecret", ANY},
    {"code", Q | F | M | OAUTH},
    {"codeverifier", SENT},
    {"cookie", H},
    {"cookie2", H},
    {"credentials", H | Q},
    {"currentpassword", SENT},
    {"cvc", F | M},
    {"cvv", F | M},
    {"cvv2", F | M},
    {"devicesecret", F | M},
    {"fbexchangetoken", Q | F},
    {"hmac", Q},
    {"idtoken", ANY},
    {"idtokenhint", Q | F},
    {"inputtoken", Q | F},
    {"jsessionid", Q},
    {"jwt", ANY},
    {"key", Q},
    {"masterkey", ANY},
    {"mfatoken", SENT},
    {"newpassword", SENT},
    {"oauthsignature", Q | F},
    {"oauthtoken", ANY},
    {"oauthtokensecret", ANY},
    {"oauthverifier", Q | F},
    {"oldpassword", SENT},
    {"otp", SENT},
    {"passcode", SENT},
    {"passphrase", SENT},
    {"passwd", ANY},
    {"password", ANY},
    {"passwordconfirmation", SENT},
    {"phpsessid", Q},
    {"privatekey", ANY},
    {"privatetoken", ANY},
    {"proxyauthorization", ANY},
    {"publictoken", F | M},
    {"pwd", Q | F},
    {"recoverycode", SENT},
    {"refreshtoken", ANY},
    {"samlresponse", F | M},
    {"secret", ANY},
    {"secretaccesskey", ANY},
    {"secretkey", ANY},
    {"securitytoken", ANY},
    {"sessionkey", ANY},
    {"sessiontoken", ANY},
    {"setcookie", H},
    {"setcookie2", H},
    {"sharedsecret", ANY},
    {"sig", Q},
    {"signature", H | Q | F},
    {"subjecttoken", F | M},
    {"subscriptionkey", ANY},
    {"token", H | Q | F | M | OAUTH},
    {"tokensecret", ANY},
    {"webhooksecret", ANY},
    {"xamzserversideencryptioncustomerkey", H},
    {"xfunctionskey", H},
    {"xgoogencryptionkey", H},
    {"xgoogsignature", Q | F},
    {"xhoneycombteam", H},
    {"xhubsignature256", H},
    {"xinsertkey", H},
    {"xlicensekey", H},
    {"xmsencryptionkey", H},
    {"xquerykey", H},
    {"xsentryauth", H},
    {"xshopifyhmacsha256", H},
};

// Wherever they stand, something may be put before these: x-algolia-api-key, stripe_secret_key.
static const tskl_slice squashed_endings[] = {
    TSKL_LIT("apikey"),    TSKL_LIT("accesstoken"),  TSKL_LIT("authtoken"),
    TSKL_LIT("secretkey"), TSKL_LIT("clientsecret"), TSKL_LIT("privatekey"),
};

// In headers, vendors put their own name before these: x-shopify-access-token, stripe-signature,
// xi-api-key.
static const tskl_slice header_last_words[] = {
    TSKL_LIT("token"),       TSKL_LIT("secret"),        TSKL_LIT("password"),
    TSKL_LIT("signature"),   TSKL_LIT("authorization"), TSKL_LIT("jwt"),
    TSKL_LIT("credentials"), TSKL_LIT("apikey"),        TSKL_LIT("assertion"),
};
// "key" alone is not enough: idempotency-key, surrogate-key.
static const tskl_slice words_before_key[] = {
    TSKL_LIT("api"),     TSKL_LIT("access"), TSKL_LIT("secret"),  TSKL_LIT("auth"),
    TSKL_LIT("private"), TSKL_LIT("master"), TSKL_LIT("license"), TSKL_LIT("subscription"),
};

// How kinds of credentials begin: the longest that fits counts.
static const char *const prefixes[] = {
    // clang-format off
    // OpenAI, and those who follow it
    "sk-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-", "sk-ant-", "gsk_", "hf_", "pplx-",
    "r8_", "xai-",
    // Stripe
    "sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "whsec_",
    // GitHub, GitLab
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
    // Slack
    "xapp-", "xoxa-", "xoxb-", "xoxe.", "xoxp-", "xoxr-", "xoxs-",
    // AWS, Google
    "AKIA", "ASIA", "AIza", "ya29.",
    // Shopify, Square, Plaid, HubSpot
    "shpat_", "shpca_", "shppa_", "shpss_", "EAAA", "sq0atp-", "sq0csp-", "access-development-",
    "access-production-", "access-sandbox-", "pat-eu1-", "pat-na1-",
    // SendGrid, Mailgun, Resend
    "SG.", "key-", "re_",
    // packages, images, clouds, notes and designs
    "npm_", "pypi-", "dckr_pat_", "dop_v1_", "hvs.", "lin_api_", "ntn_", "secret_", "figd_",
    // JSON Web Tokens
    "eyJ",
    // clang-format on
};

enum { NAME_MAX_LEN = 48 };

static bool squash(tskl_slice name, char out[NAME_MAX_LEN]) {
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '_' || c == '-' || c == '.') continue;
        if (len == NAME_MAX_LEN - 1 || c == 0) return false;
        out[len++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    out[len] = 0;
    return len > 0;
}

static int compare_row(const void *name, const void *row) {
    return strcmp(name, ((const name_row *)row)->name);
}

static bool is_among(tskl_slice word, const tskl_slice *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal(word, words[i])) return true;
    return false;
}

// Takes the word behind the last '-' off the name; all of it where there is none.
static tskl_slice take_last_word(tskl_slice *name) {
    size_t start = name->len;
    while (start > 0 && name->ptr[start - 1] != '-') start--;
    tskl_slice word = tskl_slice_from(*name, start);
    *name = tskl_slice_first(*name, start ? start - 1 : 0);
    return word;
}

static unsigned places_by_shape(tskl_slice name) {
    // All parts of a presigned URL: X-Amz-Signature, -Credential, -Security-Token, ...
    unsigned places = tskl_slice_starts_nocase(name, TSKL_S("x-amz-")) ? Q : 0;
    tskl_slice rest = name, last = take_last_word(&rest);
    if (rest.len == 0) return places;
    bool secret = is_among(last, header_last_words, TSKL_COUNT(header_last_words));
    if (tskl_slice_equal(last, TSKL_S("key")))
        secret = is_among(take_last_word(&rest), words_before_key, TSKL_COUNT(words_before_key));
    return places | (secret ? H : 0);
}

static unsigned places_by_ending(tskl_slice squashed) {
    char last = squashed.ptr[squashed.len - 1];
    for (size_t i = 0; i < TSKL_COUNT(squashed_endings); i++) {
        tskl_slice ending = squashed_endings[i];
        if (ending.ptr[ending.len - 1] == last && tskl_slice_ends(squashed, ending)) return ANY;
    }
    return 0;
}

unsigned tskl_mask_places(tskl_slice name) {
    char squashed[NAME_MAX_LEN];
    unsigned places = places_by_shape(name);
    if (!squash(name, squashed)) return places;
    const name_row *row = bsearch(squashed, names, TSKL_COUNT(names), sizeof names[0], compare_row);
    return places | (row ? row->places : places_by_ending(tskl_slice_of(squashed)));
}

#ifdef TSKL_TESTING
const char *tskl_mask_name_at(size_t i) {
    return i < TSKL_COUNT(names) ? names[i].name : NULL;
}
#endif

bool tskl_mask_speaks_oauth(tskl_slice name) {
    static const tskl_slice words[] = {
        TSKL_LIT("grant_type"),    TSKL_LIT("client_secret"),   TSKL_LIT("client_assertion"),
        TSKL_LIT("code_verifier"), TSKL_LIT("redirect_uri"),    TSKL_LIT("token_type"),
        TSKL_LIT("access_token"),  TSKL_LIT("token_type_hint"), TSKL_LIT("refresh_token"),
        TSKL_LIT("expires_in"),    TSKL_LIT("expires_at"),
    };
    return is_among(name, words, TSKL_COUNT(words));
}

bool tskl_mask_tells_error(tskl_slice name) {
    static const tskl_slice words[] = {TSKL_LIT("error"), TSKL_LIT("errors"),
                                       TSKL_LIT("error_description"), TSKL_LIT("message")};
    return is_among(name, words, TSKL_COUNT(words));
}

static tskl_slice longest_prefix(tskl_slice credential) {
    tskl_slice found = {NULL, 0};
    for (size_t i = 0; i < TSKL_COUNT(prefixes); i++) {
        if (credential.len == 0 || prefixes[i][0] != credential.ptr[0]) continue; // nearly always
        tskl_slice prefix = tskl_slice_of(prefixes[i]);
        if (prefix.len > found.len && tskl_slice_starts(credential, prefix)) found = prefix;
    }
    return found;
}

tskl_slice tskl_mask_prefix(tskl_slice credential) {
    tskl_slice prefix = longest_prefix(credential);
    // Of a short credential, the prefix would be most.
    return credential.len >= prefix.len + TSKL_SECRET_MIN ? prefix : (tskl_slice){NULL, 0};
}

// "***" or "sk_test_***".
static bool is_masked(tskl_slice plain) {
    tskl_slice stars = tskl_slice_from(plain, longest_prefix(plain).len);
    return tskl_slice_equal(stars, TSKL_S("***"));
}

bool tskl_mask_is_no_value(tskl_slice plain) {
    static const tskl_slice words[] = {TSKL_LIT(""),     TSKL_LIT("undefined"),
                                       TSKL_LIT("null"), TSKL_LIT("None"),
                                       TSKL_LIT("nil"),  TSKL_LIT("[object Object]")};
    return is_among(plain, words, TSKL_COUNT(words)) || is_masked(plain);
}
