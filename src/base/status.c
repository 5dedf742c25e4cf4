// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// A cut shows: the beginning of a path or a command must not be taken for the whole of it.
static void mark_cut(tskl_error *err) {
    static const char mark[] = "...";
    memcpy(err->message + sizeof err->message - sizeof mark, mark, sizeof mark);
}

tskl_status tskl_fail(tskl_error *err, tskl_status status, const char *format, ...) {
    if (!err) return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    int written = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (written >= (int)sizeof err->message) mark_cut(err);
    return status;
}

// Where both do not fit, the cause stays whole: what mends it stands at its end. Of the prefix the
// end is kept: of a long path that is the file's name.
static void join(tskl_error *err, const char *prefix, size_t prefix_len) {
    enum { SHORTEST = 16 };
    char *text = err->message;
    size_t cause_len = strlen(text), room = sizeof err->message - 1 - cause_len;
    bool cut = prefix_len + 2 > room;
    if (cut && room < SHORTEST) return;
    if (cut) {
        prefix += prefix_len - (room - 2);
        prefix_len = room - 2;
    }
    memmove(text + prefix_len + 2, text, cause_len + 1);
    memcpy(text, prefix, prefix_len);
    memcpy(text + prefix_len, ": ", 2);
    if (cut) memcpy(text, "...", 3);
}

tskl_status tskl_context(tskl_error *err, tskl_status status, const char *format, ...) {
    enum { PREFIX_MAX = 1024 };
    if (!err) return status;
    char prefix[PREFIX_MAX];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    if (written > 0) join(err, prefix, strlen(prefix));
    err->status = status;
    return status;
}

const char *tskl_status_text(tskl_status status) {
    switch (status) {
#define TEXT(name, text)                                                                           \
    case TSKL_##name: return text;
        TSKL_STATUSES(TEXT)
#undef TEXT
    }
    return "unknown status";
}

const char *tskl_version(void) {
    return TSKL_VERSION;
}
