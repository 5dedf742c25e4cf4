// What kind of failure a code, an exception's name or a message stands for, whatever the runtime or
// the browser.
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
    // Chromium, whose names stand behind "net::"
    {"ERR_NAME_*", "dns"},
    {"ERR_DNS_*", "dns"},
    {"ERR_ICANN_NAME_COLLISION", "dns"},
    {"ERR_CONNECTION_REFUSED", "connect"},
    {"ERR_CONNECTION_FAILED", "connect"},
    {"ERR_CONNECTION_TIMED_OUT", "timeout"},
    {"ERR_CONNECTION_*", "reset"}, // RESET, CLOSED, ABORTED
    {"ERR_EMPTY_RESPONSE", "reset"},
    {"ERR_ADDRESS_*", "connect"},
    {"ERR_PROXY_CERTIFICATE_INVALID", "tls"},
    {"ERR_PROXY_*", "connect"},
    {"ERR_TUNNEL_CONNECTION_FAILED", "connect"},
    {"ERR_SOCKS_CONNECTION_*", "connect"},
    {"ERR_INTERNET_DISCONNECTED", "connect"},
    {"ERR_NETWORK_ACCESS_DENIED", "connect"},
    {"ERR_UNSAFE_PORT", "connect"},
    {"ERR_NETWORK_CHANGED", "reset"},
    {"ERR_NETWORK_IO_SUSPENDED", "reset"},
    {"ERR_SOCKET_NOT_CONNECTED", "reset"},
    {"ERR_CONTENT_LENGTH_MISMATCH", "reset"}, // less came than was said
    {"ERR_INCOMPLETE_*", "reset"},
    {"ERR_TIMED_OUT", "timeout"},
    {"ERR_CERT_*", "tls"},
    {"ERR_CERTIFICATE_*", "tls"},
    {"ERR_BAD_SSL_CLIENT_AUTH_CERT", "tls"},
    {"ERR_ECH_*", "tls"},
    {"ERR_INSECURE_RESPONSE", "tls"},
    {"ERR_ABORTED", "aborted"},
    {"ERR_BLOCKED_BY_*", "aborted"},
    {"ERR_QUIC_*", "protocol"},
    {"ERR_SPDY_*", "protocol"},
    {"ERR_HTTP_1_1_REQUIRED", "protocol"},
    {"ERR_INVALID_HTTP_RESPONSE", "protocol"},
    {"ERR_INVALID_CHUNKED_ENCODING", "protocol"},
    {"ERR_RESPONSE_HEADERS_*", "protocol"},
    {"ERR_CONTENT_DECODING_*", "protocol"},
    {"ERR_TOO_MANY_REDIRECTS", "protocol"},
    // Firefox
    {"NS_ERROR_UNKNOWN_*", "dns"}, // HOST, PROXY_HOST
    {"NS_ERROR_DNS_*", "dns"},
    {"NS_ERROR_CONNECTION_REFUSED", "connect"},
    {"NS_ERROR_PROXY_*", "connect"},
    {"NS_ERROR_OFFLINE", "connect"},
    {"NS_ERROR_NET_RESET", "reset"},
    {"NS_ERROR_NET_INTERRUPT", "reset"},
    {"NS_ERROR_NET_PARTIAL_TRANSFER", "reset"},
    {"NS_ERROR_NET_EMPTY_RESPONSE", "reset"},
    {"NS_ERROR_NET_TIMEOUT*", "timeout"},
    {"NS_ERROR_NET_INADEQUATE_SECURITY", "tls"},
    {"NS_ERROR_NET_*", "protocol"}, // of HTTP/2 and HTTP/3
    {"NS_ERROR_CORRUPTED_CONTENT", "protocol"},
    {"NS_ERROR_INVALID_CONTENT_ENCODING", "protocol"},
    {"NS_ERROR_PARSING_HTTP_STATUS_LINE", "protocol"},
    {"NS_ERROR_REDIRECT_LOOP", "protocol"},
    {"NS_ERROR_ABORT", "aborted"},
    {"NS_BINDING_*", "aborted"},
    {"SEC_ERROR_*", "tls"},
    {"SSL_ERROR_*", "tls"},
    {"MOZILLA_PKIX_ERROR_*", "tls"},
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
    {"Malformed *", "protocol"},         // of HTTP::Tiny
    {"ClientResponseError", "protocol"}, // of aiohttp, where there was no answer
    {"HTTPBadResponse", "protocol"},
    {"HTTPHeaderSyntaxError", "protocol"},
    // Java, and Go's io.EOF
    {"UnknownHostException", "dns"},
    {"ConnectException", "connect"},
    {"NoRouteToHostException", "connect"},
    {"SocketTimeoutException", "timeout"},
    {"SSLHandshakeException", "tls"},
    {"SSLException", "tls"},
    {"EOF", "reset"},
};

