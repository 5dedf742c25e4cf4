// ending: in C, so that no frame of ours stands in a trace of theirs, where they fail.
// SPDX-License-Identifier: Apache-2.0
#include "ending.h"

#include "builtin.h"
#include "shared.h"
#include <string.h>

/** The arguments to go on with, a new reference. */
static PyObject *asked_before(PyObject *self, PyObject *args, PyObject *kwargs) {
    PyObject *before = tskl_builtin_before(self), *others = NULL;
    if (before && before != Py_None) others = PyObject_Call(before, args, kwargs);
    PyErr_Clear();
    Py_XDECREF(before);
    if (others && PyTuple_Check(others)) return others;
    Py_XDECREF(others);
    Py_INCREF(args);
    return args;
}

static void told_after(PyObject *self) {
    PyObject *type, *value, *trace, *answer = NULL;
    PyErr_Fetch(&type, &value, &trace);
    PyObject *after = tskl_builtin_after(self);
    if (after && after != Py_None) answer = PyObject_CallObject(after, NULL);
    PyErr_Restore(type, value, trace);
    Py_XDECREF(answer);
    Py_XDECREF(after);
}

static PyObject *go_on(PyObject *self, PyObject *args, PyObject *kwargs, bool is_end) {
    PyObject *original = tskl_builtin_original(self), *answer = NULL;
    PyObject *others = asked_before(self, args, kwargs);
    tskl_shared_last_flush(is_end);
    if (original)
        answer = PyObject_Call(original, others, others == args ? kwargs : NULL);
    else
        PyErr_SetString(PyExc_RuntimeError, "the interpreter is ending");
    told_after(self);
    Py_DECREF(others);
    Py_XDECREF(original);
    return answer;
}

static PyObject *end(PyObject *self, PyObject *args, PyObject *kwargs) {
    return go_on(self, args, kwargs, true);
}

// It may fail, and often does: a program is looked for in one folder after the other.
static PyObject *become(PyObject *self, PyObject *args, PyObject *kwargs) {
    return go_on(self, args, kwargs, false);
}

#define WITH_NAMES(function) (PyCFunction)(void (*)(void))(function)

static PyMethodDef endings[] = {
    {"_exit", WITH_NAMES(end), METH_VARARGS | METH_KEYWORDS, NULL},
    {"abort", WITH_NAMES(end), METH_VARARGS | METH_KEYWORDS, NULL},
    {"execv", WITH_NAMES(become), METH_VARARGS | METH_KEYWORDS, NULL},
    {"execve", WITH_NAMES(become), METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

PyObject *tskl_before_end(PyObject *self, PyObject *args) {
    (void)self;
    const char *name;
    PyObject *at[3], *function = NULL;
    if (PyArg_ParseTuple(args, "sOOO", &name, &at[0], &at[1], &at[2])) {
        PyMethodDef *method = endings;
        while (method->ml_name && strcmp(method->ml_name, name)) method++;
        if (method->ml_name) function = tskl_builtin_new(method, at[0], at[1], at[2]);
    }
    PyErr_Clear();
    if (function) return function;
    Py_RETURN_NONE;
}
