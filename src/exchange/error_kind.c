// What kind of failure a code or an exception's name stands for, whatever the runtime.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/view.h"

typedef struct row {
    const char *pattern; // with '*' at its end: any code that begins so
    const char *kind;
} row;

// The first that fits counts: exceptions to a pattern stand before it. Names of exceptions stand
// without their modules: requests.exceptions.SSLError and OpenSSL::SSL::SSLError are SSLError.
static const row codes[] = {
    // errno, and what Node.js makes of it
    {"ECONNREFUSED", "connect"},
    {"EHOSTUNREACH", "connect"},
    {"EHOSTDOWN", "connect"},
    {"ENETUNREACH", "connect"},
    {"ENETDOWN", "connect"},
    {"EADDRNOTAVAIL", "connect"},
    {"EACCES", "connect"},
    {"ENOENT", "connect"}, // of a socket's path
    {"ECONNRESET", "reset"},
    {"ECONNABORTED", "reset"},
    {"EPIPE", "reset"},
    {"ENOTCONN", "reset"},
    {"ETIMEDOUT", "timeout"},
    {"ESOCKETTIMEDOUT", "timeout"},
    {"ENOTFOUND", "dns"},
    {"ENODATA", "dns"},
    {"ESERVFAIL", "dns"},
    {"EAI_*", "dns"},
    {"EPROTO", "tls"}, // OpenSSL's alerts come this way
    // Node.js
    {"UND_ERR_CONNECT_TIMEOUT", "timeout"},
    {"UND_ERR_HEADERS_TIMEOUT", "timeout"},
    {"UND_ERR_BODY_TIMEOUT", "timeout"},
    {"UND_ERR_SOCKET", "reset"},
    {"UND_ERR_ABORTED", "aborted"},
    {"UND_ERR_DESTROYED", "aborted"},
    {"UND_ERR_CLOSED", "aborted"},
    {"UND_ERR_*", "protocol"},
    {"ERR_SOCKET_CONNECTION_TIMEOUT", "timeout"},
    {"ERR_STREAM_PREMATURE_CLOSE", "reset"},
    {"ERR_CANCELED", "aborted"},
    {"ABORT_ERR", "aborted"},
    {"TIMEOUT_ERR", "timeout"},
    {"ERR_TLS_*", "tls"},
    {"ERR_SSL_*", "tls"},
    {"ERR_OSSL_*", "tls"},
    {"ERR_HTTP2_STREAM_CANCEL", "reset"},
    {"ERR_HTTP2_*", "protocol"},
    {"NGHTTP2_*", "reset"}, // how a stream was closed before its answer was complete
    {"HPE_*", "protocol"},
    // OpenSSL's reasons not to trust a certificate
    {"CERT_*", "tls"},
    {"CRL_*", "tls"},
    {"DEPTH_ZERO_SELF_SIGNED_CERT", "tls"},
    {"HOSTNAME_MISMATCH", "tls"},
    {"INVALID_CA", "tls"},
    {"INVALID_PURPOSE", "tls"},
    {"SELF_SIGNED_CERT_IN_CHAIN", "tls"},
    {"UNABLE_TO_*", "tls"},
    // libcurl
    {"CURLE_COULDNT_RESOLVE_*", "dns"},
    {"CURLE_COULDNT_CONNECT", "connect"},
    {"CURLE_OPERATION_TIMEDOUT", "timeout"},
    {"CURLE_SSL_*", "tls"},
    {"CURLE_USE_SSL_FAILED", "tls"},
    {"CURLE_PEER_FAILED_VERIFICATION", "tls"},
    {"CURLE_SEND_ERROR", "reset"},
    {"CURLE_RECV_ERROR", "reset"},
    {"CURLE_GOT_NOTHING", "reset"},
    {"CURLE_PARTIAL_FILE", "reset"},
    {"CURLE_ABORTED_BY_CALLBACK", "aborted"},
    {"CURLE_WRITE_ERROR", "aborted"},
    {"CURLE_UNSUPPORTED_PROTOCOL", "protocol"},
    {"CURLE_WEIRD_SERVER_REPLY", "protocol"},
    {"CURLE_BAD_CONTENT_ENCODING", "protocol"},
    {"CURLE_HTTP*", "protocol"},
    {"CURLE_QUIC*", "protocol"},
    // Python, Ruby, the DOM
    {"gaierror", "dns"},
    {"herror", "dns"},
    {"NameResolutionError", "dns"},
    {"ResolutionError", "dns"},
    {"ConnectionRefusedError", "connect"},
    {"NewConnectionError", "connect"},
    {"ConnectError", "connect"},
    {"ConnectionFailed", "connect"},
    {"ClientConnectorError", "connect"},
    {"SSLError", "tls"},
    {"SSLCertVerificationError", "tls"},
    {"SSLEOFError", "tls"},
    {"SSLZeroReturnError", "tls"},
    {"CertificateError", "tls"},
    {"CertificateUnverifiable", "tls"},
    {"ClientConnectorCertificateError", "tls"},
    {"ClientConnectorSSLError", "tls"},
    {"ConnectionResetError", "reset"},
    {"ConnectionAbortedError", "reset"},
    {"BrokenPipeError", "reset"},
    {"RemoteDisconnected", "reset"},
    {"ServerDisconnectedError", "reset"},
    {"ClientPayloadError", "reset"},
    {"ChunkedEncodingError", "reset"},
    {"IncompleteRead", "reset"},
    {"EOFError", "reset"},
    {"ReadError", "reset"},
    {"WriteError", "reset"},
    {"timeout", "timeout"},
    {"Timeout", "timeout"},
    {"TimeoutError", "timeout"},
    {"ConnectTimeout*", "timeout"},
    {"ReadTimeout*", "timeout"},
    {"WriteTimeout*", "timeout"},
    {"OpenTimeout", "timeout"},
    {"PoolTimeout", "timeout"},
    {"ServerTimeoutError", "timeout"},
    {"AbortError", "aborted"},
    {"CancelledError", "aborted"},
    {"BadStatusLine", "protocol"},
    {"LineTooLong", "protocol"},
    {"LocalProtocolError", "protocol"},
    {"RemoteProtocolError", "protocol"},
    {"ProtocolError", "protocol"},
    {"Malformed *", "protocol"}, // of HTTP::Tiny
    {"ClientResponseError", "protocol"}, // of aiohttp, where there was no answer
    {"HTTPBadResponse", "protocol"},
    {"HTTPHeaderSyntaxError", "protocol"},
};

