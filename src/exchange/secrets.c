// Secrets remembered, and looked for in whatever is about to leave.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

static bool has_room(tskl_secrets *secrets, tskl_arena *arena) {
    if (secrets->count < secrets->room) return true;
    size_t room = secrets->room ? secrets->room * 2 : 8;
    tskl_slice *more = tskl_arena_array(arena, tskl_slice, room);
    if (!more) return false;
    if (secrets->count) memcpy(more, secrets->items, secrets->count * sizeof *more);
    secrets->items = more;
    secrets->room = room;
    return true;
}

bool tskl_secrets_add(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain) {
    if (!secrets || plain.len < TSKL_SECRET_MIN || secrets->count == TSKL_SECRETS_MAX) return true;
    for (size_t i = 0; i < secrets->count; i++)
        if (tskl_slice_equal(secrets->items[i], plain)) return true;
    if (!has_room(secrets, arena)) return false;
    tskl_slice copy;
    if (!tskl_arena_copy(arena, plain, &copy)) return false;
    secrets->items[secrets->count++] = copy;
    return true;
}

bool tskl_secrets_add_credential(tskl_secrets *secrets, tskl_arena *arena, tskl_slice plain) {
    return tskl_secrets_add(secrets, arena, tskl_slice_from(plain, tskl_mask_prefix(plain).len));
}

void tskl_secrets_forget(tskl_secrets *secrets, tskl_slice shown) {
    size_t kept = 0;
    for (size_t i = 0; i < secrets->count; i++)
        if (tskl_slice_search(shown, secrets->items[i]) == SIZE_MAX)
            secrets->items[kept++] = secrets->items[i];
    secrets->count = kept;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The byte that two hex digits at the beginning of `s` stand for, or -1.
static int hex_byte(tskl_slice s) {
    if (s.len < 2) return -1;
    int high = hex_value(s.ptr[0]), low = hex_value(s.ptr[1]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool tskl_percent_decode(tskl_slice text, bool plus_is_space, tskl_arena *arena, tskl_slice *out) {
    bool plus = plus_is_space && tskl_slice_contains(text, '+');
    *out = text;
    if (!plus && !tskl_slice_contains(text, '%')) return true;
    char *room = tskl_arena_take(arena, text.len);
    *out = (tskl_slice){room, 0};
    if (!room) return false;
    for (size_t i = 0; i < text.len; i++) {
        int byte = text.ptr[i] == '%' ? hex_byte(tskl_slice_from(text, i + 1)) : -1;
        if (byte >= 0) i += 2;
        char plain = plus && text.ptr[i] == '+' ? ' ' : text.ptr[i];
        room[out->len++] = byte >= 0 ? (char)byte : plain;
    }
    return true;
}

// Each of the following says whether the secret stands, in one form, at the beginning of `text`.

static bool begins_in_hex(tskl_slice text, tskl_slice secret) {
    for (size_t i = 0; i < secret.len; i++)
        if (hex_byte(tskl_slice_from(text, 2 * i)) != (unsigned char)secret.ptr[i]) return false;
    return true;
}

static bool begins_in_percent(tskl_slice text, tskl_slice secret) {
    for (size_t i = 0; i < secret.len; i++) {
        if (text.len == 0) return false;
        int byte = text.ptr[0] == '%' ? hex_byte(tskl_slice_from(text, 1)) : -1;
        size_t used = byte < 0 ? 1 : 3;
        if (byte < 0) byte = (unsigned char)text.ptr[0];
        bool space = used == 1 && byte == '+' && secret.ptr[i] == ' ';
        if (byte != (unsigned char)secret.ptr[i] && !space) return false;
        text = tskl_slice_from(text, used);
    }
    return true;
}

// Of either alphabet; -1 for anything else.
static int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

// The six bits of the secret that follow its first `bit` ones.
static int six_bits(tskl_slice secret, size_t bit) {
    unsigned first = (unsigned char)secret.ptr[bit / 8];
    unsigned second = bit / 8 + 1 < secret.len ? (unsigned char)secret.ptr[bit / 8 + 1] : 0;
    return (int)((first << 8 | second) >> (10 - bit % 8) & 0x3f);
}

// What stands before the secret shifts it by 0, 8 or 16 bits in its group of 24: the first digits
// that come of the secret alone then begin at its bit 0, 4 or 2.
static bool begins_in_base64(tskl_slice text, tskl_slice secret, size_t bit) {
    for (; bit + 6 <= secret.len * 8; bit += 6) {
        if (text.len == 0 || base64_value(text.ptr[0]) != six_bits(secret, bit)) return false;
        text = tskl_slice_from(text, 1);
    }
    return true;
}

static bool contains_encoded(tskl_slice text, tskl_slice secret) {
    // The shortest of these forms, percent-encoding that encodes nothing, is as long as the secret.
    for (; text.len >= secret.len; text = tskl_slice_from(text, 1)) {
        if (begins_in_percent(text, secret) || begins_in_hex(text, secret)) return true;
        for (size_t bit = 0; bit <= 4; bit += 2)
            if (begins_in_base64(text, secret, bit)) return true;
    }
    return false;
}

bool tskl_secrets_in(const tskl_secrets *secrets, tskl_slice text) {
    if (!secrets) return false;
    for (size_t i = 0; i < secrets->count; i++) {
        tskl_slice secret = secrets->items[i];
        if (text.len < secret.len) continue;
        if (tskl_slice_search(text, secret) != SIZE_MAX || contains_encoded(text, secret))
            return true;
    }
    return false;
}
