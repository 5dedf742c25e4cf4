// SPDX-License-Identifier: Apache-2.0
#include "handles.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // held for a few instructions at a time
static pthread_once_t once = PTHREAD_ONCE_INIT;
static tskl_handle *buckets[BUCKETS];
static tskl_handle *unused;

static void lock_all(void) {
    pthread_mutex_lock(&lock);
}

static void unlock_all(void) {
    pthread_mutex_unlock(&lock);
}

static void prepare_for_forks(void) {
    pthread_atfork(lock_all, unlock_all, unlock_all);
}

static tskl_handle **place_of(CURL *easy) {
    uintptr_t number = (uintptr_t)easy >> 4;
    tskl_handle **at = &buckets[(number ^ number >> 8 ^ number >> 16) % BUCKETS];
    while (*at && (*at)->easy != easy) at = &(*at)->next;
    return at;
}

tskl_handle *tskl_handle_find(CURL *easy) {
    lock_all();
    tskl_handle *found = *place_of(easy);
    unlock_all();
    return found;
}

static tskl_handle *new_handle(void) {
    tskl_handle *handle = unused;
    if (handle)
        unused = handle->next;
    else
        handle = malloc(sizeof *handle);
    if (handle) *handle = (tskl_handle){0};
    return handle;
}

tskl_handle *tskl_handle_get(CURL *easy, const tskl_libcurl *curl) {
    pthread_once(&once, prepare_for_forks);
    lock_all();
    tskl_handle **at = place_of(easy);
    if (!*at && (*at = new_handle())) {
        (*at)->easy = easy;
        (*at)->curl = curl;
    }
    tskl_handle *found = *at;
    unlock_all();
    return found;
}

tskl_handle *tskl_handle_take(CURL *easy) {
    lock_all();
    tskl_handle **at = place_of(easy), *found = *at;
    if (found) *at = found->next;
    unlock_all();
    return found;
}

void tskl_handle_give(tskl_handle *handle) {
    if (!handle) return;
    tskl_call_deinit(&handle->call);
    handle->easy = NULL;
    handle->wishes = (tskl_wishes){0};
    lock_all();
    handle->next = unused;
    unused = handle;
    unlock_all();
}

/** As libcurl itself writes what no debug function takes. */
static void print(FILE *file, curl_infotype kind, const char *data, size_t size) {
    static const char *const marks[] = {"* ", "< ", "> "};
    if (kind > CURLINFO_HEADER_OUT) return;
    fwrite(marks[kind], 2, 1, file);
    fwrite(data, size, 1, file);
}

static int pass_on(const tskl_wishes *wishes, CURL *easy, curl_infotype kind, char *data,
                   size_t size) {
    if (!wishes->verbose) return 0;
    if (wishes->debug) return wishes->debug(easy, kind, data, size, wishes->debug_data);
    print(wishes->error_file ? wishes->error_file : stderr, kind, data, size);
    return 0;
}

static int on_debug(CURL *easy, curl_infotype kind, char *data, size_t size, void *user) {
    tskl_handle *handle = user;
    int saved = errno;
    // libcurl makes handles after the image of this one, which are not the program's calls.
    if (easy == handle->easy) tskl_call_show(&handle->call, kind, data, size);
    errno = saved;
    return pass_on(&handle->wishes, easy, kind, data, size);
}

static ssize_t swallow(void *cookie, const char *data, size_t size) {
    (void)cookie;
    (void)data;
    return (ssize_t)size;
}

// libcurl's own lookups over HTTPS are verbose when the handle is, and know of no debug function.
static FILE *sink(void) {
    static FILE *made;
    lock_all();
    if (!made) made = fopencookie(NULL, "w", (cookie_io_functions_t){.write = swallow});
    FILE *file = made;
    unlock_all();
    return file;
}

#define SET(handle, option, value) (handle)->curl->easy_setopt((handle)->easy, option, value)

