// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "base/handover.h"
#include "base/status.h"
#include "base/utf8.h"
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048, UNSET = 1 }; // UNSET is the type of no file

static atomic_int current_level = TSKL_LOG_WARN;
static atomic_int current_fd = STDERR_FILENO;
// Which file that was when it was set.
static atomic_uint_least64_t current_type = UNSET, current_device, current_inode;

void tskl_log_to(tskl_log_level level, const tskl_descriptor *place) {
    atomic_store(&current_level, (int)level);
    atomic_store(&current_fd, place->fd);
    atomic_store(&current_type, place->type);
    atomic_store(&current_device, place->device);
    atomic_store(&current_inode, place->inode);
}

void tskl_log_set(tskl_log_level level, int fd) {
    tskl_descriptor place = tskl_descriptor_of(fd);
    tskl_log_to(level, &place);
}

// Where to write, if it is still the same file, and has room: nobody waits for us.
static bool find_place(tskl_descriptor *place) {
    *place =
        (tskl_descriptor){atomic_load(&current_fd), (mode_t)atomic_load(&current_type),
                          (dev_t)atomic_load(&current_device), (ino_t)atomic_load(&current_inode)};
    if (place->type == UNSET) *place = tskl_handover_descriptor(STDERR_FILENO);
    struct pollfd room = {.fd = place->fd, .events = POLLOUT};
    return tskl_descriptor_is_same(place) && poll(&room, 1, 0) == 1;
}

tskl_log_level tskl_log_level_now(void) {
    return (tskl_log_level)atomic_load_explicit(&current_level, memory_order_relaxed);
}

bool tskl_log_wants(tskl_log_level level) {
    return level <= tskl_log_level_now();
}

static void write_line(const tskl_descriptor *place, const char *format, va_list args) {
    char plain[LINE_MAX_BYTES / 2], room[LINE_MAX_BYTES];
    vsnprintf(plain, sizeof plain, format, args);
    // The buffer stands on the stack: a cap below its room keeps it from ever growing. The line end
    // has a byte of its own.
    tskl_buf line = {.ptr = room, .room = sizeof room, .cap = sizeof room - 2};
    tskl_buf_add(&line, TSKL_S("taskless: "));
    tskl_utf8_add_shown(&line, tskl_slice_of(plain));
    line.failed = false;
    line.cap++;
    tskl_buf_byte(&line, '\n');
    ssize_t ignored TSKL_UNUSED = tskl_descriptor_write_at_once(place, tskl_buf_slice(&line));
}

void tskl_log(tskl_log_level level, const char *format, ...) {
    tskl_descriptor place;
    int saved = errno;
    va_list args;
    va_start(args, format);
    if (tskl_log_wants(level) && find_place(&place)) write_line(&place, format, args);
    va_end(args);
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
