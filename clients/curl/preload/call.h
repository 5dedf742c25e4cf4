// call: one transfer of a handle, told by what libcurl shows of it: each try of it on the network
// is an exchange. SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_CALL_H
#define TSKL_CURL_CALL_H
#include "framing.h"
#include "libcurls.h"
#include "reporter.h"

/** Text that grows, and is used again. */
typedef struct tskl_text {
    char *ptr;
    size_t len, room;
} tskl_text;

/** Zeroed: no transfer. The thread that uses the handle is the one to use it. */
typedef struct tskl_call {
    const tskl_reporter *reporter;
    const tskl_libcurl *curl;
    CURL *easy;
    tskl_exchange *exchange; // NULL between tries, and where one is not observed
    unsigned wants;
    int64_t started_us; // when the next try began: looking up and connecting are part of it
    uint64_t url;       // the last try's, as a number; before a try, what libcurl had before
    bool shown;         // libcurl had something to show of it
    bool tried;         // a head was sent
    bool in_head;       // of a request, which is not at its end yet
    bool tunnel;        // it is between libcurl and a proxy
    bool bodiless;      // HEAD is answered without a body
    bool answered, over;
    tskl_framing up, down;
    tskl_text head;  // of the request, then of the response, as far as it has come
    tskl_text asked; // lines of the head that the program asked for
} tskl_call;

/** A transfer begins. Ends one that was left. `headers` are those that the program asked for; they
 *  are read now, and told where none were sent. */
void tskl_call_start(tskl_call *call, const tskl_reporter *reporter, const tskl_libcurl *curl,
                     CURL *easy, const struct curl_slist *headers);
/** What libcurl shows of it; `data` is read before this returns. */
void tskl_call_show(tskl_call *call, curl_infotype kind, const char *data, size_t size);
/** It ended, with libcurl's words for a failure. */
void tskl_call_finish(tskl_call *call, CURLcode code, const char *message);
/** True when libcurl has done anything for it: a handle that a program adds and takes back at once
 *  was no call. */
bool tskl_call_is_begun(const tskl_call *call);
/** The program takes the handle back without having asked how it ended. */
void tskl_call_leave(tskl_call *call, const char *message);
/** Frees what it holds. A transfer that is under way is given up. */
void tskl_call_deinit(tskl_call *call);
#endif
