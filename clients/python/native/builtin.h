// builtin: functions of ours that stand in the place of a builtin one, and look like it: name,
// module, documentation, signature and how it is pickled are the same.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_BUILTIN_H
#define TSKL_PYTHON_BUILTIN_H
#include "buffer.h"

/**
 * `method` is static and becomes a function whose self keeps `original` and two more. Its text is
 * filled in once from `original`, and never freed. NULL with an exception set.
 */
PyObject *tskl_builtin_new(PyMethodDef *method, PyObject *original, PyObject *before,
                           PyObject *after);

// What such a function has kept, a new reference, by the self that it is called with. NULL, with no
// exception left, where it was NULL.
PyObject *tskl_builtin_original(PyObject *self);
PyObject *tskl_builtin_before(PyObject *self);
PyObject *tskl_builtin_after(PyObject *self);
#endif
