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
    {"hapikey", Q},
    {"hmac", Q},
    {"idtoken", ANY},
    {"idtokenhint", Q | F},
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
    {"xapikey", ANY},
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

// Vendors put their own name before these: x-shopify-access-token, stripe-signature, xi-api-key.
static const char *const header_endings[] = {
    "-token",         "-secret",   "-password",    "-signature",
    "-authorization", "-api-key",  "-apikey",      "-access-key",
    "-secret-key",    "-auth-key", "-private-key", "-master-key",
    "-credentials",   "-jwt",      "-license-key", "-subscription-key",
    "-jwt-assertion"};

// How kinds of credentials begin. The longest that fits counts.
static const char *const prefixes[] = {"AIza",
                                       "AKIA",
                                       "ASIA",
                                       "EAAA",
                                       "SG.",
                                       "access-development-",
                                       "access-production-",
                                       "access-sandbox-",
                                       "dckr_pat_",
                                       "dop_v1_",
                                       "eyJ",
                                       "figd_",
                                       "ghp_",
                                       "gho_",
                                       "ghu_",
                                       "ghs_",
                                       "ghr_",
                                       "github_pat_",
                                       "glpat-",
                                       "gsk_",
                                       "hf_",
                                       "hvs.",
                                       "key-",
                                       "lin_api_",
                                       "npm_",
                                       "ntn_",
                                       "pat-na1-",
                                       "pat-eu1-",
                                       "pk_live_",
                                       "pk_test_",
                                       "pplx-",
                                       "pypi-",
                                       "r8_",
                                       "re_",
                                       "rk_live_",
                                       "rk_test_",
                                       "secret_",
                                       "shpat_",
                                       "shpca_",
                                       "shppa_",
                                       "shpss_",
                                       "sk-",
                                       "sk-admin-",
                                       "sk-ant-",
                                       "sk-or-v1-",
                                       "sk-proj-",
                                       "sk-svcacct-",
                                       "sk_live_",
                                       "sk_test_",
                                       "sq0atp-",
                                       "sq0csp-",
                                       "whsec_",
                                       "xai-",
                                       "xapp-",
                                       "xoxa-",
                                       "xoxb-",
                                       "xoxe.",
                                       "xoxp-",
                                       "xoxr-",
                                       "xoxs-",
                                       "ya29."};

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

static unsigned places_by_shape(tskl_slice name) {
    for (size_t i = 0; i < TSKL_COUNT(header_endings); i++)
        if (tskl_slice_ends(name, tskl_slice_of(header_endings[i]))) return H;
    // All parts of a presigned URL: X-Amz-Signature, -Credential, -Security-Token, ...
    return tskl_slice_starts_nocase(name, TSKL_S("x-amz-")) ? Q : 0;
}

unsigned tskl_mask_places(tskl_slice name) {
    char squashed[NAME_MAX_LEN];
    const name_row *row = NULL;
    if (squash(name, squashed))
        row = bsearch(squashed, names, TSKL_COUNT(names), sizeof names[0], compare_row);
    return (row ? row->places : 0) | places_by_shape(name);
}

#ifdef TSKL_TESTING
const char *tskl_mask_name_at(size_t i) {
    return i < TSKL_COUNT(names) ? names[i].name : NULL;
}
#endif

static bool is_among(tskl_slice name, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal(name, tskl_slice_of(words[i]))) return true;
    return false;
}

bool tskl_mask_speaks_oauth(tskl_slice name) {
    static const char *const words[] = {"grant_type",    "client_secret",   "client_assertion",
                                        "code_verifier", "redirect_uri",    "token_type",
                                        "access_token",  "token_type_hint", "refresh_token",
                                        "expires_in",    "expires_at"};
    return is_among(name, words, TSKL_COUNT(words));
}

bool tskl_mask_tells_error(tskl_slice name) {
    static const char *const words[] = {"error", "errors", "error_description", "message"};
    return is_among(name, words, TSKL_COUNT(words));
}

static tskl_slice longest_prefix(tskl_slice credential) {
    tskl_slice found = {NULL, 0};
    for (size_t i = 0; i < TSKL_COUNT(prefixes); i++) {
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
    static const char *const words[] = {"", "undefined", "null", "None", "nil", "[object Object]"};
    return is_among(plain, words, TSKL_COUNT(words)) || is_masked(plain);
}
