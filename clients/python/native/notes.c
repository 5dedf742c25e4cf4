// notes: a dict from the address of an object to a list with a place for each note.
// SPDX-License-Identifier: Apache-2.0
#include "notes.h"

/** Called with the weak reference when its object goes. `pair` is the dict and the key in it. */
static PyObject *forget(PyObject *pair, PyObject *weak) {
    (void)weak;
    if (PyDict_DelItem(PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1)) < 0) PyErr_Clear();
    Py_RETURN_NONE;
}

static PyMethodDef forget_method = {"forget", forget, METH_O, NULL};

static PyObject *make_weak(PyObject *notes, PyObject *object, PyObject *key) {
    PyObject *pair = PyTuple_Pack(2, notes, key);
    PyObject *callback = pair ? PyCFunction_New(&forget_method, pair) : NULL;
    PyObject *weak = callback ? PyWeakref_NewRef(object, callback) : NULL;
    Py_XDECREF(callback);
    Py_XDECREF(pair);
    return weak;
}

/** A new list for the object, which the dict owns. NULL with an exception set. */
static PyObject *make_list(PyObject *notes, PyObject *object, PyObject *key) {
    PyObject *weak = make_weak(notes, object, key);
    PyObject *list = weak ? PyList_New(TSKL_NOTE_COUNT) : NULL;
    if (!list) {
        Py_XDECREF(weak);
        return NULL;
    }
    PyList_SetItem(list, TSKL_NOTE_OBJECT, weak);
    for (Py_ssize_t i = TSKL_NOTE_OBJECT + 1; i < TSKL_NOTE_COUNT; i++) {
        Py_INCREF(Py_None);
        PyList_SetItem(list, i, Py_None);
    }
    int failed = PyDict_SetItem(notes, key, list);
    Py_DECREF(list);
    return failed ? NULL : list;
}

// Keys and values are ours, so that none of this runs code of the program's.
PyObject *tskl_note_get(PyObject *notes, PyObject *object, tskl_note which) {
    PyObject *key = PyLong_FromVoidPtr(object);
    PyObject *list = key ? PyDict_GetItemWithError(notes, key) : NULL;
    PyObject *value = list ? PyList_GetItem(list, which) : NULL;
    if (value == Py_None) value = NULL;
    Py_XINCREF(value);
    Py_XDECREF(key);
    PyErr_Clear();
    return value;
}

void tskl_note_set(PyObject *notes, PyObject *object, tskl_note which, PyObject *value) {
    PyObject *key = PyLong_FromVoidPtr(object);
    PyObject *list = key ? PyDict_GetItemWithError(notes, key) : NULL;
    if (key && !list && value) list = make_list(notes, object, key);
    Py_XDECREF(key);
    PyErr_Clear();
    if (!list) return;
    if (!value) value = Py_None;
    // What stood there goes last, and may run anything.
    Py_INCREF(list);
    Py_INCREF(value);
    PyList_SetItem(list, which, value);
    Py_DECREF(list);
}
