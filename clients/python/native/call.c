// call: what is told of a call. Its methods may be called in any order and number: what does not
// fit does nothing, and none of them raises.
// SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include "module.h"
#include "shared.h"
#include "values.h"
#include "wire.h"
#include <stdlib.h>

typedef struct tskl_call {
    PyObject ob_base; // as PyObject_HEAD has it
    PyObject *origin; // NULL once it has begun, or never will
    int64_t began_us;
    tskl_wire wire;
    bool decoding;    // what is received now was told before it was decoded
    PyObject *early;  // a list of what came of the body before the head of the response
    bool ended_early; // nor comes anything more
} tskl_call;

static tskl_call *call_of(PyObject *self) {
    return (tskl_call *)self;
}

static tskl_wire *wire_of(PyObject *self) {
    return &call_of(self)->wire;
}

// A buffer, or what is iterated over, may run code of the program's when it is read, and that may
// end this very call or begin it: its origin is held, and counts only if it is still there.
static bool is_still_to_begin(const tskl_call *call, const PyObject *origin) {
    return call->origin == origin;
}

static void begin_by_held(tskl_call *call, tskl_slice origin, tskl_slice head) {
    tskl_sent_request sent;
    if (!tskl_sent_request_read(origin, head, &sent)) return;
    sent.request.time_us = call->began_us;
    tskl_wire_begin_sent(&call->wire, tskl_shared_observer(), &sent);
    free(sent.url);
}

void tskl_call_begin_by_head(PyObject *self, PyObject *head) {
    tskl_call *call = call_of(self);
    PyObject *origin = call->origin;
    tskl_held held_origin = {0}, data = {0};
    if (!origin) return;
    Py_INCREF(origin);
    bool read = tskl_held_read(origin, &held_origin) && tskl_held_read(head, &data);
    if (is_still_to_begin(call, origin)) {
        if (read) begin_by_held(call, held_origin.slice, data.slice);
        Py_CLEAR(call->origin);
    }
    tskl_held_release(&held_origin);
    tskl_held_release(&data);
    Py_DECREF(origin);
}

void tskl_call_begin(PyObject *self, PyObject *method, PyObject *url, PyObject *pairs) {
    tskl_call *call = call_of(self);
    PyObject *origin = call->origin;
    tskl_held held_method = {0}, held_url = {0};
    tskl_lines lines = {0};
    if (!origin) return;
    Py_INCREF(origin);
    bool read = tskl_held_read(method, &held_method) && tskl_held_read_utf8(url, &held_url) &&
                tskl_lines_read(pairs, &lines);
    if (is_still_to_begin(call, origin)) {
        tskl_request request = {.size = sizeof request,
                                .time_us = call->began_us,
                                .method = held_method.slice,
                                .url = held_url.slice,
                                .headers = tskl_lines_slice(&lines)};
        if (read) tskl_wire_begin(&call->wire, tskl_shared_observer(), &request);
        Py_CLEAR(call->origin);
    }
    free(lines.ptr);
    tskl_held_release(&held_method);
    tskl_held_release(&held_url);
    Py_DECREF(origin);
}

void tskl_call_sent(PyObject *self, PyObject *part) {
    tskl_held held;
    tskl_call_begin_by_head(self, part);
    if (tskl_call_is_over(self)) return;
    if (tskl_held_read(part, &held)) tskl_wire_sent(wire_of(self), held.slice);
    tskl_held_release(&held);
}

static void keep_early(tskl_call *call, PyObject *part) {
    tskl_held held;
    PyObject *bytes = NULL; // a copy: what is in a buffer may change
    if (tskl_held_read(part, &held))
        bytes = PyBytes_FromStringAndSize(held.slice.ptr, (Py_ssize_t)held.slice.len);
    tskl_held_release(&held);
    if (!call->early) call->early = PyList_New(0);
    if (bytes && call->early) (void)PyList_Append(call->early, bytes);
    Py_XDECREF(bytes);
    PyErr_Clear();
}

void tskl_call_received(PyObject *self, tskl_slice part) {
    tskl_wire_received(wire_of(self), part);
}

static void received(PyObject *self, PyObject *part) {
    tskl_held held;
    if (tskl_held_read(part, &held)) tskl_call_received(self, held.slice);
    tskl_held_release(&held);
}

static void tell_early(PyObject *self) {
    tskl_call *call = call_of(self);
    PyObject *early = call->early;
    call->early = NULL;
    for (Py_ssize_t i = 0; early && i < PyList_Size(early); i++)
        received(self, PyList_GetItem(early, i));
    Py_XDECREF(early);
    if (call->ended_early) tskl_call_eof(self);
}

bool tskl_call_response(PyObject *self, int status, PyObject *pairs, bool raw) {
    tskl_lines lines;
    if (tskl_call_is_over(self)) return false;
    if (!tskl_lines_read(pairs, &lines)) lines.len = 0;
    tskl_wire_response(wire_of(self), status, tskl_lines_slice(&lines), raw);
    free(lines.ptr);
    tell_early(self);
    return wire_of(self)->exchange != NULL;
}

void tskl_call_eof(PyObject *self) {
    if (wire_of(self)->answered)
        tskl_wire_eof(wire_of(self));
    else
        call_of(self)->ended_early = true;
}

void tskl_call_close(PyObject *self) {
    Py_CLEAR(call_of(self)->origin);
    tskl_wire_give_up(wire_of(self));
}

