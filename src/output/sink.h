// sink: a descriptor that records are written to, each in one write, without harm to the program.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_SINK_H
#define TSKL_OUTPUT_SINK_H
#include "base/descriptor.h"
#include "base/status.h"

enum { TSKL_SINK_WAIT_MS = 100 }; // for room in a non-blocking descriptor, a record

typedef struct tskl_sink {
    tskl_descriptor to;
    bool owned; // opened by us; else the program's, used as it is
    bool torn;  // the last record was cut: the next one begins on a line of its own
} tskl_sink;

/** Takes the program's descriptor `fd` without duplicating it. IO: it is not open. */
tskl_status tskl_sink_borrow(int fd, tskl_sink *out, tskl_error *err);
/** Opens or makes a file for appending, mode 0600, never through a symbolic link. UNTRUSTED: it is
 *  a link, or another user's. IO, INVALID. */
tskl_status tskl_sink_open_file(tskl_slice path, tskl_sink *out, tskl_error *err);
/** Writes all of `record`. IO: it is lost, all or in part; CLOSED: the program has put another
 *  file in the descriptor's place. Raises no SIGPIPE and keeps errno. */
tskl_status tskl_sink_write(tskl_sink *sink, tskl_slice record, tskl_error *err);
bool tskl_sink_is_terminal(const tskl_sink *sink);
/** The width a terminal has now; 0: not known. */
unsigned tskl_sink_columns(const tskl_sink *sink);
/** Closes what it opened. */
void tskl_sink_close(tskl_sink *sink);
/** Refuses a file that could be read or replaced by another user than the effective one or root.
 *  UNTRUSTED, IO. */
tskl_status tskl_sink_check_owner(int fd, struct stat *out, tskl_error *err);
#endif
