// notes: what is known of an object of the program, kept beside it: nothing of it stands in the
// object or its class, where a program could find or count it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PYTHON_NOTES_H
#define TSKL_PYTHON_NOTES_H
#include "buffer.h"

/** What may be noted; the first is the table's own. */
typedef enum tskl_note {
    TSKL_NOTE_OBJECT,  // a weak reference, by which the notes go when the object goes
    TSKL_NOTE_METHOD,  // of a connection: the method that was asked for until its head is sent
    TSKL_NOTE_CALL,    // of whatever is told of: the call it is at
    TSKL_NOTE_STARTED, // when it began to connect, in microseconds
    TSKL_NOTE_COUNT
} tskl_note;

/**
 * `notes` is a dict that the caller owns, one for all objects of an interpreter. What `object` has
 * noted there, a new reference; NULL, with no exception left, where nothing is.
 */
PyObject *tskl_note_get(PyObject *notes, PyObject *object, tskl_note which);

/** NULL takes it away. What cannot be referred to weakly has no notes; no exception is left. */
void tskl_note_set(PyObject *notes, PyObject *object, tskl_note which, PyObject *value);
#endif
