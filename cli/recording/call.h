// call: one recorded call to a service, whatever it was read from.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CALL_H
#define TSKL_CLI_CALL_H
#include "base/arena.h"
#include "base/buf.h"
#include <taskless/observer.h>

/** A piece of the response's body and when it arrived. */
typedef struct tskl_call_part {
    tskl_slice bytes;
    int64_t time_us;
} tskl_call_part;

/** What of a recorded call could not be read, and was left out. */
typedef struct tskl_call_problem {
    const struct tskl_call_problem *next;
    const char *what; // static: the same text for the same fault of another call
    uint32_t line;
    tskl_slice value; // what stands there; empty where it is not for showing
} tskl_call_problem;

/** Slices are borrowed from what the call was read from and from the arena it was read into. Where
 *  `start_us` is 0 the recording has no clock: the other times count from it all the same. */
typedef struct tskl_call {
    tskl_slice id; // a UUID; empty: the call gets a new one
    tskl_slice method, url;
    tskl_slice request_headers; // "name: value\r\n" lines
    tskl_slice request_body;
    int status; // 0: there was no response
    tskl_slice response_headers;
    tskl_call_part *parts;
    size_t part_count;
    bool decoded; // the parts have no content-encoding any more, whatever the headers say
    uint64_t sent, received; // bytes of body on the wire; 0: as many as are here
    bool request_truncated, response_truncated;
    bool nothing_received; // no body came over the wire, whatever is here: it was in a cache
    bool attempt_known;    // which try it was, as follows, else it is found out
    uint32_t attempt, wait_ms;
    tskl_slice first;
    int64_t start_us, sent_us, first_byte_us, end_us;
    tskl_ending ending;
    tskl_slice error_code, error_message; // with TSKL_FAILED
    const tskl_call_problem *problems;
} tskl_call;

/** Makes `body` the response's one part, arriving at the end. False: no memory. */
bool tskl_call_set_body(tskl_call *call, tskl_slice body, tskl_arena *arena);
/** The URL as clients report it: "http://host?a" is http://host/?a. Empty: no memory. */
tskl_slice tskl_call_whole_url(tskl_slice url, tskl_arena *arena);
/** How many bytes of body it has, both ways. */
size_t tskl_call_size(const tskl_call *call);
/** True when the body no longer begins as its content-encoding header says: recorders keep bodies
 *  decoded and headers as they came. */
bool tskl_call_looks_decoded(const tskl_call *call);
/** Appends one header to lines in `buf`; a value with line ends becomes several headers, so that no
 *  recording can smuggle in a line. What is no header name is left out. */
void tskl_call_add_header(tskl_buf *lines, tskl_slice name, tskl_slice value);
#endif
