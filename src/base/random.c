// Random bytes from the system, and something that differs where it has none yet.
// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"
#include "base/clock.h"
#include <sys/random.h>

void tskl_random_fill(void *bytes, size_t size) {
    if (getrandom(bytes, size, GRND_NONBLOCK) == (ssize_t)size) return;
    uint64_t mixed = (uint64_t)tskl_clock_steady_us() ^ (uint64_t)(uintptr_t)bytes;
    for (size_t i = 0; i < size; i++) {
        mixed = mixed * 6364136223846793005u + 1442695040888963407u;
        ((unsigned char *)bytes)[i] = (unsigned char)(mixed >> 56);
    }
}
