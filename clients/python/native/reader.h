// reader: what http.client reads the body of a response from, which tells a call what was read.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_READER_H
#define TSKL_PYTHON_READER_H
#include "buffer.h"

/** The type of readers, which a module makes for itself; NULL with an exception set. */
PyObject *tskl_reader_type_new(void);

/** What is in every way as `file`, which it reads from, and holds it and `call` (call.h). NULL with
 * an exception set when there is no memory. */
PyObject *tskl_reader_new(PyObject *type, PyObject *file, PyObject *call);
#endif
