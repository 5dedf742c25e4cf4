// Which values are secrets by what they look like, and which credentials say what kind they are.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

enum { KEY_MIN = 20, OPAQUE_MIN = 16 };

// How kinds of credentials begin, sorted: the longest that fits counts. Those of the second list
// are shown of a credential, but make none of a word: a publishable key is public.
static const char *const prefixes[] = {
    // clang-format off
    "AGE-SECRET-KEY-1", "AIza", "ATATT3", "ATBB", "ATCTT3", "CFPAT-", "EAAA", "EAAB", "EAAC",
    "EAAG", "EAAJ", "EZAK", "EZTK", "FLWSECK-", "FLWSECK_TEST-", "GOCSPX-", "HRKU-", "LTAI",
    "NRAK-", "NRII-", "PMAK-", "SG.", "access-development-", "access-production-",
    "access-sandbox-", "bkua_", "csk-", "dapi", "dckr_oat_", "dckr_pat_", "doo_v1_", "dop_v1_",
    "dor_v1_", "dp.pt.", "dp.st.", "dt0c01.", "figd_", "fm2_", "fo1_", "gho_", "ghp_", "ghr_",
    "ghs_", "ghu_", "github_pat_", "glc_", "glcbt-", "gldt-", "glft-", "glpat-", "glptt-", "glrt-",
    "glsa_", "glsoat-", "gsk_", "hf_", "hvb.", "hvr.", "hvs.", "key-", "lin_api_", "lin_oauth_",
    "lsv2_pt_", "lsv2_sk_", "napi_", "npm_", "ntn_", "nvapi-", "ops_", "pat-eu1-", "pat-na1-",
    "patA", "pcsk_", "pplx-", "pscale_pw_", "pscale_tkn_", "pul-", "pypi-", "r8_", "rdme_", "re_",
    "rk_live_", "rk_test_", "rubygems_", "sb_secret_", "sbp_", "secret_", "sgp_", "shippo_live_",
    "shippo_test_", "shpat_", "shpca_", "shppa_", "shpss_", "sk-", "sk-admin-", "sk-ant-",
    "sk-or-v1-", "sk-proj-", "sk-svcacct-", "sk_live_", "sk_test_", "sl.", "sntrys_", "sntryu_",
    "sq0atp-", "sq0csp-", "tfp_", "tskey-", "tvly-", "waka_", "whsec_", "xai-", "xapp-", "xkeysib-",
    "xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxe.", "xoxp-", "xoxr-", "xoxs-", "xsmtpsib-",
    "ya29.",
    // clang-format on
};
static const char *const shown_prefixes[] = {"AKIA", "ASIA", "eyJ", "pk_live_", "pk_test_"};

// The longest of a sorted list that `word` begins with, or empty. Each has two bytes at least.
static tskl_slice longest(tskl_slice word, const char *const *list, size_t count) {
    tskl_slice found = {NULL, 0};
    if (word.len < 2) return found;
    size_t first = 0;
    for (size_t last = count; first < last;) {
        size_t middle = (first + last) / 2;
        if (list[middle][0] < word.ptr[0])
            first = middle + 1;
        else
            last = middle;
    }
    for (; first < count && list[first][0] == word.ptr[0]; first++) {
        if (list[first][1] != word.ptr[1]) continue;
        tskl_slice prefix = tskl_slice_of(list[first]);
        if (prefix.len > found.len && tskl_slice_starts(word, prefix)) found = prefix;
    }
    return found;
}

static tskl_slice longest_prefix(tskl_slice word) {
    tskl_slice known = longest(word, prefixes, TSKL_COUNT(prefixes));
    tskl_slice shown = longest(word, shown_prefixes, TSKL_COUNT(shown_prefixes));
    return known.len > shown.len ? known : shown;
}

tskl_slice tskl_mask_prefix(tskl_slice credential) {
    tskl_slice prefix = longest_prefix(credential);
    // Of a short credential, the prefix would be most.
    return credential.len >= prefix.len + TSKL_SECRET_MIN ? prefix : (tskl_slice){NULL, 0};
}

