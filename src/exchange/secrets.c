// Secrets remembered: which, and in which order.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "exchange/secret_forms.h"

// Memory for one more, and for looking for it.
static bool has_memory(tskl_secrets *secrets, tskl_arena *arena) {
    if (!secrets->search) secrets->search = tskl_secret_search_new(arena);
    if (!secrets->search) return false;
    if (secrets->count < secrets->room) return true;
    size_t room = secrets->room ? secrets->room * 2 : 8;
    tskl_slice *more = tskl_arena_array(arena, tskl_slice, room);
    if (!more) return false;
    if (secrets->count) memcpy(more, secrets->items, secrets->count * sizeof *more);
    secrets->items = more;
    secrets->room = room;
    return true;
}

static bool is_full(const tskl_secrets *secrets) {
    return !secrets || secrets->count == TSKL_SECRETS_MAX;
}

bool tskl_secrets_add(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain) {
    if (is_full(secrets) || plain.len < TSKL_SECRET_MIN) return true;
    if (tskl_mask_is_no_value(plain)) return true; // a recording's "sk_test_***" is shown again
    for (size_t i = 0; i < secrets->count; i++)
        if (tskl_slice_equal(secrets->items[i], plain)) return true;
    if (!has_memory(secrets, arena)) return false;
    tskl_slice copy;
    if (!tskl_arena_copy(arena, plain, &copy)) return false;
    secrets->items[secrets->count++] = copy;
    secrets->changes++;
    return true;
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static tskl_slice longest_word(tskl_slice text) {
    tskl_slice longest = {NULL, 0};
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        for (end = at; end < text.len && is_word(text.ptr[end]);) end++;
        if (end - at > longest.len) longest = tskl_slice_make(text.ptr + at, end - at);
    }
    return longest;
}

// Punctuation is what becomes something else on the way, by rules that nobody has written down.
bool tskl_secrets_add_credential(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain) {
    enum { WORD_MIN = 16 };
    if (is_full(secrets)) return true;
    tskl_slice credential = tskl_slice_from(plain, tskl_mask_prefix(plain).len);
    if (!tskl_secrets_add(secrets, arena, credential)) return false;
    tskl_slice word = longest_word(credential);
    return word.len < WORD_MIN || tskl_secrets_add(secrets, arena, word);
}

static bool defer(tskl_deferred **list, tskl_arena *arena, tskl_slice text) {
    tskl_deferred *deferred = tskl_arena_new(arena, tskl_deferred);
    if (!deferred || !tskl_arena_copy(arena, text, &deferred->text)) return false;
    deferred->next = *list;
    *list = deferred;
    return true;
}

// Each is looked for in the URL: an answer may name as many as it has room for, and more than there
// are places for secrets are not looked at.
bool tskl_secrets_add_user(tskl_secrets *secrets, tskl_arena *arena, tskl_slice user) {
    if (!secrets || user.len < TSKL_SECRET_MIN || secrets->user_count == TSKL_SECRETS_MAX)
        return true;
    for (const tskl_deferred *known = secrets->users; known; known = known->next)
        if (tskl_slice_equal(known->text, user)) return true;
    secrets->user_count++;
    return defer(&secrets->users, arena, user);
}

bool tskl_secrets_add_cookies(tskl_secrets *secrets, tskl_arena *arena, tskl_slice cookies) {
    return !secrets || defer(&secrets->cookies, arena, cookies);
}

// "a=b; c="d"": the values.
static bool remember_cookies(tskl_secrets *secrets, tskl_arena *arena, tskl_slice cookies) {
    bool memory = true;
    while (memory && cookies.len) {
        tskl_slice cookie = tskl_slice_split(&cookies, ';');
        tskl_slice_split(&cookie, '=');
        memory = tskl_secrets_add(secrets, arena, tskl_without_quotes(cookie));
    }
    return memory;
}

bool tskl_secrets_remember_cookies(tskl_secrets *secrets, tskl_arena *arena) {
    bool memory = true;
    for (const tskl_deferred *d = secrets->cookies; memory && d; d = d->next)
        memory = remember_cookies(secrets, arena, d->text);
    return memory;
}

bool tskl_secrets_remember_users(tskl_secrets *secrets, tskl_arena *arena, tskl_slice shown) {
    bool memory = true;
    for (const tskl_deferred *d = secrets->users; memory && d; d = d->next)
        if (tskl_slice_search(shown, d->text) == SIZE_MAX)
            memory = tskl_secrets_add_credential(secrets, arena, d->text);
    return memory;
}

bool tskl_percent_decode(tskl_slice text, bool plus_is_space, tskl_arena *arena, tskl_slice *out) {
    bool plus = plus_is_space && tskl_slice_contains(text, '+');
    *out = text;
    if (!plus && !tskl_slice_contains(text, '%')) return true;
    char *room = tskl_arena_take(arena, text.len);
    *out = (tskl_slice){room, 0};
    if (!room) return false;
    for (size_t i = 0; i < text.len; i++) {
        int byte = text.ptr[i] == '%' ? tskl_hex_byte(text, i + 1) : -1;
        if (byte >= 0) i += 2;
        char plain = plus && text.ptr[i] == '+' ? ' ' : text.ptr[i];
        room[out->len++] = byte >= 0 ? (char)byte : plain;
    }
    return true;
}
