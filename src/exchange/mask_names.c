// Which names say that their value is a secret. A name is read as its words, from the last one on:
// "userPassword", "USER-PASSWORD" and "user[password]" are the same two.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask_words.h"
#include "exchange/masker.h"
#include <stdlib.h>

enum {
    H = TSKL_MASK_HEADER,
    Q = TSKL_MASK_QUERY,
    F = TSKL_MASK_FORM,
    M = TSKL_MASK_MEMBER,
    SENT = Q | F | M,
    ANY = H | SENT,
    OAUTH = TSKL_MASK_OAUTH,
    NUMBERS = TSKL_MASK_NUMBERS,
    STRICT = TSKL_MASK_STRICT,
};
#define IF_OPAQUE(places) TSKL_MASK_IF_OPAQUE(places)

/** What a last word means: behind `before`, where that stands there; alone, where `before` is "";
 *  and behind anything else, where it is NULL. */
typedef struct name_rule {
    const char *last, *before;
    unsigned bits;
} name_rule;

// Sorted by the last word. A name that often holds something harmless is judged by its value too:
// `api_key` is a key whatever it holds, `lookup_key` only where that looks like one.
static const name_rule rules[] = {
    {"answer", "challenge", SENT},
    {"answer", "secret", SENT},
    {"answer", "security", SENT},
    {"apisig", NULL, Q | F},
    {"appid", NULL, IF_OPAQUE(Q | F)},
    {"assertion", NULL, ANY},
    {"auth", NULL, H | Q | IF_OPAQUE(F | M)},
    {"authentication", NULL, H},
    {"authorization", NULL, ANY},
    {"bearer", NULL, ANY},
    // Alone it is the very thing that a Pack looks for in an error.
    {"code", "", Q | F | M | OAUTH},
    {"code", "2fa", ANY | NUMBERS},
    {"code", "access", ANY},
    {"code", "activation", ANY | NUMBERS},
    {"code", "auth", ANY},
    {"code", "authorization", ANY},
    {"code", "backup", ANY | NUMBERS},
    {"code", "confirmation", IF_OPAQUE(ANY)},
    {"code", "cvc", ANY | NUMBERS},
    {"code", "cvv", ANY | NUMBERS},
    {"code", "device", ANY},
    {"code", "factor", ANY | NUMBERS},
    {"code", "login", ANY | NUMBERS},
    {"code", "mfa", ANY | NUMBERS},
    {"code", "otp", ANY | NUMBERS},
    {"code", "pin", ANY | NUMBERS},
    {"code", "recovery", ANY | NUMBERS},
    {"code", "reset", ANY | NUMBERS},
    {"code", "security", ANY | NUMBERS},
    {"code", "sms", ANY | NUMBERS},
    {"code", "tfa", ANY | NUMBERS},
    {"code", "time", ANY | NUMBERS}, // one-time-code
    {"code", "totp", ANY | NUMBERS},
    {"code", "verification", ANY | NUMBERS},
    {"cookie", NULL, H | F | M},
    {"credential", NULL, ANY},
    {"credentials", NULL, H | Q | IF_OPAQUE(F | M)},
    {"crumb", NULL, H | Q | F},
    {"csrf", NULL, H | Q | F | IF_OPAQUE(M)},
    {"cvc", NULL, SENT | NUMBERS},
    {"cvn", NULL, SENT | NUMBERS},
    {"cvv", NULL, SENT | NUMBERS},
    {"data", "key", IF_OPAQUE(M)}, // client-key-data of Kubernetes
    {"data", "oidc", H},
    {"dsn", NULL, SENT},
    {"hint", "token", SENT},
    {"hmac", NULL, H | Q},
    {"id", "key", Q | F}, // only AWSAccessKeyId, see open_names
    {"id", "pair", Q},
    {"id", "sess", H | Q | F | IF_OPAQUE(M)},
    {"id", "session", H | Q | F | IF_OPAQUE(M)},
    {"jwt", NULL, ANY},
    // `key` is a credential in a query, but a file's name in a form and anything in JSON.
    {"key", NULL, H | IF_OPAQUE(SENT)},
    {"key", "", H | Q | IF_OPAQUE(F | M) | STRICT},
    {"key", "access", ANY},
    {"key", "account", ANY},
    {"key", "admin", ANY},
    {"key", "api", ANY},
    {"key", "app", H | Q | IF_OPAQUE(F | M)},
    {"key", "application", H | Q | IF_OPAQUE(F | M)},
    {"key", "auth", ANY},
    {"key", "cache", 0},
    {"key", "dedup", 0},
    {"key", "deduplication", 0},
    {"key", "encryption", ANY},
    {"key", "evaluated", 0},
    {"key", "foreign", 0},
    {"key", "group", 0},
    {"key", "hash", 0},
    {"key", "idempotency", 0},
    {"key", "issue", 0},
    {"key", "license", ANY},
    {"key", "lookup", 0},
    {"key", "master", ANY},
    {"key", "message", 0},
    {"key", "next", 0},
    {"key", "object", 0},
    {"key", "partition", 0},
    {"key", "primary", 0},
    {"key", "private", ANY},
    {"key", "project", 0},
    {"key", "pub", 0},
    {"key", "public", 0},
    {"key", "publishable", 0},
    {"key", "range", 0},
    {"key", "s", 0}, // of S3: digits at the end of a word do not count
    {"key", "secret", ANY},
    {"key", "service", H | Q | IF_OPAQUE(F | M)},
    {"key", "sess", ANY},
    {"key", "session", ANY},
    {"key", "shared", ANY},
    {"key", "signing", ANY},
    {"key", "site", 0},
    {"key", "socket", 0},
    {"key", "sort", 0},
    {"key", "start", 0},
    {"key", "storage", H | IF_OPAQUE(SENT)},
    {"key", "subscription", ANY},
    {"key", "surrogate", 0},
    {"key", "translation", 0},
    {"key", "unique", 0},
    {"key", "user", H | IF_OPAQUE(SENT)},
    {"key", "websocket", 0},
    {"mfa", NULL, H | Q | F},
    {"mnemonic", NULL, SENT},
    {"nonce", "wp", H | Q | F},
    {"nonce", "wpnonce", H | Q | F},
    {"number", "card", SENT | NUMBERS},
    {"number", "cc", SENT | NUMBERS},
    {"otp", NULL, ANY | NUMBERS},
    {"pass", NULL, ANY},
    {"passcode", NULL, ANY | NUMBERS},
    {"passkey", NULL, ANY},
    {"passphrase", NULL, ANY | NUMBERS},
    {"passwd", NULL, ANY | NUMBERS},
    {"password", NULL, ANY | NUMBERS},
    {"phrase", "pass", ANY | NUMBERS},
    {"phrase", "recovery", SENT},
    {"phrase", "secret", SENT},
    {"phrase", "seed", SENT},
    {"pin", NULL, ANY | NUMBERS},
    {"proof", "secret", SENT},
    {"psk", NULL, ANY},
    {"pw", NULL, ANY},
    {"pwd", NULL, ANY | NUMBERS},
    {"response", "saml", ANY},
    {"secret", NULL, ANY},
    {"session", NULL, H | IF_OPAQUE(SENT)},
    {"sha", "hmac", H | Q},
    {"sha", "signature", H | Q},
    {"sid", NULL, IF_OPAQUE(H | Q | F)}, // in JSON it names a thing of Twilio's
    {"sig", NULL, H | Q | F},
    {"sign", NULL, H | Q | F},
    {"signature", NULL, H | Q | F},
    {"signature", "access", ANY}, // SharedAccessSignature
    {"string", "conn", SENT},
    {"string", "connection", SENT},
    {"team", "honeycomb", H},
    {"ticket", NULL, IF_OPAQUE(Q | F)},
    // To a language model a token is a word.
    {"token", NULL, H | IF_OPAQUE(SENT)},
    {"token", "", H | Q | F | IF_OPAQUE(M) | OAUTH},
    {"token", "access", ANY},
    {"token", "actor", ANY},
    {"token", "api", ANY},
    {"token", "auth", ANY},
    {"token", "bearer", ANY},
    {"token", "bot", ANY},
    {"token", "continuation", 0},
    {"token", "continue", 0},
    {"token", "csrf", ANY},
    {"token", "cursor", 0},
    {"token", "delta", 0},
    {"token", "end", 0},
    {"token", "exchange", ANY},
    {"token", "id", ANY},
    {"token", "idempotency", 0},
    {"token", "input", H | Q | F},
    {"token", "last", 0},
    {"token", "list", 0},
    {"token", "login", ANY},
    {"token", "marker", 0},
    {"token", "mfa", ANY},
    {"token", "next", 0},
    {"token", "oauth", ANY},
    {"token", "page", 0},
    {"token", "pagination", 0},
    {"token", "paging", 0},
    {"token", "prev", 0},
    {"token", "previous", 0},
    {"token", "private", ANY},
    {"token", "public", ANY},
    {"token", "refresh", ANY},
    {"token", "reset", ANY},
    {"token", "resume", 0},
    {"token", "scroll", 0},
    {"token", "security", ANY},
    {"token", "session", ANY},
    {"token", "skip", 0},
    {"token", "start", 0},
    {"token", "stop", 0},
    {"token", "subject", ANY},
    {"token", "sync", 0},
    {"token", "verification", ANY},
    {"token", "watermark", 0},
    {"token", "xsrf", ANY},
    {"totp", NULL, ANY | NUMBERS},
    {"url", "database", IF_OPAQUE(M)},
    {"url", "db", IF_OPAQUE(M)},
    {"verifier", "code", SENT},
    {"verifier", "oauth", SENT},
    {"word", "pass", ANY | NUMBERS}, // passWord
    {"wpnonce", NULL, H | Q | F},
    {"wsse", NULL, H},
    {"xsrf", NULL, H | Q | F | IF_OPAQUE(M)},
};

