// numbers: doubles to text and back, by QuickJS's dtoa: the shortest text that reads back. The C
// library's way is by 128 bits.
// SPDX-License-Identifier: Apache-2.0
#include "config.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dtoa.h" // which includes nothing itself
#include <stdlib.h>
#include <string.h>

int lua_write_number(char *to, double number) {
    JSDTOATempMem work;
    if (number != number || number - number != 0) {
        strcpy(to, number != number ? "nan" : number < 0 ? "-inf" : "inf");
        return (int)strlen(to);
    }
    return js_dtoa(to, number, 10, 0, JS_DTOA_FORMAT_FREE, &work);
}

double strtod(const char *restrict text, char **restrict end) {
    JSATODTempMem work;
    const char *at = text, *behind;
    while (*at == ' ' || (*at >= '\t' && *at <= '\r')) at++;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    bool is_number = (*at >= '0' && *at <= '9') || (*at == '.' && at[1] >= '0' && at[1] <= '9');
    double number = is_number ? js_atod(at, &behind, 10, 0, &work) : 0;
    if (end) *end = (char *)(is_number ? behind : text);
    return negative ? -number : number;
}

// Of a text with an exponent: at least two digits of it, as the C library has them.
static int widen_exponent(char *to, int length) {
    char *e = memchr(to, 'e', (size_t)length);
    if (!e || to + length - e != 3) return length;
    e[3] = e[2];
    e[2] = '0';
    return length + 1;
}

// Without zeros at the end of its fraction.
static int shorten(char *to, int length) {
    char *point = memchr(to, '.', (size_t)length), *e = memchr(to, 'e', (size_t)length);
    char *end = e ? e : to + length, *last = end;
    if (!point) return length;
    while (last[-1] == '0') last--;
    if (last[-1] == '.') last--;
    memmove(last, end, (size_t)(to + length - end));
    return length - (int)(end - last);
}

/** For string.format: %f, %e and %g. `precision` below 0: none was given. */
int print_double(char *to, size_t room, double number, char kind, int precision) {
    JSDTOATempMem work;
    int digits = precision < 0 ? 6 : precision > 60 ? 60 : precision;
    if (number != number || number - number != 0) return lua_write_number(to, number);
    int how = kind == 'f' ? JS_DTOA_FORMAT_FRAC : JS_DTOA_FORMAT_FIXED;
    if (kind == 'e') how |= JS_DTOA_EXP_ENABLED, digits++;
    if (kind == 'g' && digits == 0) digits = 1;
    if (js_dtoa_max_len(number, 10, digits, how) >= (int)room) return 0;
    int length = widen_exponent(to, js_dtoa(to, number, 10, digits, how, &work));
    return kind == 'g' ? shorten(to, length) : length;
}

/** Whole and half powers, which is what scripts ask for; the C library's for all others is 6 KB of
 *  tables. Others are no number. */
double pow(double base, double power) {
    double result = 1, whole = __builtin_floor(__builtin_fabs(power));
    double half = __builtin_fabs(power) - whole;
    if (power != power || (half != 0 && half != 0.5) || whole > 4294967295.0)
        return __builtin_nan("");
    if (half == 0.5) result = __builtin_sqrt(base);
    for (uint32_t left = (uint32_t)whole; left; left >>= 1, base *= base)
        if (left & 1) result *= base;
    return power < 0 ? 1 / result : result;
}
