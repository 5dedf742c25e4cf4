// module: what the module holds for itself in each interpreter.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_MODULE_H
#define TSKL_PYTHON_MODULE_H
#include "buffer.h"

typedef struct tskl_module {
    PyObject *call_type, *reader_type;
    PyObject *buffered_reader; // io's
    // Names of members: first those that are ours.
    PyObject *call, *method, *dict;
} tskl_module;

/** The members of `object`; NULL, with no exception left, where it has none. Give it back. */
PyObject *tskl_module_members(const tskl_module *module, PyObject *object);
#endif
