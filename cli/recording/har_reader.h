// har_reader: a HAR file cut into its entries while it is read, so that a recording of any size
// takes no more memory than its largest entry.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HAR_READER_H
#define TSKL_CLI_HAR_READER_H
#include "base/buf.h"
#include "base/status.h"

enum { TSKL_HAR_ENTRY_MAX = 16 * 1024 * 1024 };

/** Puts at most `size` bytes into `room`; 0 at the end, negative (and errno) on failure. */
typedef int64_t (*tskl_har_source)(void *user, char *room, size_t size);

/** One member of log.entries, as written. */
typedef struct tskl_har_piece {
    tskl_slice text; // borrowed until the next piece; empty when `too_large`
    size_t number;   // from 1
    uint32_t line;   // where it begins, from 1
    bool too_large;  // over TSKL_HAR_ENTRY_MAX, and passed over
} tskl_har_piece;

typedef struct tskl_har_reader {
    tskl_har_source source;
    void *user;
    uint64_t passed; // bytes taken from the source
    tskl_buf window;
    size_t at;      // what stands before is done with
    bool ended;     // of the source
    bool began;     // log.entries was seen
    unsigned place; // how deep on the way there
    size_t number;
    uint32_t line;
} tskl_har_reader;

/** Reads nothing yet. */
void tskl_har_reader_init(tskl_har_reader *reader, tskl_har_source source, void *user);
void tskl_har_reader_deinit(tskl_har_reader *reader);
/** The next entry; `*more` is false where there is none. SYNTAX naming the line where the file is
 *  no HAR or is cut: the entries before it were good. IO, NOMEM. */
tskl_status tskl_har_reader_next(tskl_har_reader *reader, tskl_har_piece *piece, bool *more,
                                 tskl_error *err);
#endif