// What is so named is none, although its last two words say so.
static const struct {
    tskl_slice third; // word from the end
    const char *before, *last;
    bool is_that; // or is anything but that
} open_names[] = {
    {TSKL_LIT("mcp"), "session", "id", true},
    {TSKL_LIT("checkout"), "session", "id", true},
    {TSKL_LIT("client"), "request", "token", true}, // AWS: ties tries together
    {TSKL_LIT("access"), "key", "id", false},
};

/** What a last word may be. */
enum {
    RULED = 1,     // rules begin with it
    GLUED = 2,     // it is also written together with what stands before: apikey, hapikey
    GLUED_ANY = 4, // whatever that is; else only with what a rule knows: not in monkey, postcode
    QUALIFIER = 8, // changes nothing: password_confirmation, secretValue, token_hash
    PLURAL = 16,   // with an s behind it as well
};

typedef struct ending {
    tskl_slice word;
    unsigned what;
} ending;

// Grouped by the last letter, for endings_of: nearly every name of a body ends in another way, and
// is done with after two or three comparisons.
static const ending endings[] = {
    {TSKL_LIT("data"), RULED},
    {TSKL_LIT("mfa"), RULED},
    {TSKL_LIT("sha"), RULED},
    {TSKL_LIT("crumb"), RULED},
    {TSKL_LIT("cvc"), RULED},
    {TSKL_LIT("hmac"), RULED},
    {TSKL_LIT("mnemonic"), RULED},
    {TSKL_LIT("appid"), RULED},
    {TSKL_LIT("encoded"), QUALIFIER},
    {TSKL_LIT("encrypted"), QUALIFIER},
    {TSKL_LIT("id"), RULED | GLUED},
    {TSKL_LIT("old"), QUALIFIER},
    {TSKL_LIT("passwd"), RULED | GLUED_ANY},
    {TSKL_LIT("password"), RULED | GLUED_ANY | PLURAL},
    {TSKL_LIT("prod"), QUALIFIER},
    {TSKL_LIT("pwd"), RULED | GLUED_ANY},
    {TSKL_LIT("sid"), RULED},
    {TSKL_LIT("word"), RULED},
    {TSKL_LIT("base"), QUALIFIER},
    {TSKL_LIT("code"), RULED | GLUED | PLURAL},
    {TSKL_LIT("cookie"), RULED | PLURAL},
    {TSKL_LIT("live"), QUALIFIER},
    {TSKL_LIT("nonce"), RULED},
    {TSKL_LIT("passcode"), RULED},
    {TSKL_LIT("passphrase"), RULED | GLUED_ANY | PLURAL},
    {TSKL_LIT("phrase"), RULED},
    {TSKL_LIT("response"), RULED},
    {TSKL_LIT("retype"), QUALIFIER},
    {TSKL_LIT("signature"), RULED | GLUED_ANY},
    {TSKL_LIT("value"), QUALIFIER},
    {TSKL_LIT("wpnonce"), RULED},
    {TSKL_LIT("wsse"), RULED},
    {TSKL_LIT("csrf"), RULED},
    {TSKL_LIT("proof"), RULED},
    {TSKL_LIT("xsrf"), RULED},
    {TSKL_LIT("apisig"), RULED},
    {TSKL_LIT("sig"), RULED},
    {TSKL_LIT("string"), RULED | GLUED | QUALIFIER},
    {TSKL_LIT("auth"), RULED},
    {TSKL_LIT("hash"), QUALIFIER},
    {TSKL_LIT("psk"), RULED},
    {TSKL_LIT("credential"), RULED | PLURAL},
    {TSKL_LIT("url"), RULED},
    {TSKL_LIT("confirm"), QUALIFIER},
    {TSKL_LIT("pem"), QUALIFIER},
    {TSKL_LIT("team"), RULED},
    {TSKL_LIT("again"), QUALIFIER},
    {TSKL_LIT("assertion"), RULED},
    {TSKL_LIT("authentication"), RULED},
    {TSKL_LIT("authorization"), RULED},
    {TSKL_LIT("confirmation"), QUALIFIER},
    {TSKL_LIT("cvn"), RULED},
    {TSKL_LIT("dsn"), RULED},
    {TSKL_LIT("pin"), RULED},
    {TSKL_LIT("plain"), QUALIFIER},
    {TSKL_LIT("production"), QUALIFIER},
    {TSKL_LIT("session"), RULED},
    {TSKL_LIT("sign"), RULED},
    {TSKL_LIT("token"), RULED | GLUED_ANY | PLURAL},
    {TSKL_LIT("otp"), RULED},
    {TSKL_LIT("totp"), RULED},
    {TSKL_LIT("answer"), RULED},
    {TSKL_LIT("bearer"), RULED},
    {TSKL_LIT("number"), RULED | GLUED},
    {TSKL_LIT("verifier"), RULED | GLUED},
    {TSKL_LIT("credentials"), RULED},
    {TSKL_LIT("pass"), RULED},
    {TSKL_LIT("current"), QUALIFIER},
    {TSKL_LIT("digest"), QUALIFIER},
    {TSKL_LIT("hint"), RULED},
    {TSKL_LIT("jwt"), RULED},
    {TSKL_LIT("plaintext"), QUALIFIER},
    {TSKL_LIT("repeat"), QUALIFIER},
    {TSKL_LIT("secret"), RULED | GLUED_ANY | PLURAL},
    {TSKL_LIT("text"), QUALIFIER},
    {TSKL_LIT("ticket"), RULED},
    {TSKL_LIT("cvv"), RULED},
    {TSKL_LIT("new"), QUALIFIER},
    {TSKL_LIT("pw"), RULED},
    {TSKL_LIT("raw"), QUALIFIER},
    {TSKL_LIT("binary"), QUALIFIER},
    {TSKL_LIT("key"), RULED | GLUED | PLURAL},
    {TSKL_LIT("passkey"), RULED},
    {TSKL_LIT("verify"), QUALIFIER},
};

