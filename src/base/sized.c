// The size that a caller gives is believed up to a bound: it may be anything where nobody set it.
// SPDX-License-Identifier: Apache-2.0
#include "base/sized.h"
#include <stdint.h>
#include <string.h>

enum { SIZE_MOST = 4096 };

static bool is_zero(const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i]) return false;
    return true;
}

tskl_status tskl_sized_read(const void *from, void *out, size_t size, const char *what,
                            tskl_error *err) {
    size_t given;
    memset(out, 0, size);
    memcpy(&given, from, sizeof given);
    if (given < sizeof given || given > SIZE_MOST)
        return tskl_fail(err, TSKL_ERR_INVALID, "%s.size is %zu: set it to sizeof(%s)", what, given,
                         what);
    memcpy(out, from, given < size ? given : size);
    if (given <= size || is_zero((const unsigned char *)from + size, given - size)) return TSKL_OK;
    return tskl_fail(
        err, TSKL_ERR_UNSUPPORTED,
        "%s has members that this version of taskless (%s) does not know: leave them at "
        "zero, or load a newer library",
        what, tskl_version());
}
