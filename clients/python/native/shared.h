// shared: the one observer of the process, whatever interpreters there are in it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_SHARED_H
#define TSKL_PYTHON_SHARED_H
#include "buffer.h"
#include <stdbool.h>
#include <taskless/observer.h>

/** For a call that begins: NULL before the first tskl_shared_open and after the last
 *  tskl_shared_close. */
tskl_observer *tskl_shared_observer(void);

/** Before the process ends or becomes another program, where nothing else of ours will run: waits
 *  50 ms at most for what is not written. `is_end`: calls under way count as aborted. */
void tskl_shared_last_flush(bool is_end);

// Functions of the module; what they take and return stands where they are defined.
PyObject *tskl_shared_open(PyObject *self, PyObject *args);
PyObject *tskl_shared_close(PyObject *self, PyObject *args);
PyObject *tskl_shared_flush(PyObject *self, PyObject *args);
PyObject *tskl_shared_connected(PyObject *self, PyObject *none);
PyObject *tskl_shared_add(PyObject *self, PyObject *args);
#endif
