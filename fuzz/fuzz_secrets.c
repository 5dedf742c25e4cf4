// The search for secrets against a naive one: what the one finds the other finds, and what is
// hidden is found no more. The input is secrets, a zero behind each of them, and a text; its first
// byte says how many. SPDX-License-Identifier: Apache-2.0
#include "exchange/naive_secrets.h"
#include "must.h"

enum { MOST_SECRETS = 8, MOST_TEXT = 2048 };

// In `shown`, between the stars, stands only what stood in `text`, in that order.
static void must_be_left_of(tskl_slice shown, tskl_slice text) {
    const tskl_slice stars = TSKL_S("***");
    while (shown.len) {
        size_t at = tskl_slice_search(shown, stars);
        tskl_slice piece = tskl_slice_first(shown, at);
        size_t found = tskl_slice_search(text, piece);
        MUST(found != SIZE_MAX);
        text = tskl_slice_from(text, found + piece.len);
        shown = tskl_slice_from(shown, at == SIZE_MAX ? shown.len : at + stars.len);
    }
}

// Line ends count as the letters that they are escaped as, but only near an escape. A star that
// hides may stand where a secret has one.
static bool may_differ(tskl_slice text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ') return true;
    return tskl_slice_contains(text, '*');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice text = tskl_slice_make(data, size), shown;
    tskl_arena arena = {0};
    tskl_secrets secrets = {0};
    bool exact = true, expected = false;
    for (size_t i = take_byte(&text) % MOST_SECRETS; i > 0; i--) {
        tskl_slice secret = tskl_slice_split(&text, 0);
        MUST(tskl_secrets_add(&secrets, &arena, secret));
        exact = exact && !may_differ(secret);
    }
    text = tskl_slice_first(text, MOST_TEXT);
    exact = exact && !may_differ(text);
    for (size_t i = 0; i < secrets.count; i++)
        expected = expected || naive_has(text, secrets.items[i]);
    bool found = tskl_secrets_in(&secrets, text);
    MUST(exact ? found == expected : expected || !found);
    MUST(tskl_secrets_hide(&secrets, text, &shown));
    MUST(shown.len <= text.len && found == (shown.ptr != text.ptr));
    if (!tskl_slice_contains(text, '*')) must_be_left_of(shown, text);
    if (exact) MUST(!tskl_secrets_in(&secrets, shown));
    tskl_secrets_forget(&secrets, text);
    MUST(!exact || expected || secrets.count == 0 || !tskl_secrets_in(&secrets, text));
    tskl_arena_reset(&arena);
    return 0;
}
