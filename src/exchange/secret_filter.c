// SPDX-License-Identifier: Apache-2.0
#include "exchange/secret_filter.h"

enum {
    FORMS = 40,      // grams of one secret, about
    SPARSE = 32,     // bits for each
    LEAST_BITS = 13, // as a power of two
    MOST_BITS = 18,
};

// Capitals as small letters: hex is written in either. Other forms become a little less exact.
static uint32_t gram_at(const void *bytes) {
    uint32_t gram;
    memcpy(&gram, bytes, sizeof gram);
    return gram | 0x20202020u;
}

static uint32_t place_of(const tskl_secret_filter *filter, uint32_t gram) {
    return gram * 0x9e3779b1u >> filter->shift;
}

bool tskl_secret_filter_init(tskl_secret_filter *filter, size_t count, tskl_arena *arena) {
    unsigned bits = LEAST_BITS;
    while (bits < MOST_BITS && ((size_t)1 << bits) < count * FORMS * SPARSE) bits++;
    filter->shift = 32 - bits;
    filter->bits = tskl_arena_array(arena, unsigned char, ((size_t)1 << bits) / 8);
    return filter->bits != NULL;
}

// Each byte of a gram may have a second form, in any combination.
static void add_gram(tskl_secret_filter *filter, const unsigned char *bytes,
                     const unsigned char *others) {
    uint32_t gram = gram_at(bytes), difference = gram ^ gram_at(others);
    for (uint32_t pick = 0; pick < (difference ? 16 : 1); pick++) {
        uint32_t picked = (pick * 0x00204081u & 0x01010101u) * 0xff; // its bits, each as a byte
        uint32_t place = place_of(filter, gram ^ (difference & picked));
        filter->bits[place / 8] |= (unsigned char)(1u << place % 8);
    }
}

static void add_window(tskl_secret_filter *filter, const unsigned char bytes[TSKL_FILTER_WINDOW],
                       const unsigned char others[TSKL_FILTER_WINDOW]) {
    for (size_t i = 0; i < TSKL_FILTER_STRIDE; i++) add_gram(filter, bytes + i, others + i);
}

void tskl_secret_filter_add(tskl_secret_filter *filter, tskl_slice pattern) {
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[TSKL_FILTER_WINDOW], others[TSKL_FILTER_WINDOW];
    memcpy(bytes, pattern.ptr, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) others[i] = bytes[i] == ' ' ? '+' : bytes[i];
    add_window(filter, bytes, others);
    for (size_t i = 0; i < sizeof bytes; i++) {
        unsigned char byte = (unsigned char)pattern.ptr[i / 2], other = byte == ' ' ? '+' : byte;
        bytes[i] = (unsigned char)digits[i % 2 ? byte & 15 : byte >> 4];
        others[i] = (unsigned char)digits[i % 2 ? other & 15 : other >> 4];
    }
    add_window(filter, bytes, others);
}

void tskl_secret_filter_add_base64(tskl_secret_filter *filter, tskl_slice digits) {
    static const char standard[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char bytes[TSKL_FILTER_WINDOW], others[TSKL_FILTER_WINDOW];
    for (size_t i = 0; i < sizeof bytes; i++) {
        unsigned char c = (unsigned char)standard[(unsigned char)digits.ptr[i]];
        bytes[i] = c;
        others[i] = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    add_window(filter, bytes, others);
}

size_t tskl_secret_filter_next(const tskl_secret_filter *filter, tskl_slice text, size_t at) {
    at = (at + TSKL_FILTER_STRIDE - 1) / TSKL_FILTER_STRIDE * TSKL_FILTER_STRIDE;
    for (; at + TSKL_FILTER_GRAM <= text.len; at += TSKL_FILTER_STRIDE) {
        TSKL_SEARCH_STEP();
        uint32_t place = place_of(filter, gram_at(text.ptr + at));
        if (filter->bits[place / 8] >> place % 8 & 1) return at;
    }
    return SIZE_MAX;
}
