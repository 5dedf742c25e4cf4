// SPDX-License-Identifier: Apache-2.0
#include "progress.h"
#include "base/clock.h"
#include <stdio.h>
#include <unistd.h>

enum { STEP_US = 100 * 1000 };

void tskl_progress_begin(tskl_progress *progress, bool wanted, uint64_t total) {
    *progress = (tskl_progress){.shown = wanted && isatty(STDERR_FILENO),
                                .total = total,
                                .begun_us = tskl_clock_steady_us()};
    progress->next_us = progress->begun_us + STEP_US;
}

void tskl_progress_show(tskl_progress *progress, uint64_t count, uint64_t passed) {
    int64_t now_us = progress->shown ? tskl_clock_steady_us() : 0;
    if (!progress->shown || now_us < progress->next_us) return;
    progress->next_us = now_us + STEP_US;
    double seconds = (double)(now_us - progress->begun_us) / 1e6;
    fprintf(stderr, "\r\033[K%llu calls, %.0f/s", (unsigned long long)count,
            (double)count / seconds);
    if (progress->total)
        fprintf(stderr, ", %.0f %%", 100.0 * (double)passed / (double)progress->total);
    fflush(stderr);
}

void tskl_progress_end(tskl_progress *progress) {
    if (progress->shown) fputs("\r\033[K", stderr);
    progress->shown = false;
}
