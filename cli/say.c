// SPDX-License-Identifier: Apache-2.0
#include "say.h"
#include "base/descriptor.h"
#include "base/env.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "command.h"
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024 };

static bool never_waits;

void tskl_say_never_wait(void) {
    never_waits = true;
}

// Where nobody reads, the line is dropped, and no signal is raised.
static void write_if_there_is_room(tskl_slice line) {
    tskl_descriptor place = tskl_descriptor_of(STDERR_FILENO);
    struct pollfd room = {.fd = place.fd, .events = POLLOUT};
    if (poll(&room, 1, 0) != 1 || !(room.revents & POLLOUT)) return;
    ssize_t ignored TSKL_UNUSED = tskl_descriptor_write(&place, line);
}

static void write_line(const char *format, va_list args) {
    char plain[LINE_MAX_BYTES], room[2 * LINE_MAX_BYTES];
    vsnprintf(plain, sizeof plain, format, args);
    // On the stack: a cap below its room keeps it from ever growing.
    tskl_buf line = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_buf_add(&line, TSKL_S("taskless: "));
    tskl_utf8_add_shown(&line, tskl_slice_of(plain));
    line.failed = false;
    tskl_buf_byte(&line, '\n');
    if (never_waits)
        write_if_there_is_room(tskl_buf_slice(&line));
    else
        fwrite(line.ptr, 1, line.len, stderr);
}

void tskl_complain(const char *format, ...) {
    va_list args;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
}

void tskl_remark(const char *format, ...) {
    va_list args;
    if (!isatty(STDERR_FILENO)) return;
    va_start(args, format);
    write_line(format, args);
    va_end(args);
}

int tskl_exit_of(tskl_status status) {
    switch (status) {
    case TSKL_OK: return TSKL_EXIT_DONE;
    case TSKL_ERR_INVALID:
    case TSKL_ERR_SYNTAX:
    case TSKL_ERR_NOT_FOUND:
    case TSKL_ERR_UNTRUSTED:
    case TSKL_ERR_MISMATCH:
    case TSKL_ERR_UNSUPPORTED: return TSKL_EXIT_BAD;
    default: return TSKL_EXIT_MACHINE;
    }
}

int tskl_fail_with(const tskl_error *err) {
    tskl_complain("%s", err->message);
    return tskl_exit_of(err->status);
}

const char *tskl_with_commas(size_t count, char room[32]) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", count), to = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0) room[to++] = ',';
        room[to++] = digits[i];
    }
    room[to] = 0;
    return room;
}

bool tskl_stream_takes_colour(FILE *stream) {
    const tskl_env *env = tskl_env_get();
    return isatty(fileno(stream)) && !env->no_color && !(env->term && !strcmp(env->term, "dumb"));
}

bool tskl_write_json(FILE *to, tskl_slice json) {
    if (!isatty(fileno(to))) return fwrite(json.ptr, 1, json.len, to) == json.len;
    tskl_buf shown;
    tskl_buf_init(&shown, 3 * json.len + 1); // two bytes become six, at most
    tskl_json_add_shown(&shown, json);
    bool written = !shown.failed && fwrite(shown.ptr, 1, shown.len, to) == shown.len;
    tskl_buf_deinit(&shown);
    return written;
}

bool tskl_reader_has_left(void) {
    struct pollfd end = {.fd = STDOUT_FILENO};
    return poll(&end, 1, 0) == 1 && (end.revents & (POLLERR | POLLHUP)) != 0;
}

int tskl_finish_output(int code) {
    if ((fflush(stdout) == 0 && !ferror(stdout)) || tskl_reader_has_left()) return code;
    tskl_complain("standard output could not be written: %s", strerror(errno));
    return TSKL_EXIT_MACHINE;
}
