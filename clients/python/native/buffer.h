// buffer: Python's header, and what its limited API has only in later versions than ours: the
// buffer protocol (3.11) and the bytes of a string (3.10). SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_BUFFER_H
#define TSKL_PYTHON_BUFFER_H
#define PY_SSIZE_T_CLEAN
#include <Python.h>

// Before that functions and structure are the same, and exported; they were only not promised.
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
#if Py_LIMITED_API + 0 < 0x030a0000
PyAPI_FUNC(const char *) PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *size);
#define METH_FASTCALL 0x0080
#endif
#endif
