// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"
#include "base/generation.h"
#include <pthread.h>
#include <sodium/core.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_onetimeauth_poly1305.h>
#include <sys/random.h>

tskl_sha256 tskl_sha256_of(tskl_slice bytes) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.ptr, bytes.len);
    static const char hex[] = "0123456789abcdef";
    tskl_sha256 out = {{0}};
    for (size_t i = 0; i < sizeof digest; i++) {
        out.hex[2 * i] = hex[digest[i] >> 4];
        out.hex[2 * i + 1] = hex[digest[i] & 15];
    }
    return out;
}

bool tskl_sha256_parse(tskl_slice text, tskl_sha256 *out) {
    *out = (tskl_sha256){{0}};
    if (tskl_slice_starts(text, TSKL_S("sha256:"))) text = tskl_slice_from(text, 7);
    if (text.len != 64) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= 'A' && c <= 'F') c = (char)(c | 0x20);
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            *out = (tskl_sha256){{0}};
            return false;
        }
        out->hex[i] = c;
    }
    return true;
}

bool tskl_sha256_equal(const tskl_sha256 *a, const tskl_sha256 *b) {
    return memcmp(a->hex, b->hex, sizeof a->hex) == 0;
}

// Until it is asked to look, libsodium knows nothing of the processor and takes twice the time. In
// looking it wants random bytes as well, and ends the process where it gets none: so they are asked
// for here before.
static void use_processor(void) {
    char byte;
    if (getrandom(&byte, 1, GRND_NONBLOCK) != 1) return;
    tskl_generation_hold();
    if (sodium_init() < 0) {} // then it goes on as it did
    tskl_generation_release();
}

tskl_checksum tskl_checksum_of(tskl_slice domain, tskl_slice bytes) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    unsigned char key[crypto_onetimeauth_poly1305_KEYBYTES];
    tskl_checksum sum;
    pthread_once(&once, use_processor);
    crypto_hash_sha256(key, (const unsigned char *)domain.ptr, domain.len);
    crypto_onetimeauth_poly1305(sum.bytes, (const unsigned char *)bytes.ptr, bytes.len, key);
    return sum;
}
