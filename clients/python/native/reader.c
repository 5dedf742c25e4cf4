// reader: not a file of its own but a look-alike before one, so that nothing that was read ahead
// has to be moved; all that it does not know is asked of the file.
// SPDX-License-Identifier: Apache-2.0
#include "reader.h"

#include "call.h"
#include "values.h"
#include <stddef.h>
#include <string.h>
#include <structmember.h>

typedef struct tskl_reader {
    PyObject ob_base; // as PyObject_HEAD has it
    PyObject *file;
    PyObject *call; // NULL once it is over
    PyObject *weak; // references
} tskl_reader;

static tskl_reader *reader_of(PyObject *self) {
    return (tskl_reader *)self;
}

/** The file, a new reference. NULL with an exception set where garbage was collected before. */
static PyObject *file_of(PyObject *self) {
    PyObject *file = reader_of(self)->file;
    if (!file) PyErr_SetString(PyExc_ValueError, "I/O operation on closed file.");
    Py_XINCREF(file);
    return file;
}

static PyObject *ask(PyObject *self, const char *name, PyObject *args) {
    PyObject *file = file_of(self);
    PyObject *method = file ? PyObject_GetAttrString(file, name) : NULL;
    PyObject *answer = method ? PyObject_Call(method, args, NULL) : NULL;
    Py_XDECREF(method);
    Py_XDECREF(file);
    return answer;
}

/** The same of what reads; the call is told of an error, and may be over by that. */
static PyObject *ask_watched(PyObject *self, const char *name, PyObject *args) {
    PyObject *answer = ask(self, name, args), *call = reader_of(self)->call;
    if (answer || !call) return answer;
    // While it is told, Python runs, and may close what holds it.
    Py_INCREF(call);
    tskl_call_fail(call);
    Py_DECREF(call);
    return NULL;
}

static void tell(PyObject *self, tskl_slice part, bool ended) {
    tskl_reader *reader = reader_of(self);
    if (!reader->call) return;
    tskl_call_received(reader->call, part);
    if (ended) tskl_call_eof(reader->call);
    if (tskl_call_is_over(reader->call)) Py_CLEAR(reader->call);
}

static tskl_slice slice_of(PyObject *bytes) {
    return (tskl_slice){PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes)};
}

/** How much was asked for; negative: all there is. 0, of which nothing follows, where only code of
 *  the program's could say: the file has asked it once, and it may answer otherwise. */
static Py_ssize_t size_of(PyObject *args) {
    PyObject *first = PyTuple_Size(args) > 0 ? PyTuple_GetItem(args, 0) : Py_None;
    if (first == Py_None) return -1;
    Py_ssize_t size = PyLong_Check(first) ? PyLong_AsSsize_t(first) : 0;
    PyErr_Clear();
    return size;
}

static PyObject *reader_read(PyObject *self, PyObject *args) {
    PyObject *part = ask_watched(self, "read", args);
    if (!part || !PyBytes_Check(part)) return part;
    Py_ssize_t size = size_of(args);
    // Only the end of the connection lets it return less than was asked for.
    tell(self, slice_of(part), size < 0 || PyBytes_Size(part) < size);
    return part;
}

/** Of what may return less whenever it likes, but nothing only at the end. */
static PyObject *read_some(PyObject *self, const char *name, PyObject *args) {
    PyObject *part = ask_watched(self, name, args);
    if (part && PyBytes_Check(part))
        tell(self, slice_of(part), PyBytes_Size(part) == 0 && size_of(args) != 0);
    return part;
}

static PyObject *reader_read1(PyObject *self, PyObject *args) {
    return read_some(self, "read1", args);
}

static PyObject *reader_readline(PyObject *self, PyObject *args) {
    return read_some(self, "readline", args);
}

static void tell_filled(PyObject *self, PyObject *room, size_t count, bool all_of_it) {
    tskl_held held;
    if (tskl_held_read(room, &held) && count <= held.slice.len) {
        size_t least = all_of_it || held.slice.len == 0 ? held.slice.len : 1;
        tell(self, (tskl_slice){held.slice.ptr, count}, count < least);
    }
    tskl_held_release(&held);
}

static PyObject *fill(PyObject *self, const char *name, PyObject *args, bool all_of_it) {
    PyObject *count = ask_watched(self, name, args);
    if (count && PyLong_Check(count) && PyTuple_Size(args) == 1)
        tell_filled(self, PyTuple_GetItem(args, 0), PyLong_AsSize_t(count), all_of_it);
    return count;
}

static PyObject *reader_readinto(PyObject *self, PyObject *args) {
    return fill(self, "readinto", args, true);
}

static PyObject *reader_readinto1(PyObject *self, PyObject *args) {
    return fill(self, "readinto1", args, false);
}

static PyObject *reader_next(PyObject *self) {
    PyObject *none = PyTuple_New(0);
    PyObject *line = none ? reader_readline(self, none) : NULL;
    Py_XDECREF(none);
    if (line && PyBytes_Check(line) && PyBytes_Size(line) == 0) Py_CLEAR(line);
    return line;
}