// Where the code says nothing ("SocketError", "ConnectionError"), the message may: whatever the
// case of its letters. What comes first tells more.
static const row messages[] = {
    {"getaddrinfo", "dns"},
    {"name resolution", "dns"},
    {"name or service not known", "dns"},
    {"resolve host", "dns"},
    {"does not resolve", "dns"},      // musl
    {"nodename nor servname", "dns"}, // macOS
    {"no address associated", "dns"},
    {"no such host", "dns"},                // Go, Windows
    {"hostname could not be found", "dns"}, // Safari
    {"lookup address information", "dns"},  // Rust
    {"certificate", "tls"},
    {"TLS error", "tls"},
    {"secure connection", "tls"},
    {"unreachable", "connect"},
    {"refused", "connect"},
    {"no route to host", "connect"},
    {"connect to the server", "connect"}, // Safari, curl
    {"connect to server", "connect"},
    {"failed to connect", "connect"},
    {"host is down", "connect"},
    {"network is down", "connect"},
    {"requested address", "connect"},
    {"offline", "connect"},
    {"timed out", "timeout"},
    {"timeout", "timeout"},
    {"deadline exceeded", "timeout"},
    {"handshake", "tls"},
    {"reset by peer", "reset"},
    {"connection reset", "reset"},
    {"connection abort", "reset"},    // ECONNABORTED's text
    {"connection was lost", "reset"}, // Safari
    {"hang up", "reset"},
    {"broken pipe", "reset"},
    {"disconnected", "reset"},
    {"premature", "reset"},
    {"unexpected end of file", "reset"},
    {"closed", "reset"},
    {"aborted", "aborted"},
    {"cancelled", "aborted"},
    {"canceled", "aborted"},
    {"parse error", "protocol"},
    {"parse response", "protocol"}, // Safari
    {"malformed", "protocol"},
    {"bad server response", "protocol"},
    {"too many http redirects", "protocol"},
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

static const char *kind_of_code(tskl_slice code) {
    for (size_t i = 0; i < TSKL_COUNT(codes); i++)
        if (takes(tskl_slice_of(codes[i].pattern), code)) return codes[i].kind;
    return NULL;
}

static bool is_of_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// The next run of letters, digits and '_'; empty at the end.
static tskl_slice next_word(tskl_slice *rest) {
    while (rest->len && !is_of_word(rest->ptr[0])) *rest = tskl_slice_from(*rest, 1);
    size_t len = 0;
    while (len < rest->len && is_of_word(rest->ptr[len])) len++;
    tskl_slice word = tskl_slice_first(*rest, len);
    *rest = tskl_slice_from(*rest, len);
    return word;
}

// Codes are names of errno and of browsers: in capitals. "timeout", an exception of Python's, is a
// word like any other in a message.
static bool is_name_of_code(tskl_slice word) {
    if (word.len < 3 || word.ptr[0] < 'A' || word.ptr[0] > 'Z') return false;
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z') return false;
    return true;
}

tskl_slice tskl_error_code_in(tskl_slice message) {
    for (tskl_slice rest = message, word; (word = next_word(&rest)).len;)
        if (is_name_of_code(word) && kind_of_code(word)) return word;
    return (tskl_slice){NULL, 0};
}

static bool says(tskl_slice message, const char *words) {
    tskl_slice wanted = tskl_slice_of(words);
    for (size_t at = 0; at + wanted.len <= message.len; at++)
        if (tskl_slice_starts_nocase(tskl_slice_from(message, at), wanted)) return true;
    return false;
}

static const char *kind_of_message(tskl_slice message) {
    tskl_slice code = tskl_error_code_in(message);
    if (code.len) return kind_of_code(code);
    bool tls = tskl_slice_search(message, TSKL_S("SSL")) != SIZE_MAX ||
               tskl_slice_search(message, TSKL_S("TLS")) != SIZE_MAX;
    for (size_t i = 0; i < TSKL_COUNT(messages); i++) {
        // Libraries name their part in any message; only of a host's name they know nothing.
        bool of_name = messages[i].kind[0] == 'd';
        if (tls && !of_name) return "tls";
        if (says(message, messages[i].pattern)) return messages[i].kind;
    }
    return NULL;
}

tskl_slice tskl_error_kind(tskl_ending ending, tskl_slice code, tskl_slice message) {
    if (ending == TSKL_ABORTED) return TSKL_S("aborted");
    if (tskl_slice_equal(code, TSKL_S("Timeout::Error"))) return TSKL_S("timeout");
    code = without_modules(code);
    const char *kind = kind_of_both(code, message);
    if (!kind) kind = kind_of_code(code);
    if (!kind) kind = kind_of_message(message);
    return kind ? tskl_slice_of(kind) : TSKL_S("other");
}
