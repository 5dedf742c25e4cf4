// SPDX-License-Identifier: Apache-2.0
#include "shared.h"

#include "module.h"
#include "values.h"
#include "wire.h"
#include <stdio.h>
#include <string.h>

// All of these are guarded by the interpreter's lock.
static tskl_observer *observer;
static unsigned members;
static size_t calls, connections; // seen so far

tskl_observer *tskl_shared_observer(void) {
    calls++;
    return observer;
}

/** connected(): the program has made a connection by itself. */
PyObject *tskl_shared_connected(PyObject *self, PyObject *none) {
    (void)self;
    (void)none;
    connections++;
    Py_RETURN_NONE;
}

static void say_if_blind(void) {
    char line[160];
    if (calls > 0 || connections == 0) return;
    int length =
        snprintf(line, sizeof line,
                 "%zu connection%s made, but no call was seen: what makes the calls is not "
                 "among the libraries that are observed",
                 connections, connections == 1 ? " was" : "s were");
    tskl_warn((tskl_slice){line, (size_t)length});
}

static PyObject *problem(const tskl_error *err, tskl_status status) {
    const char *text = err->message[0] ? err->message : tskl_status_text(status);
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

/** True when this was the last member's. */
static bool leave(tskl_observer **closing) {
    *closing = NULL;
    if (members == 0 || --members > 0) return false;
    // From here on no call begins.
    tskl_wires_give_up();
    *closing = observer;
    observer = NULL;
    return true;
}

// Where interpreters keep what is to be done when they end: a capsule in the dict of each, which
// goes after all that the program has registered for its own end, and can be counted by nobody.
static const char END[] = "end";

static void end_of_interpreter(PyObject *capsule) {
    enum { EXIT_MS = 200 };
    tskl_observer *closing;
    (void)capsule;
    // With the interpreter's lock: there is nobody left to give it to.
    if (!leave(&closing)) return;
    say_if_blind();
    (void)tskl_observer_flush(closing, EXIT_MS, NULL, NULL);
    tskl_observer_close(closing, 0);
}

static void note_end(void) {
    PyObject *registry = tskl_module_registry();
    PyObject *capsule = PyCapsule_New(&observer, NULL, end_of_interpreter);
    if (registry && capsule) (void)PyDict_SetItemString(registry, END, capsule);
    Py_XDECREF(capsule);
    PyErr_Clear();
}

static void forget_end(void) {
    PyObject *registry = tskl_module_registry();
    PyObject *capsule = registry ? PyDict_GetItemString(registry, END) : NULL;
    if (!capsule) return;
    (void)PyCapsule_SetDestructor(capsule, NULL);
    (void)PyDict_DelItemString(registry, END);
    PyErr_Clear();
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
    note_end();
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
    tskl_observer *closing;
    forget_end();
    if (!leave(&closing)) return PyLong_FromLong(0);
    Py_BEGIN_ALLOW_THREADS if (tskl_observer_flush(closing, timeout_ms, &pending, NULL) == TSKL_OK)
        pending = 0;
    tskl_observer_close(closing, 0);
    Py_END_ALLOW_THREADS return PyLong_FromSize_t(pending);
}

void tskl_shared_last_flush(bool is_end) {
    enum { LAST_MS = 50 };
    tskl_observer *flushed = observer;
    if (!flushed) return;
    if (is_end) tskl_wires_give_up();
    members++; // as below
    Py_BEGIN_ALLOW_THREADS(void) tskl_observer_flush(flushed, LAST_MS, NULL, NULL);
    Py_END_ALLOW_THREADS if (--members == 0) {
        observer = NULL;
        tskl_observer_close(flushed, 0);
    }
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
    // Asked only now: reading the arguments may have run code that closed it.
    if (!held) return PyUnicode_FromString("taskless is not loaded");
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
    if (!tskl_held_read_utf8(at[0], &manifest))
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
