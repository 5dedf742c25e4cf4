// SPDX-License-Identifier: Apache-2.0
#include "config/scalar.h"
#include "base/status.h"

static bool is_one_of(tskl_slice text, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal(text, tskl_slice_of(words[i]))) return true;
    return false;
}

static bool is_null(tskl_slice text) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    return is_one_of(text, words, TSKL_COUNT(words));
}

static bool is_true(tskl_slice text) {
    static const char *const words[] = {"true", "True", "TRUE"};
    return is_one_of(text, words, TSKL_COUNT(words));
}

static bool is_false(tskl_slice text) {
    static const char *const words[] = {"false", "False", "FALSE"};
    return is_one_of(text, words, TSKL_COUNT(words));
}

static bool is_beyond_json(tskl_slice text) {
    static const char *const words[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
    if (text.len > 1 && (text.ptr[0] == '-' || text.ptr[0] == '+')) text = tskl_slice_from(text, 1);
    return is_one_of(text, words, TSKL_COUNT(words));
}

static size_t digits_at(tskl_slice text) {
    size_t count = 0;
    while (count < text.len && text.ptr[count] >= '0' && text.ptr[count] <= '9') count++;
    return count;
}

// [-+]? (digits ("." digits?)? | "." digits) ([eE] [-+]? digits)?, cut into its parts.
typedef struct decimal {
    bool negative;
    tskl_slice whole, fraction, exponent; // the exponent with its 'e' and sign
} decimal;

static bool cut_exponent(tskl_slice text, decimal *out) {
    out->exponent = text;
    if (text.len == 0) return true;
    if ((text.ptr[0] | 0x20) != 'e') return false;
    text = tskl_slice_from(text, 1);
    if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+')) text = tskl_slice_from(text, 1);
    return text.len > 0 && digits_at(text) == text.len;
}

static bool cut_decimal(tskl_slice text, decimal *out) {
    *out = (decimal){0};
    if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
        out->negative = text.ptr[0] == '-';
        text = tskl_slice_from(text, 1);
    }
    out->whole = tskl_slice_first(text, digits_at(text));
    text = tskl_slice_from(text, out->whole.len);
    if (text.len && text.ptr[0] == '.') {
        text = tskl_slice_from(text, 1);
        out->fraction = tskl_slice_first(text, digits_at(text));
        text = tskl_slice_from(text, out->fraction.len);
    }
    return out->whole.len + out->fraction.len > 0 && cut_exponent(text, out);
}

// As JSON wants it: a digit before the point, none of them a needless 0, one behind it.
static tskl_scalar_result set_decimal(const decimal *number, tskl_arena *arena, tskl_json *value) {
    tskl_slice whole = number->whole;
    while (whole.len > 1 && whole.ptr[0] == '0') whole = tskl_slice_from(whole, 1);
    if (whole.len == 0) whole = TSKL_S("0");
    char *text = tskl_arena_printf(
        arena, "%s%.*s%s%.*s%.*s", number->negative ? "-" : "", (int)whole.len, whole.ptr,
        number->fraction.len ? "." : "", (int)number->fraction.len,
        number->fraction.len ? number->fraction.ptr : "", (int)number->exponent.len,
        number->exponent.len ? number->exponent.ptr : "");
    value->kind = TSKL_JSON_NUMBER;
    value->text = tskl_slice_of(text);
    return text ? TSKL_SCALAR_OK : TSKL_SCALAR_NOMEM;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

// 0o17 and 0xff. False: it is neither.
static bool is_based(tskl_slice text, unsigned *base) {
    if (text.len < 3 || text.ptr[0] != '0' || (text.ptr[1] != 'o' && text.ptr[1] != 'x'))
        return false;
    *base = text.ptr[1] == 'o' ? 8 : 16;
    for (size_t i = 2; i < text.len; i++)
        if (digit_value(text.ptr[i]) >= (int)*base) return false;
    return true;
}

static tskl_scalar_result set_based(tskl_slice digits, unsigned base, tskl_arena *arena,
                                    tskl_json *value) {
    uint64_t number = 0;
    for (size_t i = 2; i < digits.len; i++) {
        if (number > UINT64_MAX / base) return TSKL_SCALAR_NOT_JSON;
        number = number * base + (uint64_t)digit_value(digits.ptr[i]);
    }
    char *text = tskl_arena_printf(arena, "%llu", (unsigned long long)number);
    value->kind = TSKL_JSON_NUMBER;
    value->text = tskl_slice_of(text);
    return text ? TSKL_SCALAR_OK : TSKL_SCALAR_NOMEM;
}

tskl_scalar_result tskl_scalar_type(tskl_slice text, tskl_arena *arena, tskl_json *value) {
    decimal number;
    unsigned base;
    value->text = text;
    value->kind = TSKL_JSON_STRING;
    if (is_null(text)) {
        value->kind = TSKL_JSON_NULL;
    } else if (is_true(text) || is_false(text)) {
        value->kind = TSKL_JSON_BOOL;
        value->text = is_true(text) ? TSKL_S("true") : TSKL_S("false");
    } else if (is_based(text, &base)) {
        return set_based(text, base, arena, value);
    } else if (cut_decimal(text, &number)) {
        return set_decimal(&number, arena, value);
    } else if (is_beyond_json(text)) {
        return TSKL_SCALAR_NOT_JSON;
    }
    return TSKL_SCALAR_OK;
}
