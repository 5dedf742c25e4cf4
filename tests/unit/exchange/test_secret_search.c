// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "exchange/automaton.h"
#include "exchange/naive_secrets.h"
#include "harness.h"
#include <stdio.h>

static bool add(tskl_test *t, tskl_secrets *secrets, const char *secret) {
    return tskl_secrets_add(secrets, t->arena, tskl_slice_of(secret));
}

TEST(secret_search, finds_what_was_escaped_on_its_way) {
    static const struct {
        const char *secret, *text;
    } rows[] = {
        {"pass/word&1", "{\"a\":\"pass\\/word\\u00261\"}"},                     // PHP, Go
        {"quote\"d-one", "{\"m\":\"{\\\"p\\\":\\\"quote\\\\\\\"d-one\\\"}\"}"}, // JSON in JSON
        {"quote\"d-one", "value=&quot;quote&quot;d-one&quot;"},
        {"it's-a-key<", "it&#39;s-a-key&lt;"},
        {"it's-a-key<", "it&#x27;s-a-key&#60;"},
        {"caf\xc3\xa9-au-lait", "caf\\u00e9-au-lait"},
        {"smile-\xf0\x9f\x98\x80-key", "smile-\\ud83d\\ude00-key"},
        {"two\nlines-of-it", "{\"pem\":\"two\\nlines-of-it\"}"},
        {"a\\backslash-in", "{\"x\":\"a\\\\backslash-in\"}"},
        {"escaped%2Fcookie", "it was escaped/cookie"}, // and came back undone
        {"plus+and space", "plus and+space"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_secrets secrets = {0};
        CHECK(add(t, &secrets, rows[i].secret));
        CHECK_ROW(i, tskl_secrets_in(&secrets, tskl_slice_of(rows[i].text)));
        CHECK_ROW(i, naive_has(tskl_slice_of(rows[i].text), tskl_slice_of(rows[i].secret)));
    }
}

TEST(secret_search, hides_each_secret_and_the_rest_of_its_token) {
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"nothing of the kind", "nothing of the kind"},
        {"hunter22", "***"},
        {"key=hunter22&x=1", "key=***&x=1"},
        {"refused hunter22. Try again.", "refused ***. Try again."},
        {"hunter22 hunter22,hunter22", "*** ***,***"},
        {"hunter22hunter22hunter22", "***"},
        {"is hunter223344 here", "is *** here"}, // it begins a longer one
        {"/v1/hunter22/charges?x=1", "/v1/***/charges?x=1"},
        {"hunter%32%32%2Fx and hunter2%32", "***%2Fx and ***"},
        {"x 68756e746572323263 y", "x *** y"}, // hex, and what follows
        {"\"\\u0068unter22\"", "\"***\""},
        {"long-secret-that goes on, hunter22", "***, ***"},
        {"long-secret-that", "long-secret-that"},
        {"C:\\hunter22", "C:***"}, // no backslash is left to escape a star
    };
    tskl_secrets secrets = {0};
    CHECK(add(t, &secrets, "hunter22") && add(t, &secrets, "long-secret-that goes on"));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice shown;
        CHECK(tskl_secrets_hide(&secrets, tskl_slice_of(rows[i].text), &shown));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), shown);
    }
}

// A hidden one may move the pairs of the next from an even place to an odd one.
TEST(secret_search, hides_hex_wherever_it_stands) {
    tskl_secrets secrets = {0};
    CHECK(add(t, &secrets, "hunter22"));
    for (size_t before = 0; before < 4; before++)
        for (size_t between = 1; between < 4; between++) {
            char text[128];
            tskl_slice shown;
            snprintf(text, sizeof text, "%.*s68756e7465723232%.*s68756E7465723232", (int)before,
                     "xxx", (int)between, "---");
            CHECK(tskl_secrets_hide(&secrets, tskl_slice_of(text), &shown));
            CHECK(shown.len == before + between + 6);
        }
}

TEST(secret_search, leaves_a_text_without_secrets_where_it_is) {
    tskl_secrets secrets = {0};
    tskl_slice text = TSKL_S("nothing to hide in here"), shown;
    CHECK(tskl_secrets_hide(&secrets, text, &shown) && shown.ptr == text.ptr);
    CHECK(add(t, &secrets, "hunter22"));
    CHECK(tskl_secrets_hide(&secrets, text, &shown) && shown.ptr == text.ptr);
}