static PyObject *reader_readlines(PyObject *self, PyObject *args) {
    Py_ssize_t hint = size_of(args), total = 0;
    PyObject *lines = PyList_New(0), *line;
    while (lines && (hint <= 0 || total < hint) && (line = reader_next(self))) {
        total += PyBytes_Check(line) ? PyBytes_Size(line) : 0;
        if (PyList_Append(lines, line) < 0) Py_CLEAR(lines);
        Py_DECREF(line);
    }
    if (PyErr_Occurred()) Py_CLEAR(lines);
    return lines;
}

static PyObject *reader_close(PyObject *self, PyObject *args) {
    PyObject *call = reader_of(self)->call;
    reader_of(self)->call = NULL;
    if (call) tskl_call_close(call);
    Py_XDECREF(call);
    return ask(self, "close", args);
}

static PyObject *reader_enter(PyObject *self, PyObject *args) {
    PyObject *file = ask(self, "__enter__", args);
    if (!file) return NULL;
    Py_DECREF(file);
    Py_INCREF(self);
    return self;
}

static PyObject *reader_exit(PyObject *self, PyObject *args) {
    (void)args;
    PyObject *none = PyTuple_New(0);
    PyObject *answer = none ? reader_close(self, none) : NULL;
    Py_XDECREF(none);
    return answer;
}

static PyObject *reader_iter(PyObject *self) {
    Py_INCREF(self);
    return self;
}

static PyMethodDef methods[] = {
    {"read", reader_read, METH_VARARGS, NULL},
    {"read1", reader_read1, METH_VARARGS, NULL},
    {"readline", reader_readline, METH_VARARGS, NULL},
    {"readlines", reader_readlines, METH_VARARGS, NULL},
    {"readinto", reader_readinto, METH_VARARGS, NULL},
    {"readinto1", reader_readinto1, METH_VARARGS, NULL},
    {"close", reader_close, METH_VARARGS, NULL},
    {"__enter__", reader_enter, METH_VARARGS, NULL},
    {"__exit__", reader_exit, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/** Its own methods first; anything else, its class too, is the file's. */
static PyObject *reader_getattr(PyObject *self, PyObject *name) {
    const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
    for (PyMethodDef *method = methods; text && method->ml_name; method++)
        if (!strcmp(text, method->ml_name)) return PyObject_GenericGetAttr(self, name);
    if (text && (!strcmp(text, "__iter__") || !strcmp(text, "__next__")))
        return PyObject_GenericGetAttr(self, name);
    PyObject *file = file_of(self);
    PyObject *value = file ? PyObject_GetAttr(file, name) : NULL;
    Py_XDECREF(file);
    return value;
}

static int reader_setattr(PyObject *self, PyObject *name, PyObject *value) {
    PyObject *file = file_of(self);
    int failed = file ? PyObject_SetAttr(file, name, value) : -1;
    Py_XDECREF(file);
    return failed;
}

static PyObject *reader_repr(PyObject *self) {
    PyObject *file = file_of(self);
    PyObject *text = file ? PyObject_Repr(file) : NULL;
    Py_XDECREF(file);
    return text;
}

static int reader_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(reader_of(self)->file);
    Py_VISIT(reader_of(self)->call);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int reader_clear(PyObject *self) {
    Py_CLEAR(reader_of(self)->call);
    Py_CLEAR(reader_of(self)->file);
    return 0;
}

static void reader_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (reader_of(self)->weak) PyObject_ClearWeakRefs(self);
    (void)reader_clear(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(tskl_reader, weak), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyObject *tskl_reader_type_new(void) {
    PyType_Slot slots[] = {
        {Py_tp_methods, methods},
        {Py_tp_members, members},
        {Py_tp_getattro, (void *)reader_getattr},
        {Py_tp_setattro, (void *)reader_setattr},
        {Py_tp_repr, (void *)reader_repr},
        {Py_tp_iter, (void *)reader_iter},
        {Py_tp_iternext, (void *)reader_next},
        {Py_tp_traverse, (void *)reader_traverse},
        {Py_tp_clear, (void *)reader_clear},
        {Py_tp_dealloc, (void *)reader_dealloc},
        {0, NULL},
    };
    // Its name is the class's whose place it takes.
    PyType_Spec spec = {.name = "_io.BufferedReader",
                        .basicsize = sizeof(tskl_reader),
                        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
                        .slots = slots};
    return PyType_FromSpec(&spec);
}

PyObject *tskl_reader_new(PyObject *type, PyObject *file, PyObject *call) {
    PyObject *self = PyType_GenericAlloc((PyTypeObject *)type, 0);
    if (!self) return NULL;
    Py_INCREF(file);
    Py_INCREF(call);
    reader_of(self)->file = file;
    reader_of(self)->call = call;
    return self;
}
