// buffers: a class whose objects do something whenever their bytes are asked for and given back.
// Python itself lets a class do so from 3.12 on; this is for the Python that the client is built
// with. SPDX-License-Identifier: Apache-2.0
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

typedef struct Buffer {
    PyObject_HEAD PyObject *act;
    PyObject *data;
} Buffer;

static int act(PyObject *self) {
    PyObject *answer = PyObject_CallNoArgs(((Buffer *)self)->act);
    Py_XDECREF(answer);
    return answer ? 0 : -1;
}

static int get(PyObject *self, Py_buffer *view, int flags) {
    PyObject *data = ((Buffer *)self)->data;
    if (act(self) < 0) return -1;
    return PyBuffer_FillInfo(view, self, PyBytes_AsString(data), PyBytes_Size(data), 1, flags);
}

static void release(PyObject *self, Py_buffer *view) {
    (void)view;
    if (act(self) < 0) PyErr_WriteUnraisable(self);
}

static int init(PyObject *self, PyObject *args, PyObject *named) {
    PyObject *does = NULL, *data = NULL;
    (void)named;
    if (!PyArg_ParseTuple(args, "OS", &does, &data)) return -1;
    Py_INCREF(does);
    Py_INCREF(data);
    ((Buffer *)self)->act = does;
    ((Buffer *)self)->data = data;
    return 0;
}

static void dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_CLEAR(((Buffer *)self)->act);
    Py_CLEAR(((Buffer *)self)->data);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot slots[] = {
    {Py_bf_getbuffer, get},   {Py_bf_releasebuffer, release}, {Py_tp_init, init},
    {Py_tp_dealloc, dealloc}, {Py_tp_new, PyType_GenericNew}, {0, NULL},
};
static PyType_Spec spec = {.name = "buffers.Buffer",
                           .basicsize = sizeof(Buffer),
                           .flags = Py_TPFLAGS_DEFAULT,
                           .slots = slots};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "buffers", .m_size = -1};

PyMODINIT_FUNC PyInit_buffers(void) {
    PyObject *made = PyModule_Create(&module), *type = PyType_FromSpec(&spec);
    if (made && type) PyModule_AddObject(made, "Buffer", type);
    return made;
}