TEST(secret_search, hides_base64_with_the_digits_that_share_its_bits) {
    static const char *const before[] = {"", "a", "ab", "abc", "user:"};
    tskl_secrets secrets = {0};
    CHECK(add(t, &secrets, "hunter22hunter22"));
    for (size_t i = 0; i < TSKL_COUNT(before); i++) {
        char plain[64], room[128];
        tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
        tskl_slice shown, left;
        snprintf(plain, sizeof plain, "%shunter22hunter22 and more", before[i]);
        tskl_buf_add(&text, TSKL_S("Basic "));
        tskl_base64_add(&text, tskl_slice_of(plain));
        tskl_buf_add(&text, TSKL_S(" end"));
        CHECK(tskl_secrets_hide(&secrets, tskl_buf_slice(&text), &shown));
        CHECK(tskl_slice_ends(shown, TSKL_S("*** end")));
        left = tskl_slice_from(tskl_slice_first(shown, shown.len - 7), 6);
        CHECK_ROW(i, left.len <= (strlen(before[i]) + 2) / 3 * 4);
    }
}

// Overlapping and nested secrets, some with spaces, which no token ends.
TEST(secret_search, hides_secrets_that_overlap_as_one) {
    static const char *const known[] = {"aaa bbb ccc", "bbb ccc ddd eee", "ccc ddd eee fff ggg",
                                        "one two three four", "two three"};
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"x aaa bbb ccc ddd eee fff ggg y", "x *** y"},
        {"x aaa bbb ccc ddd eee y", "x *** y"},
        {"x one two three four y", "x *** y"},
        {"x one two three five y", "x one *** five y"},
    };
    tskl_secrets secrets = {0};
    for (size_t i = 0; i < TSKL_COUNT(known); i++) CHECK(add(t, &secrets, known[i]));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice shown;
        CHECK(tskl_secrets_hide(&secrets, tskl_slice_of(rows[i].text), &shown));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), shown);
    }
}

// Only its first 64 bytes are looked for, and all of it is hidden.
TEST(secret_search, hides_a_long_secret_to_its_end) {
    char secret[200], text[512], escaped[512];
    size_t len = 0;
    for (int i = 0; len < 150; i++)
        len += (size_t)snprintf(secret + len, sizeof secret - len, "word%d, \"%d\" ", i, i);
    secret[len - 1] = '!';
    snprintf(text, sizeof text, "before %s after", secret);
    size_t at = 0;
    for (const char *c = text; *c; c++) {
        if (*c == '"') escaped[at++] = '\\';
        escaped[at++] = *c;
    }
    escaped[at] = 0;
    tskl_secrets secrets = {0};
    tskl_slice shown;
    CHECK(add(t, &secrets, secret));
    CHECK(tskl_secrets_hide(&secrets, tskl_slice_of(text), &shown));
    CHECK_TEXT(TSKL_S("before *** after"), shown);
    CHECK(tskl_secrets_hide(&secrets, tskl_slice_of(escaped), &shown));
    CHECK_TEXT(TSKL_S("before *** after"), shown);
}

TEST(secret_search, knows_secrets_that_come_later) {
    tskl_secrets secrets = {0};
    CHECK(add(t, &secrets, "hunter22") && !tskl_secrets_in(&secrets, TSKL_S("letmein99")));
    CHECK(add(t, &secrets, "letmein99") && tskl_secrets_in(&secrets, TSKL_S("letmein99")));
    tskl_secrets_forget(&secrets, TSKL_S("http://hunter22/"));
    CHECK(secrets.count == 1 && !tskl_secrets_in(&secrets, TSKL_S("hunter22")));
    CHECK(add(t, &secrets, "third-secret"));
    CHECK(tskl_secrets_in(&secrets, TSKL_S("third-secret")));
}

TEST(secret_search, forgets_each_secret_that_is_shown_also_within_another) {
    static const char *const known[] = {"api.stripe.com", "stripe.com", "pi.stripe", "hunter22"};
    tskl_secrets secrets = {0};
    for (size_t i = 0; i < TSKL_COUNT(known); i++) CHECK(add(t, &secrets, known[i]));
    tskl_secrets_forget(&secrets, TSKL_S("https://api.stripe.com/v1"));
    CHECK(secrets.count == 1);
    CHECK_TEXT(TSKL_S("hunter22"), secrets.items[0]);
}

// What an adversary chooses, secrets and text, is counted in steps: never in time.

enum { LONG_TEXT = 64 * 1024 };

static void repeat(char *text, size_t len, const char *unit) {
    for (size_t i = 0, at = 0; i < len; i++, at = unit[at + 1] ? at + 1 : 0) text[i] = unit[at];
    text[len] = 0;
}

// Secrets of up to 64 bytes of that unit, with another byte at the end of each.
static bool add_alike(tskl_test *t, tskl_secrets *secrets, const char *unit, size_t count) {
    char secret[65];
    for (size_t i = 0; i < count; i++) {
        size_t len = 64 - i % 55;
        repeat(secret, len, unit);
        secret[len - 1] = i < 55 ? '#' : '$';
        if (!add(t, secrets, secret)) return false;
    }
    return true;
}

