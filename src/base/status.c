// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

tskl_status tskl_fail(tskl_error *err, tskl_status status, const char *format, ...) {
    if (!err) return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return status;
}

tskl_status tskl_context(tskl_error *err, tskl_status status, const char *format, ...) {
    if (!err) return status;
    char cause[sizeof err->message];
    memcpy(cause, err->message, sizeof cause);
    va_list args;
    va_start(args, format);
    int written = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    size_t used = written < 0 ? 0 : (size_t)written;
    // What does not fit is cut: the prefix names the thing, the cause comes after it.
    if (used + 3 < sizeof err->message)
        snprintf(err->message + used, sizeof err->message - used, ": %.*s",
                 (int)(sizeof err->message - used - 3), cause);
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
