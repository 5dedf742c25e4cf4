// call: what is told of a call. Its methods may be called in any order and number: what does not
// fit does nothing, and none of them raises. SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include "framing.h"
#include "request.h"
#include "shared.h"
#include "values.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct tskl_call tskl_call;

struct tskl_call {
    PyObject ob_base;           // as PyObject_HEAD has it
    tskl_call *next, *previous; // of those that are under way, in a ring
    PyObject *origin;           // NULL once it has begun, or never will
    int64_t began_us;
    tskl_exchange *exchange; // NULL before it begins and once it is over
    unsigned wants;
    bool bodiless;    // HEAD is answered without a body
    size_t head_left; // of the bytes that are sent, how many are no body
    tskl_framing up, down;
    bool answered;               // the head of the answer was told
    bool decoding;               // what is received now was told before it was decoded
    PyObject *early;             // a list of what came of the body before that head
    bool ended_early;            // nor comes anything more
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
    Py_CLEAR(call->early);
    tskl_exchange_end_take(exchange, 0, how, code, message);
}

static void end_plainly(tskl_call *call, tskl_ending how) {
    end(call, how, (tskl_slice){0}, (tskl_slice){0});
}

/** The application wants no more of it. */
static void give_up(tskl_call *call) {
    Py_CLEAR(call->origin);
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

static void begin(tskl_call *call, tskl_request *request) {
    tskl_slice method = request->method;
    Py_CLEAR(call->origin);
    request->time_us = call->began_us;
    call->exchange = tskl_exchange_begin(tskl_shared_observer(), request, &call->wants);
    call->bodiless = method.len == 4 && !memcmp(method.ptr, "HEAD", 4);
    if (call->exchange) enter_ring(call);
}

void tskl_call_begin_by_head(PyObject *self, PyObject *head) {
    tskl_call *call = call_of(self);
    tskl_held origin = {0}, data = {0};
    tskl_sent_request sent;
    if (!call->origin) return;
    if (tskl_held_read(call->origin, &origin) && tskl_held_read(head, &data) &&
        tskl_sent_request_read(origin.slice, data.slice, &sent)) {
        call->head_left = sent.head_length;
        if (tskl_framing_is_chunked(sent.request.headers)) call->up.kind = TSKL_FRAMING_CHUNKED;
        begin(call, &sent.request);
        free(sent.url);
    }
    tskl_held_release(&origin);
    tskl_held_release(&data);
    Py_CLEAR(call->origin);
}

void tskl_call_begin(PyObject *self, PyObject *method, PyObject *url, PyObject *pairs) {
    tskl_call *call = call_of(self);
    tskl_held held_method = {0}, held_url = {0};
    tskl_lines lines = {0};
    if (!call->origin) return;
    if (tskl_held_read(method, &held_method) && tskl_held_read_utf8(url, &held_url) &&
        tskl_lines_read(pairs, &lines)) {
        tskl_request request = {.size = sizeof request,
                                .method = held_method.slice,
                                .url = held_url.slice,
                                .headers = {lines.ptr, lines.len}};
        begin(call, &request);
    }
    free(lines.ptr);
    tskl_held_release(&held_method);
    tskl_held_release(&held_url);
    Py_CLEAR(call->origin);
}

typedef void (*tell_fn)(tskl_exchange *exchange, int64_t time_us, tskl_slice part);

static void tell(tskl_call *call, tskl_framing *framing, tskl_slice data, bool wanted,
                 tell_fn told) {
    tskl_slice part;
    while (tskl_framing_take(framing, &data, &part))
        told(call->exchange, 0, wanted ? part : (tskl_slice){NULL, part.len});
}

static void tell_sent(tskl_call *call, tskl_slice data) {
    size_t head = call->head_left < data.len ? call->head_left : data.len;
    call->head_left -= head;
    tskl_slice body = {data.ptr + head, data.len - head};
    tell(call, &call->up, body, call->wants & TSKL_WANT_REQUEST_BODY, tskl_exchange_sent);
}

void tskl_call_sent(PyObject *self, PyObject *part) {
    tskl_call *call = call_of(self);
    tskl_held held;
    tskl_call_begin_by_head(self, part);
    if (!call->exchange) return;
    if (tskl_held_read(part, &held)) tell_sent(call, held.slice);
    tskl_held_release(&held);
}

static void keep_early(tskl_call *call, PyObject *part) {
    PyObject *bytes = PyBytes_FromObject(part); // its bytes may change, where it is none itself
    if (!call->early) call->early = PyList_New(0);
    if (bytes && call->early) (void)PyList_Append(call->early, bytes);
    Py_XDECREF(bytes);
    PyErr_Clear();
}

void tskl_call_received(PyObject *self, tskl_slice part) {
    tskl_call *call = call_of(self);
    if (!call->exchange) return;
    tell(call, &call->down, part, call->wants & TSKL_WANT_RESPONSE_BODY, tskl_exchange_received);
    if (call->down.complete) end_plainly(call, TSKL_DONE);
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
    tskl_call *call = call_of(self);
    tskl_lines lines;
    if (!call->exchange) return false;
    if (!tskl_lines_read(pairs, &lines)) lines.len = 0;
    tskl_slice headers = {lines.ptr, lines.len};
    tskl_exchange_response(call->exchange, 0, status, headers);
    call->down = tskl_framing_of_response(status, headers, raw, call->bodiless);
    free(lines.ptr);
    call->code[0] = 0; // whatever went wrong with the request, there is an answer
    call->answered = true;
    if (call->down.complete)
        end_plainly(call, TSKL_DONE);
    else
        tell_early(self);
    return call->exchange != NULL;
}

void tskl_call_eof(PyObject *self) {
    tskl_call *call = call_of(self);
    if (!call->answered)
        call->ended_early = true;
    else if (call->down.complete || call->down.kind == TSKL_FRAMING_NONE)
        end_plainly(call, TSKL_DONE);
    else
        end(call, TSKL_FAILED, slice_of("ECONNRESET"),
            slice_of("the connection ended before the body did"));
}

void tskl_call_close(PyObject *self) {
    give_up(call_of(self));
}

bool tskl_call_is_over(PyObject *self) {
    return !call_of(self)->exchange && !call_of(self)->origin;
}

// What the exception says of the ending is for Python to tell: no names of classes in here.
static bool fail_in_words(PyObject *call, PyObject *error) {
    PyObject *ending = PyImport_ImportModule("taskless._ending");
    PyObject *told = ending ? PyObject_CallMethod(ending, "fail", "OO", call, error) : NULL;
    Py_XDECREF(ending);
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
        give_up(call_of(self));
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
    if (!call->exchange || call->decoding) Py_RETURN_NONE;
    if (call->answered)
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

static void copy_text(char *to, size_t size, PyObject *text) {
    tskl_held held;
    if (tskl_held_read_utf8(text, &held))
        snprintf(to, size, "%.*s", held.slice.len < size ? (int)held.slice.len : (int)size - 1,
                 held.slice.len ? held.slice.ptr : "");
    tskl_held_release(&held);
}

/** fail(code, message, now): without `now` an answer may still come. An empty code: given up. */
static PyObject *method_fail(PyObject *self, PyObject *args) {
    tskl_call *call = call_of(self);
    PyObject *code, *message;
    int now;
    if (PyArg_ParseTuple(args, "OOp", &code, &message, &now)) {
        copy_text(call->code, sizeof call->code, code);
        copy_text(call->message, sizeof call->message, message);
        if (now) give_up(call);
    }
    PyErr_Clear();
    Py_RETURN_NONE;
}

static PyObject *is_over(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(tskl_call_is_over(self));
}

static PyObject *is_answered(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(call_of(self)->answered);
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
    give_up(call_of(self));
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
