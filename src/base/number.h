// number: decimal text and doubles, whatever the program's locale.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_NUMBER_H
#define TSKL_BASE_NUMBER_H
#include "base/buf.h"

/** Reads a JSON number. False: not one, or out of a double's range. */
bool tskl_number_parse(tskl_slice text, double *out);
/** Appends the shortest text that reads back as `value`; a whole number below 2^53 without a
 *  point. `value` must be finite. */
void tskl_number_add(tskl_buf *buf, double value);
#endif
