// SPDX-License-Identifier: Apache-2.0
#include "fork.h"

#include "builtin.h"

static void call_quietly(PyObject *function) {
    PyObject *answer = function ? PyObject_CallObject(function, NULL) : NULL;
    if (!answer) PyErr_Clear();
    Py_XDECREF(answer);
    Py_XDECREF(function);
}

// Python says where it was called from, so no frame of ours may stand between.
static PyObject *fork_between(PyObject *self, PyObject *none) {
    (void)none;
    PyObject *type, *value, *trace, *original = tskl_builtin_original(self), *answer = NULL;
    call_quietly(tskl_builtin_before(self));
    if (original)
        answer = PyObject_CallObject(original, NULL);
    else
        PyErr_SetString(PyExc_RuntimeError, "the interpreter is ending");
    PyErr_Fetch(&type, &value, &trace);
    call_quietly(tskl_builtin_after(self));
    PyErr_Restore(type, value, trace);
    Py_XDECREF(original);
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
    if (PyArg_ParseTuple(args, "IOOO", &index, &at[0], &at[1], &at[2]) && index < 2)
        function = tskl_builtin_new(&forks[index], at[0], at[1], at[2]);
    PyErr_Clear();
    if (function) return function;
    Py_RETURN_NONE;
}