static bool may_be_http(const tskl_handle *handle) {
    char *url = NULL;
    if (handle->curl->easy_getinfo(handle->easy, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK || !url)
        return true;
    const char *colon = strstr(url, "://");
    return !colon || strncasecmp(url, "http", 4) == 0;
}

static void set_ours(tskl_handle *handle) {
    const tskl_wishes *wishes = &handle->wishes;
    SET(handle, CURLOPT_DEBUGFUNCTION, on_debug);
    SET(handle, CURLOPT_DEBUGDATA, handle);
    SET(handle, CURLOPT_VERBOSE, 1L);
    if (!wishes->error_buffer) SET(handle, CURLOPT_ERRORBUFFER, handle->message);
    if (wishes->asks_doh && !wishes->verbose) SET(handle, CURLOPT_STDERR, sink());
}

bool tskl_handle_watch(tskl_handle *handle) {
    const tskl_wishes *wishes = &handle->wishes;
    if (handle->watched || !may_be_http(handle)) return false;
    // Where libcurl's progress meter writes, nothing may be swallowed.
    if (wishes->asks_doh && !wishes->verbose && wishes->shows_progress) return false;
    const char *version = handle->curl->version_info(CURLVERSION_NOW)->version;
    const tskl_reporter *reporter = tskl_reporter_open(version);
    if (!reporter) return false;
    tskl_call_start(&handle->call, reporter, handle->curl, handle->easy, wishes->headers);
    handle->message[0] = 0;
    handle->watched = true;
    handle->finished = false;
    set_ours(handle);
    return true;
}

void tskl_handle_unwatch(tskl_handle *handle) {
    const tskl_wishes *wishes = &handle->wishes;
    if (!handle->watched) return;
    handle->watched = false;
    SET(handle, CURLOPT_VERBOSE, (long)wishes->verbose);
    // A connection that was opened in our time shows its TLS to this function, verbose or not.
    SET(handle, CURLOPT_DEBUGFUNCTION, wishes->verbose ? wishes->debug : NULL);
    SET(handle, CURLOPT_DEBUGDATA, wishes->debug_data);
    SET(handle, CURLOPT_ERRORBUFFER, wishes->error_buffer);
    if (wishes->asks_doh) SET(handle, CURLOPT_STDERR, wishes->error_file);
}

bool tskl_option_is_ours(CURLoption option) {
    switch ((int)option) {
    case CURLOPT_URL:
    case CURLOPT_CURLU:
    case CURLOPT_HTTPHEADER:
    case CURLOPT_DOH_URL:
    case CURLOPT_NOPROGRESS:
    case CURLOPT_VERBOSE:
    case CURLOPT_DEBUGFUNCTION:
    case CURLOPT_DEBUGDATA:
    case CURLOPT_ERRORBUFFER:
    case CURLOPT_STDERR: return true;
    default: return false;
    }
}

static void show_verbose(tskl_handle *handle) {
    if (handle->watched) return;
    SET(handle, CURLOPT_DEBUGFUNCTION, handle->wishes.verbose ? handle->wishes.debug : NULL);
}

bool tskl_handle_wish(tskl_handle *handle, CURLoption option, void *value) {
    tskl_wishes *wishes = &handle->wishes;
    bool swallowed = handle->watched && wishes->asks_doh && !wishes->verbose;
    switch ((int)option) {
    case CURLOPT_HTTPHEADER: wishes->headers = value; return false;
    case CURLOPT_DOH_URL: wishes->asks_doh = value; return false;
    case CURLOPT_NOPROGRESS: wishes->shows_progress = !value; return false;
    case CURLOPT_VERBOSE:
        wishes->verbose = value;
        show_verbose(handle);
        return handle->watched;
    case CURLOPT_DEBUGFUNCTION:
        memcpy(&wishes->debug, &value, sizeof value);
        return handle->watched || !wishes->verbose;
    case CURLOPT_DEBUGDATA: wishes->debug_data = value; return handle->watched;
    case CURLOPT_ERRORBUFFER:
        wishes->error_buffer = value;
        if (!handle->watched || value) return false;
        SET(handle, CURLOPT_ERRORBUFFER, handle->message);
        return true;
    case CURLOPT_STDERR: wishes->error_file = value; return swallowed;
    default: return false;
    }
}

void tskl_handle_reset(tskl_handle *handle) {
    handle->wishes = (tskl_wishes){0};
    if (handle->watched) set_ours(handle);
}

const char *tskl_handle_message(const tskl_handle *handle) {
    return handle->wishes.error_buffer ? handle->wishes.error_buffer : handle->message;
}
