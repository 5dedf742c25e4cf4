// SPDX-License-Identifier: Apache-2.0
#include "status.h"

#include <string.h>

bool tskl_head_is_whole(tskl_slice text) {
    const char *last = text.ptr + text.len - 1; // a newline
    if (last > text.ptr && last[-1] == '\r') last--;
    return last > text.ptr && last[-1] == '\n';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool tskl_status_read(tskl_slice text, int *status, tskl_slice *headers) {
    const char *newline = memchr(text.ptr, '\n', text.len), *at = text.ptr;
    if (!newline || text.len < 5 || memcmp(at, "HTTP", 4)) return false;
    while (at < newline && *at != ' ') at++;
    while (at < newline && *at == ' ') at++;
    if (newline - at < 3 || !is_digit(at[0]) || !is_digit(at[1]) || !is_digit(at[2])) return false;
    *status = (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
    *headers = (tskl_slice){newline + 1, (size_t)(text.ptr + text.len - newline - 1)};
    return true;
}
