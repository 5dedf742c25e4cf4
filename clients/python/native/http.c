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
PyObject *tskl_http_asked(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *connection, *method, *members = NULL;
    if (PyArg_ParseTuple(args, "OO", &connection, &method))
        members = tskl_module_members(module, connection);
    if (members) (void)PyDict_SetItem(members, module->method, method);
    Py_XDECREF(members);
    PyErr_Clear();
    Py_RETURN_NONE;
}

static bool member_is_true(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    bool is_true = value && value != Py_None;
    Py_XDECREF(value);
    PyErr_Clear();
    return is_true;
}

static long number_of(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    long number = value && PyLong_Check(value) ? PyLong_AsLong(value) : 0;
    Py_XDECREF(value);
    PyErr_Clear();
    return number;
}

/** A program may have put TLS on a connection's socket by itself. */
static bool is_secure(PyObject *connection) {
    enum { HTTPS_PORT = 443 };
    if (number_of(connection, "default_port") == HTTPS_PORT) return true;
    PyObject *socket = PyObject_GetAttrString(connection, "sock");
    bool secure = socket && socket != Py_None && member_is_true(socket, "cipher");
    Py_XDECREF(socket);
    PyErr_Clear();
    return secure;
}

/** Scheme, host and port of a connection. NULL with an exception set. */
static PyObject *origin_of(PyObject *connection) {
    PyObject *host = PyObject_GetAttrString(connection, "host"), *origin = NULL;
    const char *scheme = is_secure(connection) ? "https" : "http";
    Py_ssize_t colon = host && PyUnicode_Check(host)
                           ? PyUnicode_FindChar(host, ':', 0, PyUnicode_GetLength(host), 1)
                           : -1;
    if (host)
        origin = PyUnicode_FromFormat(colon < 0 ? "%s://%S:%ld" : "%s://[%S]:%ld", scheme, host,
                                      number_of(connection, "port"));
    Py_XDECREF(host);
    return origin;
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
    PyObject *origin = origin_of(connection);
    PyObject *call = origin ? tskl_call_new(module->call_type, origin, 0) : NULL;
    if (call) tskl_call_begin_by_head(call, head);
    if (call && tskl_call_is_over(call)) Py_CLEAR(call);
    Py_XDECREF(origin);
    return call;
}

static PyObject *call_of_data(const tskl_module *module, PyObject *members, PyObject *connection,
                              PyObject *data) {
    PyObject *method = PyDict_GetItemWithError(members, module->method), *call = NULL;
    if (!method) {
        call = PyDict_GetItemWithError(members, module->call);
        Py_XINCREF(call);
        return call;
    }
    // The head of a request to a proxy that opens a tunnel goes the same way while the call's own
    // head waits: it has another method.
    if (!is_head_of(data, method)) return NULL;
    if (PyDict_DelItem(members, module->call) < 0) PyErr_Clear();
    if (PyUnicode_CompareWithASCIIString(method, "CONNECT") != 0)
        call = begin(module, connection, data);
    if (!call) (void)PyDict_DelItem(members, module->method);
    return call;
}

/** sending(connection, data): the call these bytes are of, or None. */
PyObject *tskl_http_sending(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *connection, *data, *members = NULL, *call = NULL;
    if (PyArg_ParseTuple(args, "OO", &connection, &data))
        members = tskl_module_members(module, connection);
    if (members) call = call_of_data(module, members, connection, data);
    Py_XDECREF(members);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

/** sent(connection, call, data): they are sent; None in place of what was told meanwhile. */
PyObject *tskl_http_sent(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *connection, *call, *data, *members = NULL;
    if (PyArg_ParseTuple(args, "OO!O", &connection, module->call_type, &call, &data)) {
        tskl_call_sent(call, data);
        members = tskl_module_members(module, connection);
    }
    if (members && PyDict_GetItemWithError(members, module->method) &&
        PyDict_SetItem(members, module->call, call) == 0)
        (void)PyDict_DelItem(members, module->method);
    Py_XDECREF(members);
    PyErr_Clear();
    Py_RETURN_NONE;
}

/** take(connection): the call that it waits for an answer of, or None. It waits no more. */
PyObject *tskl_http_take(PyObject *self, PyObject *connection) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *members = tskl_module_members(module, connection);
    PyObject *call = members ? PyDict_GetItemWithError(members, module->call) : NULL;
    Py_XINCREF(call);
    if (call) (void)PyDict_DelItem(members, module->call);
    Py_XDECREF(members);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

/** The header lines of a response as pairs. NULL with an exception set. */
static PyObject *pairs_of(PyObject *response) {
    PyObject *headers = PyObject_GetAttrString(response, "headers");
    // What raw_items goes through, without a generator; private, so it may be something else one
    // day.
    PyObject *pairs = headers ? PyObject_GetAttrString(headers, "_headers") : NULL;
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
    PyObject *file = PyObject_GetAttrString(response, "fp"), *reader = NULL;
    if (file && (PyObject *)Py_TYPE(file) == module->buffered_reader)
        reader = tskl_reader_new(module->reader_type, file, call);
    if (!reader || PyObject_SetAttrString(response, "fp", reader) < 0) tskl_call_eof(call);
    Py_XDECREF(reader);
    Py_XDECREF(file);
}

/** answered(call, response): its head has been read. */
PyObject *tskl_http_answered(PyObject *self, PyObject *args) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *call, *response, *pairs = NULL;
    if (PyArg_ParseTuple(args, "O!O", module->call_type, &call, &response))
        pairs = pairs_of(response);
    if (pairs && tskl_call_response(call, (int)number_of(response, "status"), pairs, true))
        watch_body(module, response, call);
    Py_XDECREF(pairs);
    PyErr_Clear();
    Py_RETURN_NONE;
}
