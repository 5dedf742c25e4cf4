// entries: the functions of libcurl that a program finds here first, once for each version that a
// reference may name. All else of libcurl it finds where it always did.
// SPDX-License-Identifier: Apache-2.0
#include "handles.h"
#include "loader.h"
#include <errno.h>

/** The handle, where the call is a program's own and the handle is known. */
static tskl_handle *handle_of(tskl_caller by, CURL *easy) {
    return by.is_inside || !easy ? NULL : tskl_handle_find(easy);
}

static CURLcode easy_setopt(tskl_flavour flavour, const void *from, CURL *easy, CURLoption option,
                            void *value) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return CURLE_FAILED_INIT;
    if (!by.is_inside && easy && tskl_option_is_ours(option)) {
        int saved = errno;
        tskl_handle *handle =
            tskl_reporter_is_wanted() ? tskl_handle_get(easy, by.curl) : tskl_handle_find(easy);
        bool done = handle && tskl_handle_wish(handle, option, value);
        errno = saved;
        if (done) return CURLE_OK;
    }
    return by.curl->easy_setopt(easy, option, value);
}

static bool watch(tskl_handle *handle) {
    int saved = errno;
    bool watched = handle && tskl_handle_watch(handle);
    errno = saved;
    return watched;
}

static CURLcode easy_perform(tskl_flavour flavour, const void *from, CURL *easy) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return CURLE_FAILED_INIT;
    tskl_handle *handle = handle_of(by, easy);
    if (!watch(handle)) return by.curl->easy_perform(easy);
    handle->performing = true;
    CURLcode code = by.curl->easy_perform(easy);
    int saved = errno;
    handle->performing = false;
    tskl_call_finish(&handle->call, code, tskl_handle_message(handle));
    tskl_handle_unwatch(handle);
    errno = saved;
    return code;
}

static void easy_cleanup(tskl_flavour flavour, const void *from, CURL *easy) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return;
    // Another thread may be given the same address as soon as it is free.
    tskl_handle *handle = by.is_inside || !easy ? NULL : tskl_handle_take(easy);
    by.curl->easy_cleanup(easy);
    int saved = errno;
    tskl_handle_give(handle);
    errno = saved;
}

static void easy_reset(tskl_flavour flavour, const void *from, CURL *easy) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return;
    by.curl->easy_reset(easy);
    tskl_handle *handle = handle_of(by, easy);
    if (handle) tskl_handle_reset(handle);
}

static CURL *easy_duphandle(tskl_flavour flavour, const void *from, CURL *easy) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return NULL;
    CURL *copy = by.curl->easy_duphandle(easy);
    tskl_handle *handle = handle_of(by, easy), *twin = NULL;
    if (handle && copy) twin = tskl_handle_get(copy, by.curl);
    if (!twin) return copy;
    twin->wishes = handle->wishes;
    twin->watched = handle->watched; // as is all that was copied
    tskl_handle_unwatch(twin);
    return copy;
}

static CURLMcode multi_add_handle(tskl_flavour flavour, const void *from, CURLM *multi,
                                  CURL *easy) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return CURLM_INTERNAL_ERROR;
    tskl_handle *handle = handle_of(by, easy);
    bool watched = watch(handle);
    CURLMcode code = by.curl->multi_add_handle(multi, easy);
    if (watched && code != CURLM_OK) tskl_handle_unwatch(handle);
    return code;
}

static CURLMcode multi_remove_handle(tskl_flavour flavour, const void *from, CURLM *multi,
                                     CURL *easy) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return CURLM_INTERNAL_ERROR;
    tskl_handle *handle = handle_of(by, easy);
    // What is said from here on is the end that the program makes.
    bool over = handle && handle->call.over;
    bool begun = handle && handle->watched && tskl_call_is_begun(&handle->call);
    CURLMcode code = by.curl->multi_remove_handle(multi, easy);
    if (!handle || !handle->watched || handle->performing || code != CURLM_OK) return code;
    int saved = errno;
    handle->call.over = over;
    if (begun && !handle->finished) tskl_call_leave(&handle->call, tskl_handle_message(handle));
    tskl_handle_unwatch(handle);
    errno = saved;
    return code;
}

