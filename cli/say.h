// say: how the program speaks: complaints and remarks on standard error, never without cause.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_SAY_H
#define TSKL_CLI_SAY_H
#include "base/status.h"
#include <stdio.h>

/** Writes "taskless: ...\n" to standard error, what controls or deceives escaped. */
void tskl_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** The same, only where a person watches: standard error is a terminal. */
void tskl_remark(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** From here on neither waits for a reader, nor is ended by one that has gone: the line is dropped.
 * For `run`, which starts its program whatever happens to standard error. */
void tskl_say_never_wait(void);
/** The exit code that goes with a failure. */
int tskl_exit_of(tskl_status status);
/** Complains of `err` and returns its exit code. */
int tskl_fail_with(const tskl_error *err);
/** "5,120", which is read more easily than "5120"; in `room`. */
const char *tskl_with_commas(size_t count, char room[32]);
/** Whether a stream takes colour: a terminal that is not "dumb", and NO_COLOR is not set. */
bool tskl_stream_takes_colour(FILE *stream);
/** Writes JSON; to a terminal with text that deceives escaped, as \uXXXX. False: not all of it. */
bool tskl_write_json(FILE *to, tskl_slice json);
/** True once nobody reads standard output any more, as behind `| head`: which is no fault. */
bool tskl_reader_has_left(void);
/** Ends `code`, or MACHINE with a complaint when standard output could not be written. */
int tskl_finish_output(int code);
#endif
