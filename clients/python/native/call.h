// call: one call to another service under way, as Python holds it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_CALL_H
#define TSKL_PYTHON_CALL_H
#include "buffer.h"
#include "framing.h"
#include <taskless/observer.h>

/** The type of calls, which a module makes for itself; NULL with an exception set. */
PyObject *tskl_call_type_new(void);

/**
 * A call object that takes `exchange`; None where it is NULL. `request`'s headers tell whether the
 * body comes in chunks, `head_length` how many of the bytes that are sent first are no body.
 * NULL with an exception set when there is no memory; the exchange has ended then.
 */
PyObject *tskl_call_new(PyObject *type, tskl_exchange *exchange, unsigned wants,
                        const tskl_request *request, size_t head_length);

/** Ends all calls that are under way: the observer is about to close. */
void tskl_calls_give_up(void);
#endif
