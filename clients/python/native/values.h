// values: Python values as slices, borrowed from them for as long as they are held.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_VALUES_H
#define TSKL_PYTHON_VALUES_H
#include "buffer.h"
#include "lines.h"

/** What keeps the bytes of a value, which has to outlive it. Give it back with tskl_held_release.
 */
typedef struct tskl_held {
    tskl_slice slice;
    PyObject *encoded; // of a string that is not ASCII
    Py_buffer view;    // of what is neither string nor bytes
    bool viewed;
} tskl_held;

/** The bytes of a string (Latin-1, else UTF-8) or of any object with a buffer. False, with no
 *  exception left and an empty slice, when it is neither. */
bool tskl_held_read(PyObject *value, tskl_held *out);
/** The same with strings as UTF-8. */
bool tskl_held_read_utf8(PyObject *value, tskl_held *out);
void tskl_held_release(tskl_held *held);

/** Header lines of an iterable of pairs of strings or bytes; what is no pair is passed over.
 *  False when there is no memory. */
bool tskl_lines_read(PyObject *pairs, tskl_lines *out);
#endif
