// input: what the program reads whole: files that are named to it, and standard input.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_INPUT_H
#define TSKL_CLI_INPUT_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

/** Reads all of a file, `max` bytes at most, in `arena`. It need not be trusted: who names a file
 *  means it. NOT_FOUND, IO, LIMIT, NOMEM, naming it. */
tskl_status tskl_input_file(const char *path, size_t max, tskl_arena *arena, tskl_slice *out,
                            tskl_error *err);
/** Reads standard input to its end. As above. */
tskl_status tskl_input_stdin(size_t max, tskl_arena *arena, tskl_slice *out, tskl_error *err);
#endif
