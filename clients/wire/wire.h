// wire: a call of HTTP/1 as its bytes pass, told to the observer. For clients that see them pass.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WIRE_WIRE_H
#define TSKL_WIRE_WIRE_H
#include "framing.h"
#include "lines.h"
#include "request.h"
#include <taskless/observer.h>

/**
 * Zeroed it has not begun. One thread at a time; its functions may be called in any order and
 * number, and what does not fit does nothing. Before its memory goes, tskl_wire_give_up.
 */
typedef struct tskl_wire {
    struct tskl_wire *next, *previous; // of those that are under way, in a ring
    tskl_exchange *exchange;           // NULL before it begins and once it is over
    unsigned wants;
    bool bodiless;    // HEAD is answered without a body
    bool informed;    // a response has come, though it may only inform
    bool answered;    // what comes is the body of the response
    size_t head_left; // of the bytes that are sent, how many are no body
    tskl_framing up, down;
    tskl_lines head;             // of the response, what has come of it
    char code[64], message[512]; // why it will have failed if nothing more comes
    int64_t stopped_us;          // and when that was; 0 while nothing went wrong
} tskl_wire;

/** Nothing begins where the observer is NULL or wants nothing of it. */
void tskl_wire_begin(tskl_wire *wire, tskl_observer *observer, const tskl_request *request);
/** By the head that is sent first: it and what follows it are told with tskl_wire_sent. */
void tskl_wire_begin_sent(tskl_wire *wire, tskl_observer *observer, const tskl_sent_request *sent);

/** Of the request, as it goes out. */
void tskl_wire_sent(tskl_wire *wire, tskl_slice data);
/** The head of what the runtime takes for the response, whatever its status. `raw`: the chunks of
 * its body will not have been taken apart. */
void tskl_wire_response(tskl_wire *wire, int status, tskl_slice headers, bool raw);
/** Of the response's body, as it comes; the call is over with the last of it. */
void tskl_wire_received(tskl_wire *wire, tskl_slice data);
/** Of the response, head and body, as they come; heads may come before it that only inform. */
void tskl_wire_arrived(tskl_wire *wire, tskl_slice data);
/** Nothing more comes: the connection was closed at the other end. */
void tskl_wire_eof(tskl_wire *wire);

/** Why it will have failed, unless something still comes: then it ended now, whenever it is given
 *  up. An empty code: it will have been aborted. */
void tskl_wire_fail(tskl_wire *wire, tskl_slice code, tskl_slice message);
/** The application wants no more of it. */
void tskl_wire_give_up(tskl_wire *wire);
/** The same of all that are under way: the observer is about to close. No other thread is at one.
 */
void tskl_wires_give_up(void);
#endif
