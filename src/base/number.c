// SPDX-License-Identifier: Apache-2.0
#include "base/number.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER_ROOM = 400 };

// The point of the program's locale: strtod and printf use it, and we are a guest there.
static char local_point(void) {
    const struct lconv *conventions = localeconv();
    return conventions && conventions->decimal_point ? conventions->decimal_point[0] : '.';
}

bool tskl_number_parse(tskl_slice text, double *out) {
    char room[NUMBER_ROOM], *end;
    *out = 0;
    if (text.len == 0 || !tskl_slice_to_cstr(text, room, sizeof room)) return false;
    char *point = strchr(room, '.');
    if (point) *point = local_point();
    double value = strtod(room, &end);
    if (*end || !isfinite(value)) return false;
    *out = value;
    return true;
}

static bool add_whole(tskl_buf *buf, double value) {
    if (fabs(value) >= 9007199254740992.0 || trunc(value) != value) return false;
    if (value < 0) tskl_buf_byte(buf, '-');
    tskl_buf_u64(buf, (uint64_t)fabs(value));
    return true;
}

void tskl_number_add(tskl_buf *buf, double value) {
    char room[40];
    if (add_whole(buf, value)) return;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(room, sizeof room, "%.*g", digits, value);
        if (strtod(room, NULL) == value) break;
    }
    char *point = strchr(room, local_point());
    if (point) *point = '.';
    tskl_buf_add(buf, tskl_slice_of(room));
}