// Where the words of each letter begin in `endings`.
static const unsigned char letters[27] = {0,  3,  4,  7,  18, 32, 35, 38, 40, 40, 40, 41, 43, 46,
                                          59, 59, 61, 61, 65, 67, 76, 76, 77, 80, 80, 84, 84};

static const ending *find_ending(const tskl_word *word, bool glued) {
    char last = word->len ? word->text[word->len - 1] : 0;
    if (last < 'a' || last > 'z') return NULL;
    for (size_t i = letters[last - 'a']; i < letters[last - 'a' + 1]; i++) {
        const ending *e = &endings[i];
        bool fits = glued ? word->len > e->word.len && (e->what & (GLUED | GLUED_ANY))
                          : word->len == e->word.len;
        if (fits && memcmp(word->text + word->len - e->word.len, e->word.ptr, e->word.len) == 0)
            return e;
    }
    return NULL;
}

static int compare_last(const void *word, const void *rule) {
    return strcmp(word, ((const name_rule *)rule)->last);
}

// Rules of the same last word have mostly the very same text of it.
static bool has_last(const name_rule *rule, const char *last) {
    return rule->last == last || strcmp(rule->last, last) == 0;
}

// The first rule of that last word.
static const name_rule *first_rule(const char *last) {
    const name_rule *rule = bsearch(last, rules, TSKL_COUNT(rules), sizeof *rules, compare_last);
    while (rule && rule > rules && has_last(&rule[-1], rule->last)) rule--;
    return rule;
}

