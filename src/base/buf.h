// buf: owned bytes that grow up to a cap.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_BUF_H
#define TSKL_BASE_BUF_H
#include "base/slice.h"

/** After a failed append `failed` is set and the next appends do nothing: check a series once. */
typedef struct tskl_buf {
    char *ptr;
    size_t len, room, cap;
    bool failed; // past the cap, or no memory
} tskl_buf;

/** Takes no memory yet. `cap` is the most bytes it will hold. */
void tskl_buf_init(tskl_buf *buf, size_t cap);
void tskl_buf_deinit(tskl_buf *buf);
/** Empty and not failed again; keeps its memory. */
void tskl_buf_clear(tskl_buf *buf);
/** tskl_buf_reserve where the room has to be made first. */
char *tskl_buf_grow(tskl_buf *buf, size_t more);
/** Makes room for `more` bytes and returns where they go, or NULL; then set `len`. */
static inline char *tskl_buf_reserve(tskl_buf *buf, size_t more) {
    // Mostly there is room, and then appending is not worth a call.
    bool fits =
        buf->ptr && !buf->failed && more <= buf->room - buf->len && more <= buf->cap - buf->len;
    return fits ? buf->ptr + buf->len : tskl_buf_grow(buf, more);
}
static inline void tskl_buf_byte(tskl_buf *buf, char byte) {
    char *room = tskl_buf_reserve(buf, 1);
    if (!room) return;
    *room = byte;
    buf->len++;
}
void tskl_buf_add(tskl_buf *buf, tskl_slice bytes);
void tskl_buf_u64(tskl_buf *buf, uint64_t value);
void tskl_buf_printf(tskl_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Cuts back to `len` bytes, so that a piece can be taken back. */
void tskl_buf_truncate(tskl_buf *buf, size_t len);
/** Its bytes; borrowed until the next append. */
static inline tskl_slice tskl_buf_slice(const tskl_buf *buf) {
    return (tskl_slice){buf->ptr, buf->len};
}
/** Zero-ended; borrowed until the next append. "" when that fails. */
const char *tskl_buf_cstr(tskl_buf *buf);
#endif
