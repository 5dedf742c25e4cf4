// SPDX-License-Identifier: Apache-2.0
//
// Part of the file that is preloaded into every program as well: it needs nothing but the C
// library.
#include "base/noted.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

// "fd:N" within a path is a part of that path.
static bool begins_entry(const char *list, const char *at) {
    while (at > list && (at[-1] == ' ' || at[-1] == '\t')) at--;
    return at == list || at[-1] == ',';
}

void tskl_noted_take(tskl_noted *out, const char *outputs) {
    int saved = errno;
    for (int fd = 0; fd < TSKL_NOTED_LOW; fd++) out->low[fd] = tskl_descriptor_of(fd);
    out->named_count = 0;
    for (const char *at = outputs; at && (at = strstr(at, "fd:")); at += 3) {
        unsigned long number = begins_entry(outputs, at) ? strtoul(at + 3, NULL, 10) : 0;
        if (number < TSKL_NOTED_LOW || number > INT_MAX) continue;
        if (out->named_count == TSKL_NOTED_NAMED) break;
        out->named[out->named_count++] = tskl_descriptor_of((int)number);
    }
    errno = saved;
}

bool tskl_noted_find(const tskl_noted *noted, int fd, tskl_descriptor *out) {
    if (fd >= 0 && fd < TSKL_NOTED_LOW) {
        *out = noted->low[fd];
        return true;
    }
    for (size_t i = 0; i < noted->named_count; i++) {
        if (noted->named[i].fd != fd) continue;
        *out = noted->named[i];
        return true;
    }
    return false;
}
