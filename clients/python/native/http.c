// SPDX-License-Identifier: Apache-2.0
#include "http.h"

#include "call.h"
#include "module.h"
#include "reader.h"
#include "values.h"
#include <stdio.h>
#include <string.h>

// A connection keeps the method that was asked for until its head is sent, and then the call.

/** asked(connection, method): a head is going to be made. */
PyObject *tskl_http_asked(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count == 2) tskl_module_hold(args[0], module->names.method, args[1]);
    Py_RETURN_NONE;
}

static long number_of(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    long number = value && PyLong_Check(value) ? PyLong_AsLong(value) : 0;
    Py_XDECREF(value);
    PyErr_Clear();
    return number;
}

// What Python's own sockets are called is quicker to see than that they have no cipher.
static bool is_plain(const tskl_module *module, PyObject *socket) {
    PyObject *name = PyObject_GetAttr((PyObject *)Py_TYPE(socket), module->names.name);
    bool plain =
        name && PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "socket") == 0;
    Py_XDECREF(name);
    return plain;
}

/** A program may have put TLS on a connection's socket by itself. */
static bool is_secure(const tskl_module *module, PyObject *connection) {
    enum { HTTPS_PORT = 443 };
    if (number_of(connection, module->names.default_port) == HTTPS_PORT) return true;
    PyObject *socket = PyObject_GetAttr(connection, module->names.sock);
    bool secure = socket && socket != Py_None && !is_plain(module, socket) &&
                  PyObject_HasAttrString(socket, "cipher");
    Py_XDECREF(socket);
    PyErr_Clear();
    return secure;
}

/** Scheme, host and port of a connection. NULL with an exception set. */
static PyObject *whole_origin(PyObject *connection, const char *scheme) {
    PyObject *host = PyObject_GetAttrString(connection, "host"), *origin = NULL;
    PyObject *port = PyObject_GetAttrString(connection, "port");
    if (host && port && PyUnicode_Check(host))
        origin = PyUnicode_FromFormat(
            PyUnicode_FindChar(host, ':', 0, PyUnicode_GetLength(host), 1) < 0 ? "%s%U:%S"
                                                                               : "%s[%U]:%S",
            scheme, host, port);
    Py_XDECREF(host);
    Py_XDECREF(port);
    return origin;
}

static bool names_host(PyObject *head) {
    static const char line[] = "\r\nHost: ";
    tskl_held held;
    const char *at = NULL;
    if (tskl_held_read(head, &held))
        at = memmem(held.slice.ptr, held.slice.len, line, sizeof line - 1);
    bool names = at && at[sizeof line - 1] != '\r'; // a head ends with more than that
    tskl_held_release(&held);
    return names;
}

/** Where a head goes that is about to be sent: what it says itself need not be asked for. */
static PyObject *origin_of(const tskl_module *module, PyObject *connection, PyObject *head) {
    const char *scheme = is_secure(module, connection) ? "https://" : "http://";
    return names_host(head) ? PyUnicode_FromString(scheme) : whole_origin(connection, scheme);
}

static bool is_head_of(PyObject *data, PyObject *method) {
    tskl_held held = {0}, name = {0};
    bool is_it = (PyBytes_Check(data) || PyByteArray_Check(data)) && tskl_held_read(data, &held) &&
                 tskl_held_read(method, &name) && held.slice.len > name.slice.len &&
                 !memcmp(held.slice.ptr, name.slice.ptr, name.slice.len) &&
                 held.slice.ptr[name.slice.len] == ' ';
    tskl_held_release(&held);
    tskl_held_release(&name);
    return is_it;
}

/** A new call, begun by its head; NULL when it is not to be observed. */
static PyObject *begin(const tskl_module *module, PyObject *connection, PyObject *head) {
    PyObject *origin = origin_of(module, connection, head);
    PyObject *call = origin ? tskl_call_new(module->call_type, origin, 0) : NULL;
    if (call) tskl_call_begin_by_head(call, head);
    if (call && tskl_call_is_over(call)) Py_CLEAR(call);
    Py_XDECREF(origin);
    return call;
}