// "***" or "sk_test_***".
static bool is_masked(tskl_slice plain) {
    const tskl_slice stars = TSKL_S("***");
    return tskl_slice_ends(plain, stars) && longest_prefix(plain).len + stars.len == plain.len;
}

bool tskl_mask_is_no_value(tskl_slice plain) {
    static const tskl_slice words[] = {
        TSKL_LIT(""),    TSKL_LIT("undefined"),       TSKL_LIT("null"), TSKL_LIT("None"),
        TSKL_LIT("nil"), TSKL_LIT("[object Object]"), TSKL_LIT("true"), TSKL_LIT("false"),
    };
    for (size_t i = 0; i < TSKL_COUNT(words); i++)
        if (tskl_slice_equal(plain, words[i])) return true;
    return is_masked(plain);
}

typedef enum letter { OTHER, JOINT, DIGIT, LOWER, UPPER } letter;

static letter letter_of(char c) {
    if (c >= 'a' && c <= 'z') return LOWER;
    if (c >= '0' && c <= '9') return DIGIT;
    if (c >= 'A' && c <= 'Z') return UPPER;
    return c && strchr("-_+/=.~:", c) ? JOINT : OTHER;
}

// Letters and digits of chance change their kind all the time; words and what is made of words do
// not: "new-checkout-flow-2024", "checkoutFlowStep2". One change in five letters parts the two.
bool tskl_mask_is_opaque(tskl_slice plain, bool strict) {
    size_t letters = 0, changes = 0;
    bool seen[UPPER + 1] = {false}, coded = false;
    letter last = JOINT;
    for (size_t i = 0; i < plain.len; i++) {
        letter is = letter_of(plain.ptr[i]);
        // What is a URL is judged by its parts.
        if (is == OTHER || tskl_slice_starts(tskl_slice_from(plain, i), TSKL_S("://")))
            return false;
        coded = coded || (plain.ptr[i] && strchr("/.:", plain.ptr[i]));
        letters += is != JOINT;
        // A capital is followed by small letters in words as well.
        changes += last != JOINT && is != JOINT && is != last && !(last == UPPER && is == LOWER);
        seen[is] = true;
        last = is;
    }
    bool all = seen[DIGIT] && seen[LOWER] && seen[UPPER];
    // A path or a host may hold a part of chance: only base64 mixes all of them.
    return plain.len >= OPAQUE_MIN && changes * 5 >= letters && (all || (!strict && !coded));
}

// AKIA and ASIA begin exactly 20 capitals and digits.
static bool is_aws_key(tskl_slice word) {
    if (word.len != KEY_MIN) return false;
    if (!tskl_slice_starts(word, TSKL_S("AKIA")) && !tskl_slice_starts(word, TSKL_S("ASIA")))
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (letter_of(word.ptr[i]) != UPPER && letter_of(word.ptr[i]) != DIGIT) return false;
    return true;
}

// A JSON Web Token has dots; a page token that is JSON in base64 has none.
static bool is_jwt(tskl_slice word) {
    return tskl_slice_starts(word, TSKL_S("eyJ")) && tskl_slice_contains(word, '.');
}

// Stripe's "pi_1Ab_secret_xyz": the id is none, what follows is.
static tskl_slice client_secret(tskl_slice word) {
    bool kind = tskl_slice_starts(word, TSKL_S("pi_")) || tskl_slice_starts(word, TSKL_S("cs_")) ||
                tskl_slice_starts(word, TSKL_S("seti_"));
    if (!kind) return (tskl_slice){NULL, 0};
    size_t at = tskl_slice_search(word, TSKL_S("_secret_"));
    tskl_slice secret = tskl_slice_from(word, at == SIZE_MAX ? word.len : at + 8);
    return tskl_mask_is_opaque(secret, false) ? secret : (tskl_slice){NULL, 0};
}

tskl_slice tskl_mask_key(tskl_slice word) {
    if (word.len < KEY_MIN) return (tskl_slice){NULL, 0};
    if (is_aws_key(word) || is_jwt(word)) return word;
    tskl_slice prefix = longest(word, prefixes, TSKL_COUNT(prefixes));
    if (prefix.len && tskl_mask_is_opaque(tskl_slice_from(word, prefix.len), false)) return word;
    return client_secret(word);
}
