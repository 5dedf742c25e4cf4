// SPDX-License-Identifier: Apache-2.0
//
// libtaskless is loaded at the first transfer. Until then daemons have closed standard error and
// opened a file in its place, and FPM's kind has cleared its environment. So both are noted here,
// before the program runs: a few microseconds in each.
#include "started.h"
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

static tskl_handover started; // size 0: nothing is observed

static size_t environment_size(void) {
    size_t size = 1;
    for (char **line = environ; line && *line; line++) size += strlen(*line) + 1;
    return size;
}

// A copy, since programs write over their own (to show what they do in `ps`). Not from the heap,
// which may be the program's: it is to look as it does without us.
static const char *copy_environment(void) {
    size_t size = environment_size();
    char *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
         *end = copy;
    if (copy == MAP_FAILED) return NULL;
    for (char **line = environ; line && *line; line++) end = stpcpy(end, *line) + 1;
    return copy;
}

__attribute__((constructor)) static void note(void) {
    const char *disabled = secure_getenv("TASKLESS_DISABLED");
    if (getauxval(AT_SECURE) || (disabled && *disabled && strcmp(disabled, "0") != 0)) return;
    tskl_noted_take(&started.noted, secure_getenv("TASKLESS_OUTPUT"));
    started.environment = copy_environment();
    started.size = sizeof started;
}

const tskl_handover *tskl_started(void) {
    return started.size ? &started : NULL;
}
