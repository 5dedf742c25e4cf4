// digest: SHA-256 names content; Poly1305 finds damage quickly.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_DIGEST_H
#define TSKL_BASE_DIGEST_H
#include "base/slice.h"

typedef struct tskl_sha256 {
    char hex[65]; // lower case, with a zero
} tskl_sha256;

tskl_sha256 tskl_sha256_of(tskl_slice bytes);
/** Reads "sha256:<64 hex>" or the hex alone. False: neither. */
bool tskl_sha256_parse(tskl_slice text, tskl_sha256 *out);
bool tskl_sha256_equal(const tskl_sha256 *a, const tskl_sha256 *b);

/** A checksum of 16 bytes against damage; `domain` separates uses. Not against an attacker: its
 *  key is no secret. */
typedef struct tskl_checksum {
    unsigned char bytes[16];
} tskl_checksum;
tskl_checksum tskl_checksum_of(tskl_slice domain, tskl_slice bytes);
#endif
