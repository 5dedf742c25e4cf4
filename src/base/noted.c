// SPDX-License-Identifier: Apache-2.0
//
// Part of the file that is preloaded into every program as well: it needs nothing but the C library.
#include "base/noted.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

void tskl_noted_take(tskl_noted *out, const char *outputs) {
    int saved = errno;
    for (int fd = 0; fd < TSKL_NOTED_LOW; fd++) out->low[fd] = tskl_descriptor_of(fd);
    out->named_count = 0;
    // "fd:N" within a path is noted too, which does no harm.
    while (outputs && (outputs = strstr(outputs, "fd:")) && out->named_count < TSKL_NOTED_NAMED) {
        outputs += 3;
        unsigned long number = strtoul(outputs, NULL, 10);
        if (number >= TSKL_NOTED_LOW && number <= INT_MAX)
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
