// buffer: the buffer protocol, which the limited API has only from Python 3.11 on.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_BUFFER_H
#define TSKL_PYTHON_BUFFER_H
#define PY_SSIZE_T_CLEAN
#include <Python.h>

// In 3.9 and 3.10 functions and structure are the same, and exported; they were only not promised.
#if Py_LIMITED_API + 0 < 0x030b0000
typedef struct bufferinfo {
    void *buf;
    PyObject *obj;
    Py_ssize_t len;
    Py_ssize_t itemsize;
    int readonly;
    int ndim;
    char *format;
    Py_ssize_t *shape;
    Py_ssize_t *strides;
    Py_ssize_t *suboffsets;
    void *internal;
} Py_buffer;

PyAPI_FUNC(int) PyObject_GetBuffer(PyObject *object, Py_buffer *view, int flags);
PyAPI_FUNC(void) PyBuffer_Release(Py_buffer *view);
#define PyBUF_SIMPLE 0
#endif
#endif
