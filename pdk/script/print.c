// print: the C library's formatted output, as far as interpreters use it for their messages. The
// library's own brings 128-bit floating point and files, 30 KB in all.
// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct output {
    char *at;
    size_t size, length; // length goes on counting where there is no room
} output;

typedef struct conversion {
    bool left, zeros;
    int width, precision; // -1: none was given
    int longs;
} conversion;

static void put(output *to, char c) {
    if (to->length + 1 < to->size) to->at[to->length] = c;
    to->length++;
}

static void put_padded(output *to, const conversion *f, const char *text, size_t length) {
    size_t width = f->width > 0 ? (size_t)f->width : 0, pad = width > length ? width - length : 0;
    for (size_t i = 0; !f->left && i < pad; i++) put(to, f->zeros ? '0' : ' ');
    for (size_t i = 0; i < length; i++) put(to, text[i]);
    for (size_t i = 0; f->left && i < pad; i++) put(to, ' ');
}

static void put_number(output *to, conversion *f, uint64_t number, unsigned base, bool negative) {
    char digits[24], *end = digits + sizeof digits, *at = end;
    do *--at = "0123456789abcdef"[number % base];
    while (number /= base);
    while (end - at < f->precision && at > digits + 1) *--at = '0';
    if (negative) *--at = '-';
    put_padded(to, f, at, (size_t)(end - at));
}

static int number_at(const char **at, va_list *values) {
    int number = 0;
    if (**at == '*') return ++*at, va_arg(*values, int);
    while (**at >= '0' && **at <= '9') number = number * 10 + (*(*at)++ - '0');
    return number;
}

static uint64_t integer(const conversion *f, va_list *values, bool is_signed) {
    if (f->longs == 2) return va_arg(*values, uint64_t);
    return is_signed ? (uint64_t)(int64_t)va_arg(*values, int) : va_arg(*values, unsigned);
}

#ifdef PRINT_DOUBLES
int print_double(char *to, size_t room, double number, char kind, int precision);

static void put_double(output *to, const conversion *f, double number, char kind) {
    char text[400];
    int length = print_double(text, sizeof text, number, kind, f->precision);
    put_padded(to, f, text, (size_t)length);
}
#endif

static void put_value(output *to, conversion *f, char kind, va_list *values) {
    if (kind == 'd' || kind == 'i') {
        int64_t number = (int64_t)integer(f, values, true);
        put_number(to, f, number < 0 ? -(uint64_t)number : (uint64_t)number, 10, number < 0);
    } else if (kind == 'u' || kind == 'x' || kind == 'X') {
        put_number(to, f, integer(f, values, false), kind == 'u' ? 10 : 16, false);
    } else if (kind == 'p') {
        put_number(to, f, (uintptr_t)va_arg(*values, void *), 16, false);
    } else if (kind == 'c') {
        char c = (char)va_arg(*values, int);
        put_padded(to, f, &c, 1);
    } else if (kind == 's') {
        const char *text = va_arg(*values, const char *);
        size_t most = f->precision < 0 ? SIZE_MAX : (size_t)f->precision;
        put_padded(to, f, text, strnlen(text, most));
#ifdef PRINT_DOUBLES
    } else if (kind == 'f' || kind == 'e' || kind == 'g') {
        put_double(to, f, va_arg(*values, double), kind);
#endif
    } else {
        put(to, kind); // a percent sign; nothing else is asked for
    }
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list values) {
    output out = {to, size, 0};
    const char *text = format;
    va_list rest;
    va_copy(rest, values);
    for (; *text; text++) {
        conversion f = {.precision = -1};
        if (*text != '%') {
            put(&out, *text);
            continue;
        }
        for (text++; *text == '-' || *text == '0' || *text == '#' || *text == '+'; text++)
            f.left |= *text == '-', f.zeros |= *text == '0';
        f.width = number_at(&text, &rest);
        if (*text == '.') text++, f.precision = number_at(&text, &rest);
        for (; *text == 'l' || *text == 'z' || *text == 'h' || *text == 'j'; text++)
            f.longs += *text == 'l' ? 1 : *text == 'j' ? 2 : 0;
        if (!*text) break;
        put_value(&out, &f, *text, &rest);
    }
    va_end(rest);
    if (size) to[out.length < size ? out.length : size - 1] = 0;
    return (int)out.length;
}

int snprintf(char *restrict to, size_t size, const char *restrict text, ...) {
    va_list values;
    va_start(values, text);
    int length = vsnprintf(to, size, text, values);
    va_end(values);
    return length;
}

// An interpreter's own tracing, which nobody sees.
__attribute__((weak)) void *const stdout = NULL;
__attribute__((weak)) void *const stderr = NULL;
int printf(const char *restrict text, ...) {
    (void)text;
    return 0;
}
int fprintf(void *restrict file, const char *restrict text, ...) {
    (void)file, (void)text;
    return 0;
}
int vfprintf(void *restrict file, const char *restrict text, va_list values) {
    (void)file, (void)text, (void)values;
    return 0;
}
int putchar(int c) {
    return c;
}
int puts(const char *text) {
    (void)text;
    return 0;
}
int fputs(const char *restrict text, void *restrict file) {
    (void)text, (void)file;
    return 0;
}
int fputc(int c, void *file) {
    (void)file;
    return c;
}
size_t fwrite(const void *restrict from, size_t size, size_t count, void *restrict file) {
    (void)from, (void)size, (void)file;
    return count;
}
int fflush(void *file) {
    (void)file;
    return 0;
}
_Noreturn void abort(void) {
    __builtin_trap();
}
