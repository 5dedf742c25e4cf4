// SPDX-License-Identifier: Apache-2.0
#include "builtin.h"

#include <string.h>

static PyObject *text_of(PyObject *original, const char *name) {
    PyObject *text = PyObject_GetAttrString(original, name);
    if (!text) PyErr_Clear();
    if (text && !PyUnicode_Check(text)) Py_CLEAR(text);
    return text;
}

/** As builtins have it: name and signature, a line, then the text. NULL where there is none. */
static const char *documentation(const char *name, PyObject *original) {
    PyObject *signature = text_of(original, "__text_signature__");
    PyObject *doc = text_of(original, "__doc__"), *whole = NULL;
    if (signature && doc) whole = PyUnicode_FromFormat("%s%U\n--\n\n%U", name, signature, doc);
    const char *utf8 = whole ? PyUnicode_AsUTF8AndSize(whole, NULL) : NULL;
    const char *copy = utf8 ? strdup(utf8) : NULL;
    Py_XDECREF(whole);
    Py_XDECREF(doc);
    Py_XDECREF(signature);
    PyErr_Clear();
    return copy;
}

static int keep(PyObject *self, const char *name, PyObject *value) {
    return value ? PyObject_SetAttrString(self, name, value) : 0;
}

PyObject *tskl_builtin_new(PyMethodDef *method, PyObject *original, PyObject *before,
                           PyObject *after) {
    PyObject *module = text_of(original, "__module__"), *function = NULL;
    // With a module for its self it is pickled by its name, as theirs are.
    PyObject *self = PyModule_New(module ? PyUnicode_AsUTF8AndSize(module, NULL) : "builtins");
    if (!method->ml_doc) method->ml_doc = documentation(method->ml_name, original);
    if (self && keep(self, "original", original) == 0 && keep(self, "before", before) == 0 &&
        keep(self, "after", after) == 0)
        function = PyCFunction_NewEx(method, self, module);
    Py_XDECREF(self);
    Py_XDECREF(module);
    return function;
}

static PyObject *kept(PyObject *self, const char *name) {
    PyObject *value = PyObject_GetAttrString(self, name);
    if (!value) PyErr_Clear();
    return value;
}

PyObject *tskl_builtin_original(PyObject *self) {
    return kept(self, "original");
}

PyObject *tskl_builtin_before(PyObject *self) {
    return kept(self, "before");
}

PyObject *tskl_builtin_after(PyObject *self) {
    return kept(self, "after");
}
