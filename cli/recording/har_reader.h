// har_reader: a recording cut into its calls while it is read, so that one of any size takes no
// more memory than its largest call. It is a HAR ("log" with "entries"), a list of entries, an
// object that has "entries", or one entry, or record of taskless, behind the other, a line each or
// not; packed or in UTF-16 as well (text_source.h). SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HAR_READER_H
#define TSKL_CLI_HAR_READER_H
#include "base/buf.h"
#include "base/status.h"
#include "recording/text_source.h"

enum { TSKL_HAR_ENTRY_MAX = 16 * 1024 * 1024 };

/** One entry or record, as written. */
typedef struct tskl_har_piece {
    tskl_slice text; // borrowed until the next piece; empty when `too_large`
    size_t number;   // from 1
    uint32_t line;   // where it begins, from 1
    bool too_large;  // over TSKL_HAR_ENTRY_MAX, and passed over
} tskl_har_piece;

typedef struct tskl_har_reader {
    tskl_text_source source;
    tskl_buf window;
    size_t at;   // what stands before is done with, but for what is held
    size_t held; // where an object begins that may be an entry by itself; SIZE_MAX: nowhere
    uint32_t held_line;
    bool ended;              // of the source
    bool began;              // a recording was seen
    bool listed;             // it is a list: a HAR, or as much of one
    bool looks_right;        // the object that is read has a member that entries and records have
    bool overflowed;         // the object that is read became too large to be held
    bool entered;            // the object that is read had the list of entries in it
    unsigned place, list_in; // how deep on the way to entries; where their list stands
    size_t number;
    uint32_t line;
} tskl_har_reader;

/** Reads nothing yet. */
void tskl_har_reader_init(tskl_har_reader *reader, tskl_byte_source source, void *user);
void tskl_har_reader_deinit(tskl_har_reader *reader);
/** The next entry or record; `*more` is false where there is none. SYNTAX naming the line where the
 *  file is no recording or is cut: the entries before it were good. IO, LIMIT, NOMEM. */
tskl_status tskl_har_reader_next(tskl_har_reader *reader, tskl_har_piece *piece, bool *more,
                                 tskl_error *err);
#endif
