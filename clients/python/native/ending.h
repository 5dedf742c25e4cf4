// ending: the functions of Python's os that end a process, or make it another, at once.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_ENDING_H
#define TSKL_PYTHON_ENDING_H
#include "buffer.h"

/**
 * before_end(name, original, before, after): what to put in place of os._exit, abort, execv or
 * execve. It calls `before` with the same arguments, which may return others; writes what is
 * unwritten; goes on to the original; and calls `after` if that comes back. Either may be None.
 * None for another name.
 */
PyObject *tskl_before_end(PyObject *self, PyObject *args);
#endif
