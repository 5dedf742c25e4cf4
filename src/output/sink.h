// sink: a descriptor that records are written to, each in one write, without harm to the program.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_SINK_H
#define TSKL_OUTPUT_SINK_H
#include "output/own_file.h"

enum { TSKL_SINK_WAIT_MS = 100 }; // for room in a non-blocking descriptor, a record

typedef struct tskl_sink {
    tskl_own_file file; // without a path it is the program's descriptor, used as it is
    bool torn;          // the last record was cut: the next one begins on a line of its own
} tskl_sink;

/** Takes a descriptor of the program's, which it does not duplicate, as it was noted. IO: it was
 * not open. That it is another file by now shows at the first write. */
tskl_status tskl_sink_borrow(const tskl_descriptor *given, tskl_sink *out, tskl_error *err);
/** Opens or makes a file for appending. UNTRUSTED, IO, INVALID, NOMEM, as tskl_own_file_open. */
tskl_status tskl_sink_open_file(tskl_slice path, tskl_sink *out, tskl_error *err);
/** Writes all of `record`. IO: it is lost, all or in part; MISMATCH: the program has closed the
 *  descriptor, or put another file in its place; CLOSED: nobody reads there any more. Raises no
 *  signal and keeps errno. */
tskl_status tskl_sink_write(tskl_sink *sink, tskl_slice record, tskl_error *err);
bool tskl_sink_is_terminal(const tskl_sink *sink);
/** The width a terminal has now; 0: not known. */
unsigned tskl_sink_columns(const tskl_sink *sink);
/** Closes what it opened. */
void tskl_sink_close(tskl_sink *sink);
#endif
