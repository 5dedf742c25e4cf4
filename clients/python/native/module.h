// module: what the module holds for itself in each interpreter.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_MODULE_H
#define TSKL_PYTHON_MODULE_H
#include "notes.h"

// The names of members, each made once.
#define TSKL_NAMES(X)                                                                              \
    X(name, "__name__")                                                                            \
    X(default_port, "default_port")                                                                \
    X(sock, "sock")                                                                                \
    X(host, "host")                                                                                \
    X(port, "port")                                                                                \
    X(tunnel_host, "_tunnel_host")                                                                 \
    X(tunnel_port, "_tunnel_port")                                                                 \
    X(status, "status")                                                                            \
    X(headers, "headers")                                                                          \
    X(_headers, "_headers")                                                                        \
    X(fp, "fp")

typedef struct tskl_names {
#define TSKL_NAME(member, text) PyObject *member;
    TSKL_NAMES(TSKL_NAME)
#undef TSKL_NAME
} tskl_names;

typedef struct tskl_module {
    PyObject *call_type, *reader_type;
    PyObject *buffered_reader; // io's
    PyObject *notes;           // notes.h
    tskl_names names;
} tskl_module;

/** A dict of this interpreter, in which a client that runs here stands whoever loaded it, and from
 *  which file. Borrowed; NULL, with no exception left, when there is no memory. */
PyObject *tskl_module_registry(void);
#endif
