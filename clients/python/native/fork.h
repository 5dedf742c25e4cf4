// fork: what stands in the place of os.fork without being seen there.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_FORK_H
#define TSKL_PYTHON_FORK_H
#include "buffer.h"

/** around_fork(index, original, before, after): a function as `original`, which is os.fork (0) or
 *  os.forkpty (1), that calls the other two around it; None when it cannot be made. */
PyObject *tskl_around_fork(PyObject *self, PyObject *args);
#endif
