// text_source: the bytes of a recording or of a pasted text as UTF-8. Gzip and UTF-16 are undone
// while they are read, and a byte order mark is left out: people have their files in these forms.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_TEXT_SOURCE_H
#define TSKL_CLI_TEXT_SOURCE_H
#include "base/slice.h"
#include "base/status.h"

/** Puts at most `size` bytes into `room`; 0 at the end, negative (and errno) on failure. */
typedef int64_t (*tskl_byte_source)(void *user, char *room, size_t size);

/** The byte source of a file: `user` points to its descriptor, an int, which stays the caller's. */
int64_t tskl_read_descriptor(void *user, char *room, size_t size);

enum { TSKL_TEXT_PIECE = 16 * 1024 };

typedef struct tskl_text_source {
    tskl_byte_source source;
    void *user;
    uint64_t taken, given; // bytes taken from the source; bytes that came of it
    void *inflater;        // where the source is packed
    unsigned form;         // of the text, once its first bytes are known
    bool began, ended, packed, unpacked_all;
    char input[TSKL_TEXT_PIECE]; // as it came, not looked at yet
    size_t input_at, input_len;
    char plain[TSKL_TEXT_PIECE]; // unpacked, not yet UTF-8
    size_t plain_at, plain_len;
} tskl_text_source;

/** Reads nothing yet and takes no memory. */
void tskl_text_source_init(tskl_text_source *text, tskl_byte_source source, void *user);
void tskl_text_source_deinit(tskl_text_source *text);
/** Puts at most `size` bytes (16 at least) of UTF-8 into `room`; `*got` is 0 at the end. IO;
 *  SYNTAX where gzip is damaged or cut; LIMIT where a small file unpacks to very much; NOMEM. */
tskl_status tskl_text_source_read(tskl_text_source *text, char *room, size_t size, size_t *got,
                                  tskl_error *err);
#endif
