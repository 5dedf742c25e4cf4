// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

tskl_slice tskl_value_slice(VALUE value) {
    if (SYMBOL_P(value)) value = rb_sym2str(value);
    if (!RB_TYPE_P(value, T_STRING)) return (tskl_slice){0};
    return (tskl_slice){RSTRING_PTR(value), (size_t)RSTRING_LEN(value)};
}

const char *tskl_value_text(VALUE value) {
    tskl_slice text = tskl_value_slice(value);
    return text.ptr && !memchr(text.ptr, 0, text.len) ? text.ptr : NULL;
}

int64_t tskl_value_number(VALUE value) {
    if (FIXNUM_P(value)) return FIX2LONG(value);
    tskl_slice text = tskl_value_slice(value);
    int64_t number = 0;
    for (size_t i = 0; i < text.len && i < 18; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') break;
        number = number * 10 + (text.ptr[i] - '0');
    }
    return number;
}

static bool add_value(tskl_lines *lines, tskl_slice name, VALUE value) {
    char digits[24];
    if (name.len == 0) return true;
    if (!FIXNUM_P(value)) return tskl_lines_add_field(lines, name, tskl_value_slice(value));
    int length = snprintf(digits, sizeof digits, "%ld", FIX2LONG(value));
    return tskl_lines_add_field(lines, name, (tskl_slice){digits, (size_t)length});
}

static bool add_pair(tskl_lines *lines, VALUE name, VALUE value) {
    tskl_slice text = tskl_value_slice(name);
    if (!RB_TYPE_P(value, T_ARRAY)) return add_value(lines, text, value);
    for (long i = 0; i < RARRAY_LEN(value); i++)
        if (!add_value(lines, text, RARRAY_AREF(value, i))) return false;
    return true;
}

static int add_entry(VALUE name, VALUE value, VALUE lines) {
    return add_pair((tskl_lines *)lines, name, value) ? ST_CONTINUE : ST_STOP;
}

bool tskl_lines_read(VALUE headers, tskl_lines *out) {
    *out = (tskl_lines){0};
    // A failed allocation leaves what was read before it, which is whole lines.
    if (RB_TYPE_P(headers, T_HASH)) rb_hash_foreach(headers, add_entry, (VALUE)out);
    if (!RB_TYPE_P(headers, T_ARRAY)) return true;
    for (long i = 0; i < RARRAY_LEN(headers); i++) {
        VALUE pair = RARRAY_AREF(headers, i);
        if (!RB_TYPE_P(pair, T_ARRAY) || RARRAY_LEN(pair) < 2) continue;
        if (!add_pair(out, RARRAY_AREF(pair, 0), RARRAY_AREF(pair, 1))) return false;
    }
    return true;
}
