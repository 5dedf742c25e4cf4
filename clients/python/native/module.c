// module: what the Python side may call. Nothing here raises: what goes wrong comes back as text,
// or leaves a call unobserved. SPDX-License-Identifier: Apache-2.0
#include "module.h"

#include "call.h"
#include "fork.h"
#include "http.h"
#include "reader.h"
#include "shared.h"

PyObject *tskl_module_members(const tskl_module *module, PyObject *object) {
    PyObject *members = PyObject_GetAttr(object, module->dict);
    if (!members || PyDict_Check(members)) {
        PyErr_Clear();
        return members;
    }
    Py_DECREF(members);
    return NULL;
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

/** keep(owner, call): the owner holds it from now on, until None is kept in its place. */
static PyObject *keep(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *owner, *call, *members = NULL;
    if (PyArg_ParseTuple(args, "OO", &owner, &call)) members = tskl_module_members(module, owner);
    if (members) (void)PyDict_SetItem(members, module->call, call);
    Py_XDECREF(members);
    PyErr_Clear();
    Py_RETURN_NONE;
}

/** kept(owner): the call that it holds, or None. */
static PyObject *kept(PyObject *self, PyObject *owner) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *members = tskl_module_members(module, owner);
    PyObject *call = members ? PyDict_GetItemWithError(members, module->call) : NULL;
    Py_XINCREF(call);
    Py_XDECREF(members);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"open", tskl_shared_open, METH_VARARGS, NULL},
    {"close", tskl_shared_close, METH_VARARGS, NULL},
    {"flush", tskl_shared_flush, METH_VARARGS, NULL},
    {"add", tskl_shared_add, METH_VARARGS, NULL},
    {"around_fork", tskl_around_fork, METH_VARARGS, NULL},
    {"begin", begin, METH_VARARGS, NULL},
    {"expect", expect, METH_VARARGS, NULL},
    {"keep", keep, METH_VARARGS, NULL},
    {"kept", kept, METH_O, NULL},
    {"asked", tskl_http_asked, METH_VARARGS, NULL},
    {"sending", tskl_http_sending, METH_VARARGS, NULL},
    {"sent", tskl_http_sent, METH_VARARGS, NULL},
    {"take", tskl_http_take, METH_O, NULL},
    {"answered", tskl_http_answered, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static bool fill_names(tskl_module *module) {
    module->call = PyUnicode_InternFromString("_taskless_call");
    module->method = PyUnicode_InternFromString("_taskless_method");
    module->dict = PyUnicode_InternFromString("__dict__");
    return module->call && module->method && module->dict;
}

static int fill(PyObject *self) {
    tskl_module *module = PyModule_GetState(self);
    PyObject *io = PyImport_ImportModule("_io");
    module->buffered_reader = io ? PyObject_GetAttrString(io, "BufferedReader") : NULL;
    Py_XDECREF(io);
    module->call_type = tskl_call_type_new();
    module->reader_type = tskl_reader_type_new();
    if (!module->buffered_reader || !module->call_type || !module->reader_type) return -1;
    if (!fill_names(module)) return -1;
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
    Py_CLEAR(module->call);
    Py_CLEAR(module->method);
    Py_CLEAR(module->dict);
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
