// module: what the Python side may call. Nothing here raises: what goes wrong comes back as text,
// or leaves a call unobserved.
// SPDX-License-Identifier: Apache-2.0
#include "module.h"

#include "call.h"
#include "ending.h"
#include "fork.h"
#include "http.h"
#include "reader.h"
#include "shared.h"
#include "values.h"
#include <time.h>

PyObject *tskl_module_registry(void) {
    PyObject *interpreter = PyInterpreterState_GetDict(PyInterpreterState_Get());
    PyObject *registry = interpreter ? PyDict_GetItemString(interpreter, "taskless") : NULL;
    if (registry || !interpreter) return registry;
    registry = PyDict_New();
    if (registry && PyDict_SetItemString(interpreter, "taskless", registry) < 0) Py_CLEAR(registry);
    Py_XDECREF(registry); // the interpreter's dict has it
    PyErr_Clear();
    return registry;
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

/** keep(owner, call): the owner is at it from now on. */
static PyObject *keep(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count == 2) tskl_note_set(module->notes, args[0], TSKL_NOTE_CALL, args[1]);
    Py_RETURN_NONE;
}

/** kept(owner): the call that it is at, or None. */
static PyObject *kept(PyObject *self, PyObject *owner) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *call = tskl_note_get(module->notes, owner, TSKL_NOTE_CALL);
    if (call) return call;
    Py_RETURN_NONE;
}

/** now(): microseconds since the epoch. Tests set Python's own clocks to other times, and back. */
static PyObject *now(PyObject *self, PyObject *none) {
    enum { MICROSECONDS = 1000000, NANOSECONDS_EACH = 1000 };
    struct timespec at;
    (void)self;
    (void)none;
    clock_gettime(CLOCK_REALTIME, &at);
    return PyLong_FromLongLong((long long)at.tv_sec * MICROSECONDS + at.tv_nsec / NANOSECONDS_EACH);
}

/** started(owner, time_us): what it does next began then. */
static PyObject *started(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count == 2) tskl_note_set(module->notes, args[0], TSKL_NOTE_STARTED, args[1]);
    Py_RETURN_NONE;
}

/** take_started(owner): when that was, once; then None. */
static PyObject *take_started(PyObject *self, PyObject *owner) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *time_us = tskl_note_get(module->notes, owner, TSKL_NOTE_STARTED);
    if (!time_us) Py_RETURN_NONE;
    tskl_note_set(module->notes, owner, TSKL_NOTE_STARTED, NULL);
    return time_us;
}

/** warn(line): says it where the library's own messages go, without ever waiting. */
static PyObject *warn(PyObject *self, PyObject *line) {
    tskl_held held;
    (void)self;
    if (tskl_held_read_utf8(line, &held)) tskl_warn(held.slice);
    tskl_held_release(&held);
    Py_RETURN_NONE;
}

/** registry(): see module.h; a dict that is thrown away where there is none. */
static PyObject *registry(PyObject *self, PyObject *none) {
    PyObject *known = tskl_module_registry();
    (void)self;
    (void)none;
    if (!known) return PyDict_New();
    Py_INCREF(known);
    return known;
}

// What is called most often takes its arguments without a tuple; the table has one type for all.
#define FAST(function) (PyCFunction)(void (*)(void))(function)

static PyMethodDef functions[] = {
    {"open", tskl_shared_open, METH_VARARGS, NULL},
    {"close", tskl_shared_close, METH_VARARGS, NULL},
    {"flush", tskl_shared_flush, METH_VARARGS, NULL},
    {"add", tskl_shared_add, METH_VARARGS, NULL},
    {"connected", tskl_shared_connected, METH_NOARGS, NULL},
    {"around_fork", tskl_around_fork, METH_VARARGS, NULL},
    {"before_end", tskl_before_end, METH_VARARGS, NULL},
    {"registry", registry, METH_NOARGS, NULL},
    {"warn", warn, METH_O, NULL},
    {"now", now, METH_NOARGS, NULL},
    {"started", FAST(started), METH_FASTCALL, NULL},
    {"take_started", take_started, METH_O, NULL},
    {"begin", begin, METH_VARARGS, NULL},
    {"expect", expect, METH_VARARGS, NULL},
    {"keep", FAST(keep), METH_FASTCALL, NULL},
    {"kept", kept, METH_O, NULL},
    {"asked", FAST(tskl_http_asked), METH_FASTCALL, NULL},
    {"sending", FAST(tskl_http_sending), METH_FASTCALL, NULL},
    {"sent", FAST(tskl_http_sent), METH_FASTCALL, NULL},
    {"is_asked", tskl_http_is_asked, METH_O, NULL},
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
    module->notes = PyDict_New();
    if (!module->buffered_reader || !module->call_type || !module->reader_type) return -1;
    if (!module->notes) return -1;
    if (!fill_names(&module->names)) return -1;
    return PyModule_AddStringConstant(self, "version", tskl_version());
}

static int traverse(PyObject *self, visitproc visit, void *arg) {
    const tskl_module *module = PyModule_GetState(self);
    Py_VISIT(module->call_type);
    Py_VISIT(module->reader_type);
    Py_VISIT(module->buffered_reader);
    Py_VISIT(module->notes);
    return 0;
}

static int clear(PyObject *self) {
    tskl_module *module = PyModule_GetState(self);
    Py_CLEAR(module->call_type);
    Py_CLEAR(module->reader_type);
    Py_CLEAR(module->buffered_reader);
    Py_CLEAR(module->notes);
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
