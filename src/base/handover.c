// SPDX-License-Identifier: Apache-2.0
//
// Noted once, in a constructor, and never again in a process or its forked children: the program
// may have closed its standard error by the time of its first call, and opened its database in that
// place.
#include "base/handover.h"
#include "base/env.h"
#include <stdatomic.h>
#include <string.h>

static tskl_handover own;
static _Atomic(const tskl_handover *) current = &own;

__attribute__((constructor)) static void note(void) {
    own.size = sizeof own;
    tskl_noted_take(&own.noted, tskl_env_lookup("TASKLESS_OUTPUT"));
}

void tskl_handover_take(const tskl_handover *handover) {
    const tskl_handover *first = &own;
    if (handover && handover->size >= sizeof *handover)
        atomic_compare_exchange_strong(&current, &first, handover);
}

tskl_descriptor tskl_handover_descriptor(int fd) {
    tskl_descriptor noted;
    bool found = tskl_noted_find(&atomic_load(&current)->noted, fd, &noted);
    return found ? noted : (tskl_descriptor){.fd = fd};
}

bool tskl_handover_looked_at(int fd) {
    tskl_descriptor noted;
    return tskl_noted_find(&atomic_load(&current)->noted, fd, &noted);
}

const char *tskl_handover_variable(const char *name) {
    const char *line = atomic_load(&current)->environment;
    size_t len = strlen(name);
    for (; line && *line; line += strlen(line) + 1)
        if (strncmp(line, name, len) == 0 && line[len] == '=') return line + len + 1;
    return NULL;
}
