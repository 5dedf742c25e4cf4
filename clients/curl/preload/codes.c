// SPDX-License-Identifier: Apache-2.0
#include "codes.h"
#include <errno.h>
#include <stddef.h>

// Without pointers, which the loader would have to set in every program.
typedef struct row {
    int number;
    char name[36];
} row;

#define ROW(name) {name, #name}
static const row transfer[] = {
    {CURLE_COULDNT_RESOLVE_PROXY, "ENOTFOUND"},
    {CURLE_COULDNT_RESOLVE_HOST, "ENOTFOUND"},
    {CURLE_OPERATION_TIMEDOUT, "ETIMEDOUT"},
    {CURLE_SEND_ERROR, "ECONNRESET"},
    {CURLE_RECV_ERROR, "ECONNRESET"},
    {CURLE_GOT_NOTHING, "ECONNRESET"},
    {CURLE_PARTIAL_FILE, "ECONNRESET"},
    {CURLE_PROXY, "CURLE_COULDNT_CONNECT"},
    {CURLE_SSL_CACERT_BADFILE, "CURLE_SSL_CACERT_BADFILE"},
    {CURLE_BAD_CONTENT_ENCODING, "CURLE_BAD_CONTENT_ENCODING"},
    {CURLE_WEIRD_SERVER_REPLY, "CURLE_WEIRD_SERVER_REPLY"},
    {CURLE_UNSUPPORTED_PROTOCOL, "CURLE_UNSUPPORTED_PROTOCOL"},
    ROW(CURLE_HTTP2),
    ROW(CURLE_HTTP2_STREAM),
    ROW(CURLE_SSL_CONNECT_ERROR),
    ROW(CURLE_SSL_CERTPROBLEM),
    ROW(CURLE_SSL_PINNEDPUBKEYNOTMATCH),
    ROW(CURLE_SSL_CLIENTCERT),
    ROW(CURLE_TOO_MANY_REDIRECTS),
    {0, "CURLE_OTHER"},
};
static const row connecting[] = {
    {ECONNREFUSED, "ECONNREFUSED"},
    {EHOSTUNREACH, "EHOSTUNREACH"},
    {ENETUNREACH, "ENETUNREACH"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {ETIMEDOUT, "ETIMEDOUT"},
    {ENOENT, "ENOENT"},
    {EACCES, "EACCES"},
    {0, "CURLE_COULDNT_CONNECT"},
};
// OpenSSL's numbers; a host of another name has none.
static const row certificates[] = {
    {9, "CERT_NOT_YET_VALID"},
    {10, "CERT_HAS_EXPIRED"},
    {18, "DEPTH_ZERO_SELF_SIGNED_CERT"},
    {19, "SELF_SIGNED_CERT_IN_CHAIN"},
    {20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"},
    {21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"},
    {0, "CURLE_PEER_FAILED_VERIFICATION"},
};

/** The name of `number`, or that of the last row. */
static const char *name_of(const row *rows, long number) {
    while (rows->number != 0 && rows->number != number) rows++;
    return rows->name;
}

const char *tskl_code_name(CURLcode code, long errnum, long verify) {
    if (code == CURLE_COULDNT_CONNECT) return name_of(connecting, errnum);
    if (code == CURLE_PEER_FAILED_VERIFICATION) return name_of(certificates, verify);
    return name_of(transfer, code);
}

static bool has(const CURLcode *codes, CURLcode code) {
    while (*codes != CURLE_OK && *codes != code) codes++;
    return *codes == code;
}

bool tskl_code_is_abort(CURLcode code) {
    static const CURLcode codes[] = {CURLE_ABORTED_BY_CALLBACK, CURLE_WRITE_ERROR,
                                     CURLE_READ_ERROR,          CURLE_HTTP_RETURNED_ERROR,
                                     CURLE_FILESIZE_EXCEEDED,   CURLE_OK};
    return code != CURLE_OK && has(codes, code);
}

bool tskl_code_is_of_network(CURLcode code) {
    static const CURLcode codes[] = {CURLE_COULDNT_RESOLVE_PROXY,
                                     CURLE_COULDNT_RESOLVE_HOST,
                                     CURLE_COULDNT_CONNECT,
                                     CURLE_INTERFACE_FAILED,
                                     CURLE_SSL_CONNECT_ERROR,
                                     CURLE_PEER_FAILED_VERIFICATION,
                                     CURLE_SSL_CACERT_BADFILE,
                                     CURLE_SSL_CERTPROBLEM,
                                     CURLE_SSL_CIPHER,
                                     CURLE_SSL_CRL_BADFILE,
                                     CURLE_SSL_ENGINE_NOTFOUND,
                                     CURLE_SSL_ENGINE_SETFAILED,
                                     CURLE_SSL_INVALIDCERTSTATUS,
                                     CURLE_SSL_ISSUER_ERROR,
                                     CURLE_SSL_PINNEDPUBKEYNOTMATCH,
                                     CURLE_SSL_CLIENTCERT,
                                     CURLE_PROXY,
                                     CURLE_OPERATION_TIMEDOUT,
                                     CURLE_SEND_ERROR,
                                     CURLE_RECV_ERROR,
                                     CURLE_GOT_NOTHING,
                                     CURLE_ABORTED_BY_CALLBACK,
                                     CURLE_HTTP2,
                                     CURLE_OK};
    return code != CURLE_OK && has(codes, code);
}
