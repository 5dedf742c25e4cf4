// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"
#include "base/random.h"

static bool has_dash(size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

tskl_uuid tskl_uuid_new(int64_t wall_us) {
    unsigned char bytes[16];
    uint64_t ms = (uint64_t)(wall_us > 0 ? wall_us : 0) / 1000;
    tskl_random_fill(bytes + 6, sizeof bytes - 6);
    for (int i = 0; i < 6; i++) bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
    bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0f));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
    tskl_uuid id;
    static const char hex[] = "0123456789abcdef";
    char *to = id.text;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (has_dash((size_t)(to - id.text))) *to++ = '-';
        *to++ = hex[bytes[i] >> 4];
        *to++ = hex[bytes[i] & 15];
    }
    *to = 0;
    return id;
}

bool tskl_uuid_parse(tskl_slice text, tskl_uuid *out) {
    out->text[0] = 0;
    if (text.len != sizeof out->text - 1) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= 'A' && c <= 'F') c = (char)(c | 0x20);
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (has_dash(i) ? c != '-' : !hex) {
            out->text[0] = 0;
            return false;
        }
        out->text[i] = c;
    }
    out->text[text.len] = 0;
    return true;
}
