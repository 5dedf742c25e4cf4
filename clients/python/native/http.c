// SPDX-License-Identifier: Apache-2.0
#include "http.h"

#include "call.h"
#include "module.h"
#include "reader.h"
#include "values.h"
#include <string.h>

// Of a connection the method that was asked for is noted until its head is sent, and then the call.

static PyObject *noted(const tskl_module *module, PyObject *connection, tskl_note which) {
    return tskl_note_get(module->notes, connection, which);
}

static void note(const tskl_module *module, PyObject *connection, tskl_note which,
                 PyObject *value) {
    tskl_note_set(module->notes, connection, which, value);
}

/** asked(connection, method): a head is going to be made. */
PyObject *tskl_http_asked(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count == 2) note(module, args[0], TSKL_NOTE_METHOD, args[1]);
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

/** The member by its name, unless it is None. A new reference; NULL with no exception left. */
static PyObject *member(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    if (!value) PyErr_Clear();
    if (value == Py_None) Py_CLEAR(value);
    return value;
}

static PyObject *make_origin(bool secure, PyObject *host, long port) {
    enum { HTTP_PORT = 80, HTTPS_PORT = 443 };
    const char *scheme = secure ? "https://" : "http://";
    bool bare_ipv6 = PyUnicode_FindChar(host, ':', 0, PyUnicode_GetLength(host), 1) >= 0 &&
                     PyUnicode_FindChar(host, '[', 0, PyUnicode_GetLength(host), 1) < 0;
    // A URL does not name the port that is meant anyway.
    if (port <= 0 || port == (secure ? HTTPS_PORT : HTTP_PORT))
        return PyUnicode_FromFormat(bare_ipv6 ? "%s[%U]" : "%s%U", scheme, host);
    return PyUnicode_FromFormat(bare_ipv6 ? "%s[%U]:%ld" : "%s%U:%ld", scheme, host, port);
}

/** Where a call goes: what its head names as host is only what it says there. Through a tunnel it
 *  goes to the tunnel's end. A new reference; NULL with no exception left. */
static PyObject *origin_of(const tskl_module *module, PyObject *connection) {
    const tskl_names *names = &module->names;
    PyObject *host = member(connection, names->tunnel_host), *origin = NULL;
    bool tunnel = host != NULL;
    if (!tunnel) host = member(connection, names->host);
    long port = number_of(connection, tunnel ? names->tunnel_port : names->port);
    if (host && PyUnicode_Check(host))
        origin = make_origin(is_secure(module, connection), host, port);
    Py_XDECREF(host);
    PyErr_Clear();
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

/** When the connection for this very call began to be made; 0 where that was not told. */
static int64_t take_started(const tskl_module *module, PyObject *connection) {
    PyObject *noted_at = noted(module, connection, TSKL_NOTE_STARTED);
    if (!noted_at) return 0;
    int64_t time_us = PyLong_Check(noted_at) ? PyLong_AsLongLong(noted_at) : 0;
    note(module, connection, TSKL_NOTE_STARTED, NULL);
    Py_DECREF(noted_at);
    PyErr_Clear();
    return time_us;
}

/** A new call, begun by its head; NULL when it is not to be observed. */
static PyObject *begin(const tskl_module *module, PyObject *connection, PyObject *head) {
    PyObject *origin = origin_of(module, connection);
    int64_t began_us = take_started(module, connection);
    PyObject *call = origin ? tskl_call_new(module->call_type, origin, began_us) : NULL;
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
    note(module, connection, TSKL_NOTE_CALL, NULL);
    if (PyUnicode_CompareWithASCIIString(method, "CONNECT") != 0)
        call = begin(module, connection, head);
    if (!call) note(module, connection, TSKL_NOTE_METHOD, NULL);
    return call;
}

/** sending(connection, data): the call these bytes are of, or None. */
PyObject *tskl_http_sending(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    const tskl_module *module = PyModule_GetState(self);
    if (count != 2) Py_RETURN_NONE;
    PyObject *method = noted(module, args[0], TSKL_NOTE_METHOD);
    PyObject *call = method ? call_of_head(module, args[0], method, args[1])
                            : noted(module, args[0], TSKL_NOTE_CALL);
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
    PyObject *method = noted(module, args[0], TSKL_NOTE_METHOD);
    if (method) {
        note(module, args[0], TSKL_NOTE_CALL, args[1]);
        note(module, args[0], TSKL_NOTE_METHOD, NULL);
    }
    Py_XDECREF(method);
    PyErr_Clear();
    Py_RETURN_NONE;
}

/** is_asked(connection): whether a head is being made or sent. */
PyObject *tskl_http_is_asked(PyObject *self, PyObject *connection) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *method = noted(module, connection, TSKL_NOTE_METHOD);
    PyObject *answer = PyBool_FromLong(method != NULL);
    Py_XDECREF(method);
    return answer;
}

/** take(connection): the call that it waits for an answer of, or None. It waits no more. */
PyObject *tskl_http_take(PyObject *self, PyObject *connection) {
    const tskl_module *module = PyModule_GetState(self);
    PyObject *call = noted(module, connection, TSKL_NOTE_CALL);
    // Of a connection that is closed before anything was sent.
    note(module, connection, TSKL_NOTE_STARTED, NULL);
    if (!call) Py_RETURN_NONE;
    note(module, connection, TSKL_NOTE_CALL, NULL);
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