bool tskl_call_is_over(PyObject *self) {
    return !wire_of(self)->exchange && !call_of(self)->origin;
}

// What the exception says of the ending is for Python to tell: no names of classes in here.
static bool fail_in_words(PyObject *call, PyObject *error) {
    PyObject *registry = tskl_module_registry();
    PyObject *fail = registry ? PyDict_GetItemString(registry, "fail") : NULL;
    Py_XINCREF(fail);
    PyObject *told = fail ? PyObject_CallFunctionObjArgs(fail, call, error, NULL) : NULL;
    Py_XDECREF(fail);
    Py_XDECREF(told);
    return told != NULL;
}

void tskl_call_fail(PyObject *self) {
    PyObject *type, *value, *trace;
    if (tskl_call_is_over(self)) return;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    if (!value || !fail_in_words(self, value)) {
        PyErr_Clear();
        tskl_call_close(self);
    }
    PyErr_Restore(type, value, trace);
}

/** sent(part): of the request as it goes out, its head first if it is to begin with that. */
static PyObject *method_sent(PyObject *self, PyObject *part) {
    tskl_call_sent(self, part);
    Py_RETURN_NONE;
}

/** begin(method, url, pairs): where nothing has been sent. */
static PyObject *method_begin(PyObject *self, PyObject *args) {
    PyObject *method, *url, *pairs;
    if (PyArg_ParseTuple(args, "OOO", &method, &url, &pairs))
        tskl_call_begin(self, method, url, pairs);
    PyErr_Clear();
    Py_RETURN_NONE;
}

/** response(status, pairs): True when a body follows. */
static PyObject *method_response(PyObject *self, PyObject *args) {
    int status;
    PyObject *pairs;
    bool follows = PyArg_ParseTuple(args, "iO", &status, &pairs) &&
                   tskl_call_response(self, status, pairs, false);
    PyErr_Clear();
    return PyBool_FromLong(follows);
}

/** received(part): of the response's body, as it came; before the response it is kept for then. */
static PyObject *method_received(PyObject *self, PyObject *part) {
    tskl_call *call = call_of(self);
    if (!call->wire.exchange || call->decoding) Py_RETURN_NONE;
    if (call->wire.answered)
        received(self, part);
    else
        keep_early(call, part);
    Py_RETURN_NONE;
}

/** eof(): nothing more comes. */
static PyObject *method_eof(PyObject *self, PyObject *none) {
    (void)none;
    tskl_call_eof(self);
    Py_RETURN_NONE;
}

/** close(): the application wants no more. */
static PyObject *method_close(PyObject *self, PyObject *none) {
    (void)none;
    tskl_call_close(self);
    Py_RETURN_NONE;
}

/** fail(code, message, now): without `now` an answer may still come. An empty code: given up. */
static PyObject *method_fail(PyObject *self, PyObject *args) {
    tskl_held held_code = {0}, held_message = {0};
    PyObject *code, *message;
    int now;
    if (PyArg_ParseTuple(args, "OOp", &code, &message, &now)) {
        (void)tskl_held_read_utf8(code, &held_code);
        (void)tskl_held_read_utf8(message, &held_message);
        tskl_wire_fail(wire_of(self), held_code.slice, held_message.slice);
        if (now) tskl_call_close(self);
    }
    tskl_held_release(&held_code);
    tskl_held_release(&held_message);
    PyErr_Clear();
    Py_RETURN_NONE;
}

static PyObject *is_over(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(tskl_call_is_over(self));
}

static PyObject *is_answered(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(wire_of(self)->answered);
}

static PyObject *is_unsent(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(call_of(self)->origin != NULL);
}

static PyObject *is_decoding(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(call_of(self)->decoding);
}

static int set_decoding(PyObject *self, PyObject *value, void *unused) {
    (void)unused;
    call_of(self)->decoding = value == Py_True;
    return 0;
}

static void call_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    tskl_call_close(self);
    Py_CLEAR(call_of(self)->early);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"begin", method_begin, METH_VARARGS, NULL},
    {"sent", method_sent, METH_O, NULL},
    {"response", method_response, METH_VARARGS, NULL},
    {"received", method_received, METH_O, NULL},
    {"eof", method_eof, METH_NOARGS, NULL},
    {"close", method_close, METH_NOARGS, NULL},
    {"fail", method_fail, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"over", is_over, NULL, NULL, NULL},     {"answered", is_answered, NULL, NULL, NULL},
    {"unsent", is_unsent, NULL, NULL, NULL}, {"decoding", is_decoding, set_decoding, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyObject *tskl_call_type_new(void) {
    PyType_Slot slots[] = {
        {Py_tp_methods, methods},
        {Py_tp_getset, attributes},
        {Py_tp_dealloc, (void *)call_dealloc},
        {0, NULL},
    };
    PyType_Spec spec = {.name = "_taskless.Call",
                        .basicsize = sizeof(tskl_call),
                        .flags = Py_TPFLAGS_DEFAULT,
                        .slots = slots};
    return PyType_FromSpec(&spec);
}

PyObject *tskl_call_new(PyObject *type, PyObject *origin, int64_t time_us) {
    // Every member is zero but those of the object itself.
    PyObject *self = PyType_GenericAlloc((PyTypeObject *)type, 0);
    if (!self) return NULL;
    Py_INCREF(origin);
    call_of(self)->origin = origin;
    call_of(self)->began_us = time_us;
    return self;
}