static CURLMsg *multi_info_read(tskl_flavour flavour, const void *from, CURLM *multi, int *left) {
    tskl_caller by = tskl_caller_at(flavour, from);
    if (!by.curl) return NULL;
    CURLMsg *message = by.curl->multi_info_read(multi, left);
    if (!message || message->msg != CURLMSG_DONE) return message;
    tskl_handle *handle = handle_of(by, message->easy_handle);
    if (!handle || !handle->watched) return message;
    int saved = errno;
    tskl_call_finish(&handle->call, message->data.result, tskl_handle_message(handle));
    handle->finished = true;
    errno = saved;
    return message;
}

#define CALLER(flavour) TSKL_FLAVOUR_##flavour, __builtin_return_address(0)
#define ENTRY(type, flavour, function, parameters, ...)                                            \
    type tskl_##flavour##_##function parameters;                                                   \
    type tskl_##flavour##_##function parameters {                                                  \
        return function(CALLER(flavour), __VA_ARGS__);                                             \
    }
#define NOTHING_ENTRY(flavour, function)                                                           \
    void tskl_##flavour##_##function(CURL *easy);                                                  \
    void tskl_##flavour##_##function(CURL *easy) {                                                 \
        function(CALLER(flavour), easy);                                                           \
    }
// An option's value comes as any one of many types, all of which travel in one register here.
#define ENTRIES(flavour)                                                                           \
    ENTRY(CURLcode, flavour, easy_setopt, (CURL * easy, CURLoption option, void *value), easy,     \
          option, value)                                                                           \
    ENTRY(CURLcode, flavour, easy_perform, (CURL * easy), easy)                                    \
    NOTHING_ENTRY(flavour, easy_cleanup)                                                           \
    NOTHING_ENTRY(flavour, easy_reset)                                                             \
    ENTRY(CURL *, flavour, easy_duphandle, (CURL * easy), easy)                                    \
    ENTRY(CURLMcode, flavour, multi_add_handle, (CURLM * multi, CURL * easy), multi, easy)         \
    ENTRY(CURLMcode, flavour, multi_remove_handle, (CURLM * multi, CURL * easy), multi, easy)      \
    ENTRY(CURLMsg *, flavour, multi_info_read, (CURLM * multi, int *left), multi, left)

#define EXPORT(flavour, at, function)                                                              \
    __asm__(".symver tskl_" #flavour "_" #function ", curl_" #function at);
#define EXPORTS(flavour, at)                                                                       \
    EXPORT(flavour, at, easy_setopt)                                                               \
    EXPORT(flavour, at, easy_perform)                                                              \
    EXPORT(flavour, at, easy_cleanup)                                                              \
    EXPORT(flavour, at, easy_reset)                                                                \
    EXPORT(flavour, at, easy_duphandle)                                                            \
    EXPORT(flavour, at, multi_add_handle)                                                          \
    EXPORT(flavour, at, multi_remove_handle)                                                       \
    EXPORT(flavour, at, multi_info_read)

#pragma GCC visibility push(default)
ENTRIES(openssl)
ENTRIES(gnutls)
ENTRIES(any)
#pragma GCC visibility pop
EXPORTS(openssl, "@CURL_OPENSSL_4")
EXPORTS(gnutls, "@CURL_GNUTLS_3")
EXPORTS(any, "@@TASKLESS")

ENTRIES(given)
#define GIVEN(function) (tskl_function *)tskl_given_##function
tskl_function *const tskl_given_entries[TSKL_LIBCURL_MEMBERS] = {
    GIVEN(easy_setopt),      NULL,
    GIVEN(easy_perform),     GIVEN(easy_cleanup),
    GIVEN(easy_reset),       GIVEN(easy_duphandle),
    GIVEN(multi_add_handle), GIVEN(multi_remove_handle),
    GIVEN(multi_info_read),
};