static bool ends_as(const tskl_word *word, const char *wanted) {
    tskl_slice end = tskl_slice_of(wanted);
    return end.len > 2 && tskl_slice_ends(tskl_word_slice(word), end);
}

// What the rules say of `last` behind `before`. `*known`: of just these two. `inside`: `before`
// need only end as the rule has it, as "hapi" does.
static unsigned bits_of(const char *last, const tskl_word *before, bool inside, bool *known) {
    unsigned bits = 0;
    *known = false;
    const name_rule *first = first_rule(last), *end = rules + TSKL_COUNT(rules);
    for (const name_rule *rule = first; rule && rule < end; rule++) {
        if (!has_last(rule, first->last)) break;
        bool same = rule->before && rule->before[0] == before->text[0] &&
                    strcmp(rule->before, before->text) == 0;
        if (inside && rule->before && !same) same = ends_as(before, rule->before);
        if (same || (!rule->before && !*known)) bits = rule->bits;
        *known = *known || same;
    }
    return bits;
}

static bool is_open(const char *last, const tskl_word *before, tskl_slice rest) {
    tskl_word third;
    tskl_word_take(&rest, &third);
    for (size_t i = 0; i < TSKL_COUNT(open_names); i++) {
        if (strcmp(open_names[i].last, last) != 0) continue;
        if (strcmp(open_names[i].before, before->text) != 0) continue;
        bool is_that = tskl_slice_ends(tskl_word_slice(&third), open_names[i].third);
        if (is_that == open_names[i].is_that) return true;
    }
    return false;
}

