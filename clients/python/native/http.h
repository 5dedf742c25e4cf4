// http: what is kept in the objects of http.client, and found there again.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_HTTP_H
#define TSKL_PYTHON_HTTP_H
#include "buffer.h"

// Functions of the module; what they take and return stands where they are defined.
PyObject *tskl_http_asked(PyObject *self, PyObject *const *args, Py_ssize_t count);
PyObject *tskl_http_sending(PyObject *self, PyObject *const *args, Py_ssize_t count);
PyObject *tskl_http_sent(PyObject *self, PyObject *const *args, Py_ssize_t count);
PyObject *tskl_http_is_asked(PyObject *self, PyObject *connection);
PyObject *tskl_http_take(PyObject *self, PyObject *connection);
PyObject *tskl_http_answered(PyObject *self, PyObject *const *args, Py_ssize_t count);
#endif
