// module: what the Python side may call. Nothing here raises: what goes wrong comes back as text,
// or leaves a call unobserved. SPDX-License-Identifier: Apache-2.0
#include "call.h"
#include "head.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

typedef struct tskl_module {
    PyObject *call_type;
} tskl_module;

// One for the process, whatever interpreters there are in it; guarded by the interpreter's lock.
static tskl_observer *observer;
static unsigned members;

static PyObject *problem(const tskl_error *err, tskl_status status) {
    const char *text = err->message[0] ? err->message : tskl_status_text(status);
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

/** open(directory, config, outputs, client): None, or why it failed. */
static PyObject *open_observer(PyObject *self, PyObject *args) {
    (void)self;
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    tskl_error err = {0};
    tskl_status status = TSKL_OK;
    tskl_observer *opened = NULL;
    if (!PyArg_ParseTuple(args, "zzzz", &options.directory, &options.config_path, &options.outputs,
                          &options.client)) {
        PyErr_Clear();
        return PyUnicode_FromString("options are text or None");
    }
    if (members == 0) {
        // It reads files. Another thread may open it meanwhile: then that one stays.
        Py_BEGIN_ALLOW_THREADS status = tskl_observer_open(&options, &opened, &err);
        Py_END_ALLOW_THREADS if (status != TSKL_OK) return problem(&err, status);
        if (members == 0)
            observer = opened;
        else
            tskl_observer_close(opened, 0);
    }
    members++;
    Py_RETURN_NONE;
}

/** close(timeout_ms): how many calls are left unwritten. */
static PyObject *close_observer(PyObject *self, PyObject *args) {
    (void)self;
    unsigned timeout_ms;
    size_t pending = 0;
    if (!PyArg_ParseTuple(args, "I", &timeout_ms)) {
        PyErr_Clear();
        timeout_ms = 0;
    }
    if (members == 0 || --members > 0) return PyLong_FromLong(0);
    // From here on no call begins.
    tskl_calls_give_up();
    tskl_observer *closing = observer;
    observer = NULL;
    Py_BEGIN_ALLOW_THREADS if (tskl_observer_flush(closing, timeout_ms, &pending, NULL) == TSKL_OK)
        pending = 0;
    tskl_observer_close(closing, 0);
    Py_END_ALLOW_THREADS return PyLong_FromSize_t(pending);
}

/** flush(timeout_ms): waits for what is unwritten; more calls may follow. */
static PyObject *flush_observer(PyObject *self, PyObject *args) {
    (void)self;
    unsigned timeout_ms;
    if (!PyArg_ParseTuple(args, "I", &timeout_ms) || !observer) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    // It is not closed while this waits: whoever closes it has waited for the same.
    members++;
    tskl_observer *flushed = observer;
    Py_BEGIN_ALLOW_THREADS(void) tskl_observer_flush(flushed, timeout_ms, NULL, NULL);
    Py_END_ALLOW_THREADS if (--members == 0) {
        observer = NULL;
        tskl_observer_close(flushed, 0);
    }
    Py_RETURN_NONE;
}

static PyObject *add_held(tskl_slice manifest, tskl_slice wasm, tskl_slice configuration) {
    tskl_error err = {0};
    tskl_status status;
    tskl_observer *held = observer;
    members++; // as above
    Py_BEGIN_ALLOW_THREADS status = tskl_observer_add(held, manifest, wasm, configuration, &err);
    Py_END_ALLOW_THREADS if (--members == 0) {
        observer = NULL;
        tskl_observer_close(held, 0);
    }
    if (status == TSKL_OK) Py_RETURN_NONE;
    return problem(&err, status);
}

/** add(manifest, wasm, configuration): None, or why it failed. */
static PyObject *add_pack(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *at[3], *answer;
    tskl_held manifest = {0}, wasm = {0}, configuration = {0};
    if (!PyArg_ParseTuple(args, "OOO", &at[0], &at[1], &at[2])) {
        PyErr_Clear();
        return PyUnicode_FromString("a manifest, wasm and a configuration are needed");
    }
    if (!observer)
        answer = PyUnicode_FromString("taskless is not loaded");
    else if (!tskl_held_read_utf8(at[0], &manifest))
        answer = PyUnicode_FromString("manifest: neither text nor bytes");
    else if (PyUnicode_Check(at[1]) || !tskl_held_read(at[1], &wasm))
        answer = PyUnicode_FromString("wasm: not bytes");
    else {
        (void)tskl_held_read_utf8(at[2], &configuration);
        answer = add_held(manifest.slice, wasm.slice, configuration.slice);
    }
    tskl_held_release(&manifest);
    tskl_held_release(&wasm);
    tskl_held_release(&configuration);
    return answer;
}

static PyObject *begin_exchange(PyObject *self, const tskl_request *request, size_t head_length) {
    tskl_module *module = PyModule_GetState(self);
    unsigned wants = 0;
    tskl_exchange *exchange = tskl_exchange_begin(observer, request, &wants);
    PyObject *call = tskl_call_new(module->call_type, exchange, wants, request, head_length);
    if (call) return call;
    PyErr_Clear();
    Py_RETURN_NONE;
}

static char *add_slice(char *end, tskl_slice slice) {
    if (slice.len > 0) memcpy(end, slice.ptr, slice.len);
    return end + slice.len;
}

/** Joins the origin, in which the head's host line stands in for the host, and the head's target.
 *  Free the result. */
static char *make_url(tskl_slice origin, const tskl_head *head, tskl_slice *out) {
    const char *scheme_end = memmem(origin.ptr, origin.len, "//", 2);
    tskl_slice host = head->host, path = head->target;
    if (scheme_end && host.len > 0)
        origin.len = (size_t)(scheme_end + 2 - origin.ptr);
    else
        host = (tskl_slice){0};
    if (tskl_head_is_absolute(path)) origin = host = (tskl_slice){0};
    // OPTIONS * asks about the server as a whole, which has no path.
    else if (path.ptr[0] != '/')
        path = (tskl_slice){"/", 1};
    char *url = malloc(origin.len + host.len + path.len);
    if (!url) return NULL;
    char *end = add_slice(add_slice(add_slice(url, origin), host), path);
    *out = (tskl_slice){url, (size_t)(end - url)};
    return url;
}

/** Of what is sent first, how much is head. */
static tskl_slice head_part(tskl_slice text) {
    const char *blank = text.len ? memmem(text.ptr, text.len, "\r\n\r\n", 4) : NULL;
    return blank ? (tskl_slice){text.ptr, (size_t)(blank - text.ptr) + 4} : text;
}

/** begin(origin, data[, time_us]): a call, told by the first bytes that are sent of it, or None. It
 *  began now, or at that time. */
static PyObject *begin(PyObject *self, PyObject *args) {
    PyObject *at[2], *call = NULL;
    tskl_held origin = {0}, data = {0};
    tskl_head head;
    char *url = NULL;
    long long time_us = 0;
    if (observer && PyArg_ParseTuple(args, "OO|L", &at[0], &at[1], &time_us) &&
        tskl_held_read(at[0], &origin) && tskl_held_read(at[1], &data)) {
        tskl_slice text = head_part(data.slice);
        tskl_request request = {.size = sizeof request, .time_us = time_us};
        if (tskl_head_read(text, &head) && (url = make_url(origin.slice, &head, &request.url))) {
            request.method = head.method;
            request.headers = head.headers;
            call = begin_exchange(self, &request, text.len);
        }
    }
    free(url);
    tskl_held_release(&origin);
    tskl_held_release(&data);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

/** begin_with(method, url, pairs[, time_us]): the same, told in parts. */
static PyObject *begin_with(PyObject *self, PyObject *args) {
    PyObject *at[3], *call = NULL;
    tskl_held method = {0}, url = {0};
    tskl_lines lines = {0};
    long long time_us = 0;
    if (observer && PyArg_ParseTuple(args, "OOO|L", &at[0], &at[1], &at[2], &time_us) &&
        tskl_held_read(at[0], &method) && tskl_held_read_utf8(at[1], &url) &&
        tskl_lines_read(at[2], &lines)) {
        tskl_request request = {.size = sizeof request,
                                .time_us = time_us,
                                .method = method.slice,
                                .url = url.slice,
                                .headers = {lines.ptr, lines.len}};
        call = begin_exchange(self, &request, 0);
    }
    free(lines.ptr);
    tskl_held_release(&method);
    tskl_held_release(&url);
    PyErr_Clear();
    if (call) return call;
    Py_RETURN_NONE;
}

static void call_quietly(PyObject *function) {
    PyObject *answer = PyObject_CallObject(function, NULL);
    if (!answer) PyErr_Clear();
    Py_XDECREF(answer);
}

// Python says where it was called from, so no frame of ours may stand between.
static PyObject *fork_between(PyObject *three, PyObject *none) {
    (void)none;
    PyObject *type, *value, *trace;
    call_quietly(PyTuple_GetItem(three, 1));
    PyObject *answer = PyObject_CallObject(PyTuple_GetItem(three, 0), NULL);
    PyErr_Fetch(&type, &value, &trace);
    call_quietly(PyTuple_GetItem(three, 2));
    PyErr_Restore(type, value, trace);
    return answer;
}

static PyMethodDef forks[] = {
    {"fork", fork_between, METH_NOARGS, NULL},
    {"forkpty", fork_between, METH_NOARGS, NULL},
};

/** around_fork(index, original, before, after): a function as `original`, which is os.fork (0) or
 *  os.forkpty (1), that calls the other two around it; None when it cannot be made. */
static PyObject *around_fork(PyObject *self, PyObject *args) {
    (void)self;
    unsigned index;
    PyObject *at[3], *function = NULL;
    if (PyArg_ParseTuple(args, "IOOO", &index, &at[0], &at[1], &at[2]) && index < 2) {
        PyObject *three = PyTuple_Pack(3, at[0], at[1], at[2]);
        if (three) function = PyCFunction_New(&forks[index], three);
        Py_XDECREF(three);
    }
    PyErr_Clear();
    if (function) return function;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"open", open_observer, METH_VARARGS, NULL},      {"close", close_observer, METH_VARARGS, NULL},
    {"flush", flush_observer, METH_VARARGS, NULL},    {"add", add_pack, METH_VARARGS, NULL},
    {"around_fork", around_fork, METH_VARARGS, NULL}, {"begin", begin, METH_VARARGS, NULL},
    {"begin_with", begin_with, METH_VARARGS, NULL},   {NULL, NULL, 0, NULL},
};

static int fill(PyObject *self) {
    tskl_module *module = PyModule_GetState(self);
    module->call_type = tskl_call_type_new();
    if (!module->call_type) return -1;
    return PyModule_AddStringConstant(self, "version", tskl_version());
}

static int traverse(PyObject *self, visitproc visit, void *arg) {
    tskl_module *module = PyModule_GetState(self);
    Py_VISIT(module->call_type);
    return 0;
}

static int clear(PyObject *self) {
    tskl_module *module = PyModule_GetState(self);
    Py_CLEAR(module->call_type);
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
