// base: the few types that every part of taskless's C interface shares.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_BASE_H
#define TASKLESS_BASE_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TSKL_API __attribute__((visibility("default")))
#define TSKL_MUST_USE __attribute__((warn_unused_result)) // a status that goes unread is a fault
#else
#define TSKL_API
#define TSKL_MUST_USE
#endif

/** Borrowed bytes: neither owned nor ended by a zero. `ptr` may be NULL when `len` is 0. */
typedef struct tskl_slice {
    const char *ptr;
    size_t len;
} tskl_slice;

/** What a function that can fail came to: X(name, text for a person). */
#define TSKL_STATUSES(X)                                                                           \
    X(OK, "done")                                                                                  \
    X(ERR_NOMEM, "out of memory")                                                                  \
    X(ERR_INVALID, "a value is not allowed")                                                       \
    X(ERR_SYNTAX, "text could not be read")                                                        \
    X(ERR_NOT_FOUND, "not found")                                                                  \
    X(ERR_IO, "reading or writing failed")                                                         \
    X(ERR_LIMIT, "a limit was reached")                                                            \
    X(ERR_TIMEOUT, "time ran out")                                                                 \
    X(ERR_UNTRUSTED, "others may write there")                                                     \
    X(ERR_MISMATCH, "content differs from what was promised")                                      \
    X(ERR_UNSUPPORTED, "not supported")                                                            \
    X(ERR_UNAVAILABLE, "not available yet")                                                        \
    X(ERR_NETWORK, "the network failed")                                                           \
    X(ERR_CLOSED, "already closed")                                                                \
    X(ERR_BUG, "a fault in taskless itself")

typedef enum tskl_status {
#define TSKL_STATUS_ENUM(name, text) TSKL_##name,
    TSKL_STATUSES(TSKL_STATUS_ENUM)
#undef TSKL_STATUS_ENUM
} tskl_status;

/** Why a call failed. It is the caller's, usually on its stack, or NULL; there is nothing to free.
 *  Where a call succeeded its status is TSKL_OK and its message empty. */
typedef struct tskl_error {
    tskl_status status;
    char message[240]; // one line for a person; ends with a zero
} tskl_error;

/** The text of a status, such as "out of memory". Static; never NULL. Any thread. */
TSKL_API const char *tskl_status_text(tskl_status status);

/** The version of the library that is loaded, such as "0.1.0". Static. Any thread. */
TSKL_API const char *tskl_version(void);

#ifdef __cplusplus
}
#endif
#endif