TEST(secret_search, takes_steps_in_proportion_to_the_text_alone) {
    static const char *const units[] = {"a",    "41",    "ab",      "aaaaaaaaaaaaaaa#",
                                        "%61",  "&amp;", "\\",      "a\\",
                                        "&",    "%",     "\\u0061", "aaaaaaa%61",
                                        "YWFh", "6161",  "0",       "aaaaaaaaaaaaaaaaaaaaaaaaaaa "};
    enum { STEPS_A_BYTE = 20, BUILDING = 128 * 64 * 3 * 4 };
    char *text = tskl_arena_take(t->arena, LONG_TEXT + 1);
    CHECK(text);
    for (size_t i = 0; i < TSKL_COUNT(units); i++) {
        tskl_secrets secrets = {0};
        tskl_slice shown, all = {text, LONG_TEXT};
        CHECK(add_alike(t, &secrets, "a", 18) && add_alike(t, &secrets, units[i], 110));
        repeat(text, LONG_TEXT, units[i]);
        uint64_t before = tskl_search_steps;
        tskl_secrets_in(&secrets, all);
        CHECK_ROW(i, tskl_search_steps - before <= STEPS_A_BYTE * LONG_TEXT + BUILDING);
        before = tskl_search_steps;
        CHECK(tskl_secrets_hide(&secrets, all, &shown));
        CHECK_ROW(i, tskl_search_steps - before <= STEPS_A_BYTE * LONG_TEXT + BUILDING);
    }
}

TEST(secret_search, takes_few_steps_where_all_of_a_text_is_secret) {
    char *text = tskl_arena_take(t->arena, LONG_TEXT + 1);
    tskl_secrets secrets = {0};
    tskl_slice shown;
    CHECK(text && add_alike(t, &secrets, "ab", 110) && add(t, &secrets, "zyxwvuts "));
    repeat(text, LONG_TEXT, "zyxwvuts ");
    uint64_t before = tskl_search_steps;
    CHECK(tskl_secrets_hide(&secrets, (tskl_slice){text, LONG_TEXT}, &shown));
    CHECK(tskl_search_steps - before <= 6 * LONG_TEXT + 128 * 64 * 4);
    CHECK(shown.len < LONG_TEXT / 2);
}

// Each place of such a text begins a secret that goes on otherwise behind what is searched for.
TEST(secret_search, takes_few_steps_where_long_secrets_nearly_go_on) {
    char *text = tskl_arena_take(t->arena, LONG_TEXT + 1);
    char secret[512];
    tskl_secrets secrets = {0};
    tskl_slice shown;
    CHECK(text);
    for (size_t len = 65; len < 500; len += 4) {
        repeat(secret, len, "a ");
        secret[len - 1] = '#';
        CHECK(add(t, &secrets, secret));
    }
    repeat(text, LONG_TEXT, "a ");
    uint64_t before = tskl_search_steps;
    CHECK(tskl_secrets_hide(&secrets, (tskl_slice){text, LONG_TEXT}, &shown));
    CHECK(tskl_search_steps - before <= 20 * LONG_TEXT + 128 * 64 * 4 * 3);
}

// A small generator, the same numbers everywhere.
static uint32_t next(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

// Few letters, so that much repeats, with all that escapes.
static size_t random_text(uint32_t *state, char *text, size_t most) {
    static const char *const parts[] = {"a",  "b",     "ab",   "%61",  "%62", "\\", "\\u0061",
                                        "&",  "&amp;", "YWJh", "6162", "+",   " ",  "YmFi",
                                        "\"", "61",    "aab",  "%",    "\\n", "n",  "bab"};
    size_t len = 0, wanted = next(state) % most;
    while (len < wanted) {
        const char *part = parts[next(state) % TSKL_COUNT(parts)];
        size_t part_len = strlen(part);
        if (len + part_len > most) break;
        memcpy(text + len, part, part_len);
        len += part_len;
    }
    return len;
}

TEST_ONCE(secret_search, agrees_with_a_naive_one) {
    enum { ROUNDS = 4000, TEXT_MOST = 120, SECRET_MOST = 24 };
    uint32_t state = 1;
    for (size_t round = 0; round < ROUNDS; round++) {
        char text[TEXT_MOST], secret[SECRET_MOST];
        tskl_secrets secrets = {0};
        tskl_slice all = {text, random_text(&state, text, sizeof text)}, shown;
        for (size_t i = next(&state) % 6; i-- > 0;) {
            size_t len = random_text(&state, secret, sizeof secret);
            CHECK(tskl_secrets_add(&secrets, t->arena, tskl_slice_make(secret, len)));
        }
        bool expected = false;
        for (size_t i = 0; i < secrets.count; i++)
            expected = expected || naive_has(all, secrets.items[i]);
        CHECK_ROW(round, tskl_secrets_in(&secrets, all) == expected);
        CHECK(tskl_secrets_hide(&secrets, all, &shown));
        CHECK_ROW(round, expected == !tskl_slice_equal(shown, all));
        CHECK_ROW(round, !tskl_secrets_in(&secrets, shown));
    }
}
