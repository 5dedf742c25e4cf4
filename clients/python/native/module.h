// module: what the module holds for itself in each interpreter.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_MODULE_H
#define TSKL_PYTHON_MODULE_H
#include "buffer.h"

// The names of members, each made once: first those that are ours.
#define TSKL_NAMES(X)                                                                              \
    X(call, "_taskless_call")                                                                      \
    X(method, "_taskless_method")                                                                  \
    X(name, "__name__")                                                                            \
    X(default_port, "default_port")                                                                \
    X(sock, "sock")                                                                                \
    X(status, "status")                                                                            \
    X(headers, "headers")                                                                          \
    X(_headers, "_headers")                                                                        \
    X(fp, "fp")

typedef struct tskl_names {
#define TSKL_NAME(member, text) PyObject *member;
    TSKL_NAMES(TSKL_NAME)
#undef TSKL_NAME
} tskl_names;

typedef struct tskl_module {
    PyObject *call_type, *reader_type;
    PyObject *buffered_reader; // io's
    tskl_names names;
} tskl_module;

/**
 * What `object` holds for us under that name; NULL, with no exception left, where it is None or not
 * there: the class has it as None (_patch.py), for a look-up that fails costs much. Give it back.
 * Asked past what a class makes of its attributes itself, and without `__dict__`, which once asked
 * for makes an object slower.
 */
PyObject *tskl_module_held(PyObject *object, PyObject *name);
/** NULL lets go of it. */
void tskl_module_hold(PyObject *object, PyObject *name, PyObject *value);
#endif
