// module: what the Python side may call. Nothing here raises: what goes wrong comes back as text,
// or leaves a call unobserved. SPDX-License-Identifier: Apache-2.0
#include "module.h"

#include "call.h"
#include "fork.h"
#include "http.h"
#include "reader.h"
#include "shared.h"

PyObject *tskl_module_held(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GenericGetAttr(object, name);
    if (!value) PyErr_Clear();
    if (value == Py_None) Py_CLEAR(value);
    return value;
}

void tskl_module_hold(PyObject *object, PyObject *name, PyObject *value) {
    if (PyObject_GenericSetAttr(object, name, value ? value : Py_None) < 0) PyErr_Clear();
}

/** begin(method, url, pairs): a call, or None when it is not to be observed. */
static PyObject *begin(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *method, *url, *pairs, *call = NULL;
    if (PyArg_ParseTuple(args, "OOO", &method, &url, &pairs))
        call = tskl_call_new(module->call_type, Py_None, 0);
    if (call) tskl_call_begin(call, method, url, pairs);
    if (call && tskl_call_is_over(call)) Py_CLEAR(call);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

/** expect(origin, time_us): a call that began then, and is told by the first bytes that are sent.
 */
static PyObject *expect(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *origin, *call = NULL;
    long long time_us;
    if (PyArg_ParseTuple(args, "OL", &origin, &time_us))
        call = tskl_call_new(module->call_type, origin, time_us);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

/** keep(owner, call): the owner holds it from now on. */
static PyObject *keep(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count == 2) tskl_module_hold(args[0], module->names.call, args[1]);
    Py_RETURN_NONE;
}

/** kept(owner): the call that it holds, or None. */
static PyObject *kept(PyObject *self, PyObject *owner) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *call = tskl_module_held(owner, module->names.call);
    if (call) return call;
    Py_RETURN_NONE;
}

// What is called most often takes its arguments without a tuple; the table has one type for all.
#define FAST(function) (PyCFunction)(void (*)(void))(function)

static PyMethodDef functions[] = {
    {"open", tskl_shared_open, METH_VARARGS, NULL},
    {"close", tskl_shared_close, METH_VARARGS, NULL},
    {"flush", tskl_shared_flush, METH_VARARGS, NULL},
    {"add", tskl_shared_add, METH_VARARGS, NULL},
    {"around_fork", tskl_around_fork, METH_VARARGS, NULL},
    {"begin", begin, METH_VARARGS, NULL},
    {"expect", expect, METH_VARARGS, NULL},
    {"keep", FAST(keep), METH_FASTCALL, NULL},
    {"kept", kept, METH_O, NULL},
    {"asked", FAST(tskl_http_asked), METH_FASTCALL, NULL},
    {"sending", FAST(tskl_http_sending), METH_FASTCALL, NULL},
    {"sent", FAST(tskl_http_sent), METH_FASTCALL, NULL},
    {"take", tskl_http_take, METH_O, NULL},
    {"answered", FAST(tskl_http_answered), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static bool fill_names(tskl_names *names) {
#define MAKE(member, text)                                                                         \
    names->member = PyUnicode_InternFromString(text);                                              \
    if (!names->member) return false;
    TSKL_NAMES(MAKE)
#undef MAKE
    return true;
}

static int fill(PyObject *self) {
    tskl_module *module = PyModule_GetState(self);
    PyObject *io = PyImport_ImportModule("_io");
    module->buffered_reader = io ? PyObject_GetAttrString(io, "BufferedReader") : NULL;
    Py_XDECREF(io);
    module->call_type = tskl_call_type_new();
    module->reader_type = tskl_reader_type_new();
    if (!module->buffered_reader || !module->call_type || !module->reader_type) return -1;
    if (!fill_names(&module->names)) return -1;
    return PyModule_AddStringConstant(self, "version", tskl_version());
}

static int traverse(PyObject *self, visitproc visit, void *arg) {
    const tskl_module *module = PyModule_GetState(self);
    Py_VISIT(module->call_type);
    Py_VISIT(module->reader_type);
    Py_VISIT(module->buffered_reader);
    return 0;
}

static int clear(PyObject *self) {
    tskl_module *module = PyModule_GetState(self);
    Py_CLEAR(module->call_type);
    Py_CLEAR(module->reader_type);
    Py_CLEAR(module->buffered_reader);
#define CLEAR(member, text) Py_CLEAR(module->names.member);
    TSKL_NAMES(CLEAR)
#undef CLEAR
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)fill}, {0, NULL}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,  .m_name = "_taskless", .m_size = sizeof(tskl_module),
    .m_methods = functions, .m_slots = slots,      .m_traverse = traverse,
    .m_clear = clear,
};

PyMODINIT_FUNC PyInit__taskless(void) {
    return PyModuleDef_Init(&definition);
}
