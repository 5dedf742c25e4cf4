// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "base/status.h"
#include "base/utf8.h"
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024 };

static atomic_int current_level = TSKL_LOG_WARN;
static atomic_int current_fd = STDERR_FILENO;

void tskl_log_set(tskl_log_level level, int fd) {
    atomic_store(&current_level, (int)level);
    atomic_store(&current_fd, fd);
}

bool tskl_log_wants(tskl_log_level level) {
    return (int)level <= atomic_load_explicit(&current_level, memory_order_relaxed);
}

void tskl_log(tskl_log_level level, const char *format, ...) {
    if (!tskl_log_wants(level)) return;
    int saved = errno;
    char plain[LINE_MAX_BYTES / 2], room[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(plain, sizeof plain, format, args);
    va_end(args);
    // The buffer stands on the stack: a cap below its room keeps it from ever growing. The line end
    // has a byte of its own.
    tskl_buf line = {.ptr = room, .room = sizeof room, .cap = sizeof room - 2};
    tskl_buf_add(&line, TSKL_S("taskless: "));
    tskl_utf8_add_shown(&line, tskl_slice_of(plain));
    line.failed = false;
    line.cap++;
    tskl_buf_byte(&line, '\n');
    ssize_t ignored TSKL_UNUSED = write(atomic_load(&current_fd), line.ptr, line.len);
    errno = saved;
}

bool tskl_log_level_parse(tskl_slice text, tskl_log_level *out) {
    static const char *const names[] = {"off", "error", "warn", "info", "debug", "trace"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++) {
        if (!tskl_slice_equal_nocase(text, tskl_slice_of(names[i]))) continue;
        *out = (tskl_log_level)i;
        return true;
    }
    return false;
}