static PyObject *call_of_head(const tskl_module *module, PyObject *connection, PyObject *method,
                              PyObject *head) {
    PyObject *call = NULL;
    // The head of a request to a proxy that opens a tunnel goes the same way while the call's own
    // head waits: it has another method.
    if (!is_head_of(head, method)) return NULL;
    tskl_module_hold(connection, module->names.call, NULL);
    if (PyUnicode_CompareWithASCIIString(method, "CONNECT") != 0)
        call = begin(module, connection, head);
    if (!call) tskl_module_hold(connection, module->names.method, NULL);
    return call;
}

/** sending(connection, data): the call these bytes are of, or None. */
PyObject *tskl_http_sending(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count != 2) Py_RETURN_NONE;
    PyObject *method = tskl_module_held(args[0], module->names.method);
    PyObject *call = method ? call_of_head(module, args[0], method, args[1])
                            : tskl_module_held(args[0], module->names.call);
    Py_XDECREF(method);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

static bool is_call(const tskl_module *module, PyObject *object) {
    return (PyObject *)Py_TYPE(object) == module->call_type;
}

/** sent(connection, call, data): they are sent; None in place of what was told meanwhile. */
PyObject *tskl_http_sent(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count != 3 || !is_call(module, args[1])) Py_RETURN_NONE;
    tskl_call_sent(args[1], args[2]);
    PyObject *method = tskl_module_held(args[0], module->names.method);
    if (method) {
        tskl_module_hold(args[0], module->names.call, args[1]);
        tskl_module_hold(args[0], module->names.method, NULL);
    }
    Py_XDECREF(method);
    PyErr_Clear();
    Py_RETURN_NONE;
}

/** take(connection): the call that it waits for an answer of, or None. It waits no more. */
PyObject *tskl_http_take(PyObject *self, PyObject *connection) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *call = tskl_module_held(connection, module->names.call);
    if (!call) Py_RETURN_NONE;
    tskl_module_hold(connection, module->names.call, NULL);
    return call;
}

/** The header lines of a response as pairs. NULL with an exception set. */
static PyObject *pairs_of(const tskl_module *module, PyObject *response) {
    PyObject *headers = PyObject_GetAttr(response, module->names.headers);
    // What raw_items goes through, without a generator; private, so it may be something else one
    // day.
    PyObject *pairs = headers ? PyObject_GetAttr(headers, module->names._headers) : NULL;
    if (headers && (!pairs || !PyList_Check(pairs))) {
        PyErr_Clear();
        Py_XDECREF(pairs);
        pairs = PyObject_CallMethod(headers, "raw_items", NULL);
    }
    Py_XDECREF(headers);
    return pairs;
}

/** Where a body follows the response reads it from a file that tells. */
static void watch_body(const tskl_module *module, PyObject *response, PyObject *call) {
    PyObject *file = PyObject_GetAttr(response, module->names.fp), *reader = NULL;
    if (file && (PyObject *)Py_TYPE(file) == module->buffered_reader)
        reader = tskl_reader_new(module->reader_type, file, call);
    if (!reader || PyObject_SetAttr(response, module->names.fp, reader) < 0) tskl_call_eof(call);
    Py_XDECREF(reader);
    Py_XDECREF(file);
}

/** answered(call, response): its head has been read. */
PyObject *tskl_http_answered(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *pairs = NULL;
    if (count == 2 && is_call(module, args[0])) pairs = pairs_of(module, args[1]);
    int status = pairs ? (int)number_of(args[1], module->names.status) : 0;
    if (pairs && tskl_call_response(args[0], status, pairs, true))
        watch_body(module, args[1], args[0]);
    Py_XDECREF(pairs);
    PyErr_Clear();
    Py_RETURN_NONE;
}
