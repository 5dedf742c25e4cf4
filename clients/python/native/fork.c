// SPDX-License-Identifier: Apache-2.0
#include "fork.h"

static void call_quietly(PyObject *function) {
    PyObject *answer = PyObject_CallObject(function, NULL);
    if (!answer) PyErr_Clear();
    Py_XDECREF(answer);
}

// Python says where it was called from, so no frame of ours may stand between.
static PyObject *fork_between(PyObject *three, PyObject *none) {
    (void)none;
    PyObject *type, *value, *trace;
    call_quietly(PyTuple_GetItem(three, 1));
    PyObject *answer = PyObject_CallObject(PyTuple_GetItem(three, 0), NULL);
    PyErr_Fetch(&type, &value, &trace);
    call_quietly(PyTuple_GetItem(three, 2));
    PyErr_Restore(type, value, trace);
    return answer;
}

static PyMethodDef forks[] = {
    {"fork", fork_between, METH_NOARGS, NULL},
    {"forkpty", fork_between, METH_NOARGS, NULL},
};

PyObject *tskl_around_fork(PyObject *self, PyObject *args) {
    (void)self;
    unsigned index;
    PyObject *at[3], *function = NULL;
    if (PyArg_ParseTuple(args, "IOOO", &index, &at[0], &at[1], &at[2]) && index < 2) {
        PyObject *three = PyTuple_Pack(3, at[0], at[1], at[2]);
        if (three) function = PyCFunction_New(&forks[index], three);
        Py_XDECREF(three);
    }
    PyErr_Clear();
    if (function) return function;
    Py_RETURN_NONE;
}
