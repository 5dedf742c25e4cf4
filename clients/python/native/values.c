// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include <stdlib.h>
#include <string.h>

static bool hold_bytes(PyObject *bytes, tskl_held *out) {
    char *ptr = NULL;
    Py_ssize_t len = 0;
    out->encoded = bytes;
    if (!bytes || PyBytes_AsStringAndSize(bytes, &ptr, &len) < 0) {
        PyErr_Clear();
        return false;
    }
    out->slice = (tskl_slice){ptr, (size_t)len};
    return true;
}

/** False of a string that is not ASCII alone. */
static bool hold_ascii(PyObject *text, tskl_held *out) {
    Py_ssize_t size = 0;
    const char *ptr = PyUnicode_AsUTF8AndSize(text, &size);
    if (!ptr) PyErr_Clear();
    if (!ptr || size != PyUnicode_GetLength(text)) return false;
    out->slice = (tskl_slice){ptr, (size_t)size};
    return true;
}

static bool hold_view(PyObject *value, tskl_held *out) {
    if (PyBytes_Check(value)) {
        out->slice = (tskl_slice){PyBytes_AsString(value), (size_t)PyBytes_Size(value)};
        return true;
    }
    if (PyObject_GetBuffer(value, &out->view, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return false;
    }
    out->viewed = true;
    out->slice = (tskl_slice){out->view.buf, (size_t)out->view.len};
    return true;
}

bool tskl_held_read_utf8(PyObject *value, tskl_held *out) {
    *out = (tskl_held){0};
    if (!PyUnicode_Check(value)) return hold_view(value, out);
    if (hold_ascii(value, out)) return true;
    // What stands for bytes that are no UTF-8 becomes these bytes again.
    return hold_bytes(PyUnicode_AsEncodedString(value, "utf-8", "surrogateescape"), out);
}

bool tskl_held_read(PyObject *value, tskl_held *out) {
    *out = (tskl_held){0};
    if (!PyUnicode_Check(value)) return hold_view(value, out);
    return hold_ascii(value, out) || hold_bytes(PyUnicode_AsLatin1String(value), out) ||
           tskl_held_read_utf8(value, out);
}

void tskl_held_release(tskl_held *held) {
    Py_XDECREF(held->encoded);
    if (held->viewed) PyBuffer_Release(&held->view);
    *held = (tskl_held){0};
}

static bool add_held(tskl_lines *lines, PyObject *name, PyObject *value) {
    tskl_held held_name = {0}, held_value = {0};
    bool room = true;
    if (tskl_held_read(name, &held_name) && tskl_held_read(value, &held_value))
        room = tskl_lines_add_field(lines, held_name.slice, held_value.slice);
    tskl_held_release(&held_name);
    tskl_held_release(&held_value);
    return room;
}

static bool add_pair(tskl_lines *lines, PyObject *pair) {
    if (PyTuple_Check(pair) && PyTuple_Size(pair) >= 2)
        return add_held(lines, PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1));
    PyObject *name = PySequence_GetItem(pair, 0), *value = PySequence_GetItem(pair, 1);
    bool room = !name || !value || add_held(lines, name, value);
    Py_XDECREF(name);
    Py_XDECREF(value);
    PyErr_Clear();
    return room;
}

bool tskl_lines_read(PyObject *pairs, tskl_lines *out) {
    *out = (tskl_lines){0};
    PyObject *iterator = PyObject_GetIter(pairs), *pair;
    bool room = true;
    while (iterator && room && (pair = PyIter_Next(iterator))) {
        room = add_pair(out, pair);
        Py_DECREF(pair);
    }
    Py_XDECREF(iterator);
    PyErr_Clear();
    return room;
}
