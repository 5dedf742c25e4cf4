// SPDX-License-Identifier: Apache-2.0
#include "base/number.h"
#include "base/json_lexer.h"
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER_ROOM = 400 };

// The program's locale may write another point: we are a guest there. This one is the C library's
// own, and costs no memory.
static locale_t plain_locale(void) {
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static bool is_number(tskl_slice text) {
    bool begins = text.len && (text.ptr[0] == '-' || (text.ptr[0] >= '0' && text.ptr[0] <= '9'));
    bool ends = text.len && text.ptr[text.len - 1] >= '0' && text.ptr[text.len - 1] <= '9';
    return begins && ends && tskl_json_is_valid(text);
}

bool tskl_number_parse(tskl_slice text, double *out) {
    char room[NUMBER_ROOM];
    *out = 0;
    if (!is_number(text) || !tskl_slice_to_cstr(text, room, sizeof room)) return false;
    locale_t plain = plain_locale();
    double value = plain ? strtod_l(room, NULL, plain) : INFINITY;
    if (plain) freelocale(plain);
    if (!isfinite(value)) return false;
    *out = value;
    return true;
}

static bool add_whole(tskl_buf *buf, double value) {
    if (fabs(value) >= 9007199254740992.0 || trunc(value) != value) return false;
    if (value < 0) tskl_buf_byte(buf, '-');
    tskl_buf_u64(buf, (uint64_t)fabs(value));
    return true;
}

// 15 digits are always told apart, 17 always suffice. Of the tiniest doubles fewer digits do.
static void print_shortest(double value, char room[40]) {
    int digits = fabs(value) < DBL_MIN ? 1 : 15;
    do snprintf(room, 40, "%.*g", digits, value);
    while (strtod(room, NULL) != value && digits++ < 17);
}

// "1e+21" as "1e21", "1e-07" as "1e-7".
static void add_tidy(tskl_buf *buf, tskl_slice text) {
    size_t e = tskl_slice_find(text, 'e');
    tskl_buf_add(buf, tskl_slice_first(text, e));
    if (e == SIZE_MAX) return;
    tskl_buf_add(buf, text.ptr[e + 1] == '-' ? TSKL_S("e-") : TSKL_S("e"));
    text = tskl_slice_from(text, e + 2);
    while (text.len > 1 && text.ptr[0] == '0') text = tskl_slice_from(text, 1);
    tskl_buf_add(buf, text);
}

void tskl_number_add(tskl_buf *buf, double value) {
    char room[40];
    if (add_whole(buf, value)) return;
    locale_t plain = plain_locale();
    locale_t before = plain ? uselocale(plain) : (locale_t)0;
    print_shortest(value, room);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    add_tidy(buf, tskl_slice_of(room));
}
