// What is looked for: each secret as it is, as it is once it is unescaped, and as digits of base64.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/secret_search.h"
#include <assert.h>

enum { BITS_OF_DIGIT = 6, VARIANTS = 3 };

static_assert(TSKL_SECRETS_MAX * VARIANTS <= TSKL_PATTERNS_MAX, "all secrets fit");
static_assert((int)TSKL_SECRET_MIN >= (int)TSKL_FILTER_WINDOW, "the filter sees every secret");

tskl_secret_search *tskl_secret_search_new(tskl_arena *arena) {
    tskl_secret_search *search = tskl_arena_new(arena, tskl_secret_search);
    if (search) search->arena = arena;
    return search;
}

static void add_pattern(tskl_secret_search *search, const unsigned char *symbols, size_t len,
                        size_t owner) {
    tskl_slice copy;
    if (len < TSKL_SECRET_MIN) return;
    if (!tskl_arena_copy(search->arena, tskl_slice_make(symbols, len), &copy)) {
        search->failed = true;
        return;
    }
    search->patterns[search->pattern_count++] = (tskl_pattern){copy, (uint16_t)owner};
    tskl_secret_filter_add(&search->filter, copy);
}

// The secret as it is read in that form.
static void add_variant(tskl_secret_search *search, size_t owner, tskl_secret_form form) {
    unsigned char symbols[TSKL_PATTERN_MAX];
    tskl_form_reader reader = {.text = search->secrets[owner]};
    size_t len = 0;
    for (int symbol; len < sizeof symbols && (symbol = tskl_form_read(&reader, form)) >= 0;)
        symbols[len++] = (unsigned char)symbol;
    if (form == TSKL_FORM_ESCAPED) search->rests[owner] = reader.at;
    add_pattern(search, symbols, len, owner);
}

// What is escaped when it is remembered may come back undone: a cookie, a field of a form. The
// escaped form of a line end is a letter, see secret_forms.h.
static void add_variants(tskl_secret_search *search, size_t owner) {
    tskl_slice secret = search->secrets[owner];
    bool controls = false;
    for (size_t i = 0; i < secret.len; i++)
        controls = controls || (unsigned char)secret.ptr[i] < ' ';
    search->rests[owner] = TSKL_PATTERN_MAX;
    add_variant(search, owner, TSKL_FORM_PLAIN);
    if (tskl_form_escape(secret, TSKL_FORM_PERCENT, 0) != SIZE_MAX)
        add_variant(search, owner, TSKL_FORM_PERCENT);
    if (controls || tskl_form_escape(secret, TSKL_FORM_ESCAPED, 0) != SIZE_MAX)
        add_variant(search, owner, TSKL_FORM_ESCAPED);
}

// What stands before a secret shifts it by 0, 8 or 16 bits in base64's groups of 24: the first
// digit that comes of the secret alone then begins at its bit 0, 4 or 2.
static tskl_slice digits_of(tskl_slice secret, size_t alignment,
                            unsigned char digits[TSKL_PATTERN_MAX]) {
    size_t len = 0;
    for (size_t bit = alignment * 2;
         len < TSKL_PATTERN_MAX && bit + BITS_OF_DIGIT <= secret.len * 8; bit += BITS_OF_DIGIT) {
        unsigned first = (unsigned char)secret.ptr[bit / 8];
        unsigned second = bit / 8 + 1 < secret.len ? (unsigned char)secret.ptr[bit / 8 + 1] : 0;
        digits[len++] = (unsigned char)((first << 8 | second) >> (10 - bit % 8) & 0x3f);
    }
    return tskl_slice_make(digits, len);
}

static void prepare(tskl_secret_search *search, const tskl_secrets *secrets) {
    unsigned char digits[TSKL_PATTERN_MAX];
    *search = (tskl_secret_search){
        .arena = search->arena,
        .secrets = secrets->items,
        .count = secrets->count,
        .changes = secrets->changes,
    };
    search->patterns = tskl_arena_array(search->arena, tskl_pattern, secrets->count * VARIANTS);
    search->rests = tskl_arena_array(search->arena, size_t, secrets->count);
    if (!search->patterns || !search->rests ||
        !tskl_secret_filter_init(&search->filter, secrets->count, search->arena)) {
        search->failed = true;
        return;
    }
    for (size_t i = 0; i < secrets->count; i++) {
        add_variants(search, i);
        for (size_t alignment = 0; alignment < TSKL_BASE64_ALIGNMENTS; alignment++)
            tskl_secret_filter_add_base64(&search->filter,
                                          digits_of(secrets->items[i], alignment, digits));
    }
}

// Made again where secrets came or went since.
tskl_secret_search *tskl_secret_search_of(const tskl_secrets *secrets) {
    tskl_secret_search *search = secrets->search;
    if (search->changes != secrets->changes) prepare(search, secrets);
    return search;
}

static bool build_digits(tskl_secret_search *search) {
    size_t count = search->count * TSKL_BASE64_ALIGNMENTS;
    tskl_pattern *patterns = tskl_arena_array(search->arena, tskl_pattern, count);
    unsigned char *digits = tskl_arena_take(search->arena, count * TSKL_PATTERN_MAX);
    if (!patterns || !digits) return false;
    for (size_t i = 0; i < count; i++) {
        tskl_slice secret = search->secrets[i / TSKL_BASE64_ALIGNMENTS];
        patterns[i].symbols =
            digits_of(secret, i % TSKL_BASE64_ALIGNMENTS, digits + i * TSKL_PATTERN_MAX);
        patterns[i].owner = (uint16_t)i;
    }
    return tskl_automaton_build(&search->digits, patterns, count, search->arena);
}

// The automaton for a form, built when a text first has a place to look at.
const tskl_automaton *tskl_secret_search_automaton(tskl_secret_search *search,
                                                   tskl_secret_form form) {
    if (form == TSKL_FORM_BASE64) {
        if (!search->digits_built) search->failed = !build_digits(search) || search->failed;
        search->digits_built = true;
        return &search->digits;
    }
    if (!search->bytes_built)
        search->failed = !tskl_automaton_build(&search->bytes, search->patterns,
                                               search->pattern_count, search->arena) ||
                         search->failed;
    search->bytes_built = true;
    return &search->bytes;
}
