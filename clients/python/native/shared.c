// SPDX-License-Identifier: Apache-2.0
#include "shared.h"

#include "values.h"
#include "wire.h"
#include <string.h>

// Both are guarded by the interpreter's lock.
static tskl_observer *observer;
static unsigned members;

tskl_observer *tskl_shared_observer(void) {
    return observer;
}

static PyObject *problem(const tskl_error *err, tskl_status status) {
    const char *text = err->message[0] ? err->message : tskl_status_text(status);
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

/** open(directory, config, outputs, client): None, or why it failed. */
PyObject *tskl_shared_open(PyObject *self, PyObject *args) {
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
PyObject *tskl_shared_close(PyObject *self, PyObject *args) {
    (void)self;
    unsigned timeout_ms;
    size_t pending = 0;
    if (!PyArg_ParseTuple(args, "I", &timeout_ms)) {
        PyErr_Clear();
        timeout_ms = 0;
    }
    if (members == 0 || --members > 0) return PyLong_FromLong(0);
    // From here on no call begins.
    tskl_wires_give_up();
    tskl_observer *closing = observer;
    observer = NULL;
    Py_BEGIN_ALLOW_THREADS if (tskl_observer_flush(closing, timeout_ms, &pending, NULL) == TSKL_OK)
        pending = 0;
    tskl_observer_close(closing, 0);
    Py_END_ALLOW_THREADS return PyLong_FromSize_t(pending);
}

/** flush(timeout_ms): waits for what is unwritten; more calls may follow. */
PyObject *tskl_shared_flush(PyObject *self, PyObject *args) {
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
PyObject *tskl_shared_add(PyObject *self, PyObject *args) {
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
