// call: one call to another service, as Python holds it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_CALL_H
#define TSKL_PYTHON_CALL_H
#include "buffer.h"
#include <stdbool.h>
#include <stdint.h>
#include <taskless/observer.h>

/** The type of calls, which a module makes for itself; NULL with an exception set. */
PyObject *tskl_call_type_new(void);

/**
 * A call that is to begin: with the first bytes that are sent of it, towards `origin` (text), or by
 * its method `begin`. It then began at `time_us`; 0 means when it is told. NULL with an exception
 * set when there is no memory.
 */
PyObject *tskl_call_new(PyObject *type, PyObject *origin, int64_t time_us);

// What its methods do, for the rest of this folder. `call` is one; none of them raises.
void tskl_call_begin(PyObject *call, PyObject *method, PyObject *url, PyObject *pairs);
/** By the bytes that are about to be sent first; they are still to be told. */
void tskl_call_begin_by_head(PyObject *call, PyObject *head);
/** `part` is text, bytes or what has a buffer. Anything else is passed over. */
void tskl_call_sent(PyObject *call, PyObject *part);
void tskl_call_received(PyObject *call, tskl_slice part);
/** True when a body follows. `raw`: it comes with its chunks not taken apart. */
bool tskl_call_response(PyObject *call, int status, PyObject *pairs, bool raw);
void tskl_call_eof(PyObject *call);
void tskl_call_close(PyObject *call);
/** Tells it of the exception that is set, which stays; it may go on after some. The caller has a
 *  reference of its own: this runs Python. */
void tskl_call_fail(PyObject *call);
/** True when nothing that is told of it counts any more. */
bool tskl_call_is_over(PyObject *call);
#endif
