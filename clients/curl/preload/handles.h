// handles: the handles that the program uses, with what it has set of them and we set for a while.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_HANDLES_H
#define TSKL_CURL_HANDLES_H
#include "call.h"
#include <stdio.h>

/** What the program has set. */
typedef struct tskl_wishes {
    curl_debug_callback debug;
    void *debug_data;
    FILE *error_file;
    char *error_buffer;
    struct curl_slist *headers;
    bool verbose, asks_doh, shows_progress;
} tskl_wishes;

/** One handle. Its memory stays what it is when it is given back: libcurl makes handles of its own
 *  after the image of the program's, which may outlive them. */
typedef struct tskl_handle {
    struct tskl_handle *next;
    CURL *easy;
    const tskl_libcurl *curl;
    tskl_wishes wishes;
    bool watched;    // what is set is ours, not what is wished
    bool performing; // inside curl_easy_perform
    bool finished;   // the program was told how the transfer ended
    tskl_call call;
    char message[CURL_ERROR_SIZE];
} tskl_handle;

/** NULL: not known. The program uses one handle on one thread at a time. */
tskl_handle *tskl_handle_find(CURL *easy);
/** The same, but made known where it is not. NULL: no memory. */
tskl_handle *tskl_handle_get(CURL *easy, const tskl_libcurl *curl);
/** Makes it unknown; the caller has it until tskl_handle_give. NULL: it was not known. */
tskl_handle *tskl_handle_take(CURL *easy);
/** Ends what is under way and gives the memory back. NULL is fine. */
void tskl_handle_give(tskl_handle *handle);

/** A transfer begins: libcurl is told to show it. False: it is not to be observed, or is already.
 */
bool tskl_handle_watch(tskl_handle *handle);
/** Everything is set as the program wishes. */
void tskl_handle_unwatch(tskl_handle *handle);
/** What an option that we set as well is set to by the program, in the handle or for later. True:
 *  libcurl is not to be told now. */
bool tskl_handle_wish(tskl_handle *handle, CURLoption option, void *value);
/** True for those options. */
bool tskl_option_is_ours(CURLoption option);
/** curl_easy_reset was called. */
void tskl_handle_reset(tskl_handle *handle);
/** What libcurl says of a failure. */
const char *tskl_handle_message(const tskl_handle *handle);
#endif
