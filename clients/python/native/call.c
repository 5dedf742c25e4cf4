// call: what is told of a call. Its methods may be called in any order and number: what does not
// fit does nothing, and none of them raises. SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include "values.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct tskl_call tskl_call;

struct tskl_call {
    PyObject ob_base;           // as PyObject_HEAD has it
    tskl_call *next, *previous; // of those that are under way, in a ring
    tskl_exchange *exchange;    // NULL once it is over
    unsigned wants;
    bool bodiless;    // HEAD is answered without a body
    size_t head_left; // of the bytes that are sent, how many are no body
    tskl_framing up, down;
    char code[64], message[512]; // why it will have failed if no response comes
};

// Guarded by the interpreter's lock.
static tskl_call *under_way;

static tskl_call *call_of(PyObject *self) {
    return (tskl_call *)self;
}

static tskl_slice slice_of(const char *text) {
    return (tskl_slice){text, strlen(text)};
}

static void enter_ring(tskl_call *call) {
    tskl_call *last = under_way ? under_way->previous : call;
    call->next = under_way ? under_way : call;
    call->previous = last;
    last->next = call->next->previous = call;
    under_way = call;
}

static void leave_ring(tskl_call *call) {
    call->next->previous = call->previous;
    call->previous->next = call->next;
    if (under_way == call) under_way = call->next == call ? NULL : call->next;
}

static void end(tskl_call *call, tskl_ending how, tskl_slice code, tskl_slice message) {
    tskl_exchange *exchange = call->exchange;
    if (!exchange) return;
    leave_ring(call);
    call->exchange = NULL;
    tskl_exchange_end_take(exchange, 0, how, code, message);
}

static void end_plainly(tskl_call *call, tskl_ending how) {
    end(call, how, (tskl_slice){0}, (tskl_slice){0});
}

/** The application wants no more of it. */
static void give_up(tskl_call *call) {
    if (call->down.complete)
        end_plainly(call, TSKL_DONE);
    else if (call->code[0])
        end(call, TSKL_FAILED, slice_of(call->code), slice_of(call->message));
    else
        end_plainly(call, TSKL_ABORTED);
}

void tskl_calls_give_up(void) {
    while (under_way) give_up(under_way);
}

typedef void (*tell_fn)(tskl_exchange *exchange, int64_t time_us, tskl_slice part);

static void tell(tskl_call *call, tskl_framing *framing, tskl_slice data, bool wanted,
                 tell_fn told) {
    tskl_slice part;
    while (tskl_framing_take(framing, &data, &part))
        told(call->exchange, 0, wanted ? part : (tskl_slice){NULL, part.len});
}

/** A size in place of bytes: of a body that is not wanted, where taking the bytes costs. */
static bool tell_size(tskl_call *call, tskl_framing *framing, PyObject *value, tell_fn told) {
    if (!PyLong_Check(value)) return false;
    size_t size = PyLong_AsSize_t(value);
    if (PyErr_Occurred()) {
        PyErr_Clear();
    } else {
        tskl_framing_count(framing, size);
        told(call->exchange, 0, (tskl_slice){NULL, size});
    }
    return true;
}

/** sent(part): of the request as it goes out, its head first if the call was begun from one. */
static PyObject *call_sent(PyObject *self, PyObject *value) {
    tskl_call *call = call_of(self);
    tskl_held held;
    if (!call->exchange || tell_size(call, &call->up, value, tskl_exchange_sent)) Py_RETURN_NONE;
    if (tskl_held_read(value, &held)) {
        size_t head = call->head_left < held.slice.len ? call->head_left : held.slice.len;
        call->head_left -= head;
        tskl_slice body = {held.slice.ptr + head, held.slice.len - head};
        tell(call, &call->up, body, call->wants & TSKL_WANT_REQUEST_BODY, tskl_exchange_sent);
    }
    tskl_held_release(&held);
    Py_RETURN_NONE;
}