static unsigned of_two(const char *last, tskl_slice rest, bool *known) {
    tskl_word before;
    tskl_word_take(&rest, &before);
    // "x-key": the x says nothing.
    if (rest.len == 0 && strcmp(before.text, "x") == 0) before = (tskl_word){0};
    unsigned bits = bits_of(last, &before, false, known);
    return bits && is_open(last, &before, rest) ? 0 : bits;
}

static unsigned of_glued(const tskl_word *last, tskl_slice rest) {
    const ending *tail = find_ending(last, true);
    if (tail) {
        bool known;
        tskl_word before = *last;
        before.text[before.len -= (unsigned)tail->word.len] = 0;
        unsigned bits = bits_of(tail->word.ptr, &before, true, &known);
        if (known && is_open(tail->word.ptr, &before, rest)) return 0;
        return known || (tail->what & GLUED_ANY) ? bits : 0;
    }
    // Only with these: bypass and compass are words.
    static const char *const users[] = {"dbpass", "rootpass", "userpass", "adminpass", "mypass"};
    for (size_t i = 0; last->text[last->len - 1] == 's' && i < TSKL_COUNT(users); i++)
        if (strcmp(users[i], last->text) == 0) return ANY;
    return 0;
}

// Several keys or tokens are more often words: only what looks like one is hidden.
static unsigned of_plural(const tskl_word *last, tskl_slice rest) {
    tskl_word one = *last;
    if (one.len < 4 || one.text[one.len - 1] != 's') return 0;
    one.text[--one.len] = 0;
    bool known = false;
    const ending *e = find_ending(&one, false);
    if (e && !(e->what & PLURAL)) return 0;
    unsigned bits = e ? of_two(one.text, rest, &known) : of_glued(&one, rest);
    if (strcmp(one.text, "secret") == 0 || strcmp(one.text, "password") == 0) return bits;
    if (strcmp(one.text, "code") == 0) return known && rest.len ? bits & ~(unsigned)NUMBERS : 0;
    return IF_OPAQUE((bits | bits >> 8) & ANY) | (bits & STRICT);
}

// "passwordconfirm" as "password".
static bool drop_glued_qualifier(const tskl_word *last, tskl_slice *rest) {
    if (last->len <= 8 || memcmp(last->text, "password", 8) != 0) return false;
    tskl_word tail = {.len = last->len - 8};
    memcpy(tail.text, last->text + 8, tail.len);
    const ending *e = find_ending(&tail, false);
    *rest = TSKL_S("password");
    return e && (e->what & QUALIFIER);
}

