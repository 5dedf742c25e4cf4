// case: one story as data: a call, the Packs that see it, and what they are expected to say.
// docs/internals/cases.md has the format.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CASE_H
#define TSKL_CLI_CASE_H
#include "base/json.h"
#include "config/shape.h"
#include "recording/call.h"

enum { TSKL_CASE_FILE_MAX = 4 * 1024 * 1024 };

/** Where the body of an answer ends. */
typedef enum tskl_framing {
    TSKL_FRAMED_BY_LENGTH,
    TSKL_FRAMED_BY_CHUNKS,
    TSKL_FRAMED_BY_CLOSE
} tskl_framing;

/** What goes wrong below HTTP. */
typedef enum tskl_fault {
    TSKL_FAULT_NONE,
    TSKL_FAULT_REFUSED, // nobody listens
    TSKL_FAULT_UNKNOWN, // nobody has the name
    TSKL_FAULT_RESET,   // the connection is, after what there is of an answer
    TSKL_FAULT_HANG_UP, // it is closed in that place
    TSKL_FAULT_SILENT,  // no more comes
    TSKL_FAULT_FOREIGN, // the certificate is of nobody that the client knows
    TSKL_FAULT_NO_HTTP, // the answer is none
} tskl_fault;

/** How a case goes over a wire, where it is made into a real call. What came of it is the same. */
typedef struct tskl_wire {
    tskl_slice http; // "1.0", "1.1", "2"
    tskl_framing framing;
    tskl_slice head;           // header lines as they are sent, in place of the answer's own
    const tskl_json *early;    // informational responses before the answer
    const tskl_json *trailers; // an object of strings
    tskl_fault fault;
    uint32_t times;    // how often the call is made, one after the other
    tskl_slice unmade; // why no call can be made into it; empty: one can
    tskl_slice then;   // the case that a client comes to which follows a redirect
} tskl_wire;

/** Borrowed from the text and the arena it was read into. */
typedef struct tskl_case {
    tskl_slice about, source;
    tskl_texts packs;               // in order; none: the Pack the case lies with
    const tskl_json *configuration; // each an object by Pack, or NULL
    const tskl_json *hosts;
    const tskl_json *allow;
    const tskl_json *environment; // an object of strings, or NULL
    tskl_call call;
    const tskl_json *captures; // what is expected: one of these at most, the other is NULL
    const tskl_json *record;
    const tskl_json *paths; // claims about single places, or NULL
    tskl_wire wire;
} tskl_case;

/** Reads a case. `name` is the file's, for messages: SYNTAX or INVALID with line and member;
 *  NOMEM. */
tskl_status tskl_case_read(const char *name, tskl_slice text, tskl_arena *arena, tskl_case *out,
                           tskl_error *err);
#endif