/** response(status, pairs, raw): True when a body follows. */
static PyObject *call_response(PyObject *self, PyObject *args) {
    tskl_call *call = call_of(self);
    int status, raw;
    PyObject *pairs;
    tskl_lines lines;
    if (!PyArg_ParseTuple(args, "iOp", &status, &pairs, &raw)) {
        PyErr_Clear();
        Py_RETURN_FALSE;
    }
    if (!call->exchange) Py_RETURN_FALSE;
    if (!tskl_lines_read(pairs, &lines)) lines.len = 0;
    tskl_slice headers = {lines.ptr, lines.len};
    tskl_exchange_response(call->exchange, 0, status, headers);
    call->down = tskl_framing_of_response(status, headers, raw, call->bodiless);
    call->code[0] = 0; // whatever went wrong with the request, there is an answer
    free(lines.ptr);
    if (call->down.complete) end_plainly(call, TSKL_DONE);
    return PyBool_FromLong(call->exchange != NULL);
}

/** received(part): of the response's body, as it came. */
static PyObject *call_received(PyObject *self, PyObject *value) {
    tskl_call *call = call_of(self);
    tskl_held held;
    if (!call->exchange) Py_RETURN_NONE;
    if (!tell_size(call, &call->down, value, tskl_exchange_received)) {
        if (tskl_held_read(value, &held))
            tell(call, &call->down, held.slice, call->wants & TSKL_WANT_RESPONSE_BODY,
                 tskl_exchange_received);
        tskl_held_release(&held);
    }
    if (call->down.complete) end_plainly(call, TSKL_DONE);
    Py_RETURN_NONE;
}

/** eof(): nothing more comes. */
static PyObject *call_eof(PyObject *self, PyObject *none) {
    (void)none;
    tskl_call *call = call_of(self);
    bool whole = call->down.complete || call->down.kind == TSKL_FRAMING_NONE;
    if (whole)
        end_plainly(call, TSKL_DONE);
    else
        end(call, TSKL_FAILED, slice_of("ECONNRESET"),
            slice_of("the connection ended before the body did"));
    Py_RETURN_NONE;
}

/** close(): the application wants no more. */
static PyObject *call_close(PyObject *self, PyObject *none) {
    (void)none;
    give_up(call_of(self));
    Py_RETURN_NONE;
}

static void copy_text(char *to, size_t size, tskl_slice text) {
    snprintf(to, size, "%.*s", text.len < size ? (int)text.len : (int)size - 1,
             text.len ? text.ptr : "");
}

/** fail(code, message, now): without `now` an answer may still come. An empty code: given up. */
static PyObject *call_fail(PyObject *self, PyObject *args) {
    tskl_call *call = call_of(self);
    PyObject *code, *message;
    int now;
    tskl_held held = {0};
    if (PyArg_ParseTuple(args, "OOp", &code, &message, &now)) {
        if (tskl_held_read_utf8(code, &held)) copy_text(call->code, sizeof call->code, held.slice);
        tskl_held_release(&held);
        if (tskl_held_read_utf8(message, &held))
            copy_text(call->message, sizeof call->message, held.slice);
        tskl_held_release(&held);
        if (now) give_up(call);
    }
    PyErr_Clear();
    Py_RETURN_NONE;
}

static PyObject *call_is_over(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(call_of(self)->exchange == NULL);
}

static void call_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    give_up(call_of(self));
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"sent", call_sent, METH_O, NULL},
    {"response", call_response, METH_VARARGS, NULL},
    {"received", call_received, METH_O, NULL},
    {"eof", call_eof, METH_NOARGS, NULL},
    {"close", call_close, METH_NOARGS, NULL},
    {"fail", call_fail, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"over", call_is_over, NULL, NULL, NULL},
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

PyObject *tskl_call_new(PyObject *type, tskl_exchange *exchange, unsigned wants,
                        const tskl_request *request, size_t head_length) {
    if (!exchange) Py_RETURN_NONE;
    // Every member is zero but those of the object itself.
    PyObject *self = PyType_GenericAlloc((PyTypeObject *)type, 0);
    if (!self) {
        tskl_exchange_end_take(exchange, 0, TSKL_ABORTED, (tskl_slice){0}, (tskl_slice){0});
        return NULL;
    }
    tskl_call *call = call_of(self);
    tskl_slice method = request->method;
    call->exchange = exchange;
    enter_ring(call);
    call->wants = wants;
    call->bodiless = method.len == 4 && !memcmp(method.ptr, "HEAD", 4);
    call->head_left = head_length;
    if (head_length > 0 && tskl_framing_is_chunked(request->headers))
        call->up.kind = TSKL_FRAMING_CHUNKED;
    return self;
}
