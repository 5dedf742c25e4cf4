// base64: bytes as text and back, in the standard alphabet (RFC 4648).
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_BASE64_H
#define TSKL_BASE_BASE64_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

/** Appends `bytes` with their padding. */
void tskl_base64_add(tskl_buf *buf, tskl_slice bytes);
/** Reads text, white space anywhere in it allowed, padding needed. SYNTAX says at which byte;
 *  NOMEM. `*out` is in `arena`, empty on failure. */
tskl_status tskl_base64_decode(tskl_slice text, tskl_arena *arena, tskl_slice *out,
                               tskl_error *err);
#endif