// Where the code says nothing ("SocketError", "ConnectionError"), the message may.
static const row messages[] = {
    {"getaddrinfo", "dns"},   {"name resolution", "dns"}, {"Name or service not known", "dns"},
    {"resolve host", "dns"},  {"certificate", "tls"},     {"SSL", "tls"},
    {"TLS", "tls"},           {"refused", "connect"},     {"unreachable", "connect"},
    {"timed out", "timeout"}, {"timeout", "timeout"},     {"reset by peer", "reset"},
    {"hang up", "reset"},     {"Broken pipe", "reset"},   {"disconnected", "reset"},
    {"closed", "reset"},      {"aborted", "aborted"},
};

static bool takes(tskl_slice pattern, tskl_slice code) {
    if (!tskl_slice_ends(pattern, TSKL_S("*"))) return tskl_slice_equal(pattern, code);
    return tskl_slice_starts(code, tskl_slice_first(pattern, pattern.len - 1));
}

// "Errno::ECONNREFUSED" and "socket.gaierror" without their modules.
static tskl_slice without_modules(tskl_slice code) {
    size_t start = code.len;
    while (start > 0 && code.ptr[start - 1] != ':' && code.ptr[start - 1] != '.') start--;
    return tskl_slice_from(code, start);
}

// Codes with two meanings, told apart by the message.
static const char *kind_of_both(tskl_slice code, tskl_slice message) {
    // axios ends its own timeouts with the code of a broken connection.
    if (tskl_slice_equal(code, TSKL_S("ECONNABORTED")) &&
        tskl_slice_search(message, TSKL_S("timeout")) != SIZE_MAX)
        return "timeout";
    // undici gives up with one code whether the application asked for it or a proxy refused.
    if (tskl_slice_equal(code, TSKL_S("UND_ERR_ABORTED")) &&
        tskl_slice_starts(message, TSKL_S("Proxy response")))
        return "connect";
    return NULL;
}

tskl_slice tskl_error_kind(tskl_ending ending, tskl_slice code, tskl_slice message) {
    if (ending == TSKL_ABORTED) return TSKL_S("aborted");
    if (tskl_slice_equal(code, TSKL_S("Timeout::Error"))) return TSKL_S("timeout");
    code = without_modules(code);
    const char *kind = kind_of_both(code, message);
    if (kind) return tskl_slice_of(kind);
    for (size_t i = 0; i < TSKL_COUNT(codes); i++)
        if (takes(tskl_slice_of(codes[i].pattern), code)) return tskl_slice_of(codes[i].kind);
    for (size_t i = 0; i < TSKL_COUNT(messages); i++)
        if (tskl_slice_search(message, tskl_slice_of(messages[i].pattern)) != SIZE_MAX)
            return tskl_slice_of(messages[i].kind);
    return TSKL_S("other");
}