static unsigned judge(tskl_slice name, unsigned dropped) {
    tskl_word last;
    tskl_slice rest = name;
    tskl_word_take(&rest, &last);
    if (last.len == 0) return 0;
    const ending *e = find_ending(&last, false);
    bool known = false, qualifier = e && (e->what & QUALIFIER) && rest.len > 0;
    unsigned bits = e && (e->what & RULED) ? of_two(last.text, rest, &known) : 0;
    if (!e) bits = of_glued(&last, rest);
    if (!e && bits == 0) bits = of_plural(&last, rest);
    if (!e && bits == 0) qualifier = drop_glued_qualifier(&last, &rest);
    if (bits || known || !qualifier || dropped == 2) return bits;
    bits = judge(rest, dropped + 1);
    // With more than the name alone it is no longer OAuth's.
    return bits & OAUTH ? bits & IF_OPAQUE(ANY) : bits;
}

// The last two letters of all these words. Nearly every name ends in others, and costs no more than
// to see that.
#define BIT(letter) (1u << ((letter) - 'a'))
static const uint32_t last_letters[26] = {
    ['a' - 'a'] = BIT('f') | BIT('h') | BIT('t'),
    ['b' - 'a'] = BIT('m'),
    ['c' - 'a'] = BIT('a') | BIT('i') | BIT('v'),
    ['d' - 'a'] = BIT('e') | BIT('i') | BIT('l') | BIT('o') | BIT('r') | BIT('w'),
    ['e' - 'a'] =
        BIT('c') | BIT('d') | BIT('i') | BIT('p') | BIT('r') | BIT('s') | BIT('u') | BIT('v'),
    ['f' - 'a'] = BIT('o') | BIT('r'),
    ['g' - 'a'] = BIT('i') | BIT('n'),
    ['h' - 'a'] = BIT('s') | BIT('t'),
    ['k' - 'a'] = BIT('s'),
    ['l' - 'a'] = BIT('a') | BIT('r'),
    ['m' - 'a'] = BIT('a') | BIT('e') | BIT('r'),
    ['n' - 'a'] = BIT('e') | BIT('g') | BIT('i') | BIT('o') | BIT('s') | BIT('v'),
    ['p' - 'a'] = BIT('t'),
    ['r' - 'a'] = BIT('e'),
    ['s' - 'a'] = BIT('d') | BIT('e') | BIT('l') | BIT('n') | BIT('s') | BIT('t') | BIT('y'),
    ['t' - 'a'] = BIT('a') | BIT('e') | BIT('n') | BIT('s') | BIT('w') | BIT('x'),
    ['v' - 'a'] = BIT('v'),
    ['w' - 'a'] = BIT('a') | BIT('e') | BIT('p'),
    ['y' - 'a'] = BIT('e') | BIT('f') | BIT('r'),
};
#undef BIT

static bool may_be_secret(tskl_slice name) {
    size_t end = name.len;
    while (end > 0 && !((name.ptr[end - 1] | 0x20) >= 'a' && (name.ptr[end - 1] | 0x20) <= 'z'))
        end--;
    if (end < 2) return false;
    unsigned last = (unsigned)(name.ptr[end - 1] | 0x20) - 'a';
    unsigned before = (unsigned)(name.ptr[end - 2] | 0x20) - 'a';
    return before < 26 && (last_letters[last] >> before & 1);
}

// "secret_v2" as "secret".
static tskl_slice without_version(tskl_slice name) {
    size_t end = name.len;
    while (end > 0 && name.ptr[end - 1] >= '0' && name.ptr[end - 1] <= '9') end--;
    bool version = end < name.len && end > 2 && (name.ptr[end - 1] | 0x20) == 'v' &&
                   strchr("_-.", name.ptr[end - 2]);
    return version ? tskl_slice_first(name, end - 2) : name;
}

unsigned tskl_mask_places(tskl_slice name) {
    name = without_version(name);
    return may_be_secret(name) ? judge(name, 0) : 0;
}

#ifdef TSKL_TESTING
const char *tskl_mask_name_at(size_t i, const char **before) {
    bool there = i < TSKL_COUNT(rules);
    *before = there ? rules[i].before : NULL;
    return there ? rules[i].last : NULL;
}

unsigned tskl_mask_bits_at(size_t i) {
    return rules[i].bits;
}
#endif

static bool is_among(tskl_slice word, const tskl_slice *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal(word, words[i])) return true;
    return false;
}

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

bool tskl_mask_judges(unsigned places, unsigned place, tskl_slice plain) {
    if (places & place) return true;
    if (!(places & IF_OPAQUE(place))) return false;
    return tskl_mask_prefix(plain).len > 0 || tskl_mask_is_opaque(plain, places & STRICT);
}
