// values: Ruby values as slices, borrowed from them: they live as long as the value, unchanged
// until Ruby code runs again. Nothing here runs any, nor raises. SPDX-License-Identifier:
// Apache-2.0
#ifndef TSKL_RUBY_VALUES_H
#define TSKL_RUBY_VALUES_H
#include "lines.h"
#include <ruby.h>

/** The bytes of a string or a symbol; empty for anything else. */
tskl_slice tskl_value_slice(VALUE value);
/** NULL for nil, and for a string that is not text in C. */
const char *tskl_value_text(VALUE value);
/** A whole number, as such or as the text of one; 0 for anything else. */
int64_t tskl_value_number(VALUE value);

/** Header lines of a hash, or of an array of pairs; a value that is an array is a line for each of
 *  its members, and what is no text is passed over. False when there is no memory. */
bool tskl_lines_read(VALUE headers, tskl_lines *out);
#endif
