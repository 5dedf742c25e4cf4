// SPDX-License-Identifier: Apache-2.0
#include "exchange/view.h"
#include "harness.h"

TEST(error_kind, is_the_same_for_every_runtime) {
    static const struct {
        const char *code, *message, *kind;
    } rows[] = {
        {"ENOTFOUND", "", "dns"},
        {"EAI_AGAIN", "", "dns"},
        {"socket.gaierror", "", "dns"},
        {"SocketError", "Failed to open TCP connection (getaddrinfo: Name or service not known)",
         "dns"},
        {"CURLE_COULDNT_RESOLVE_HOST", "", "dns"},
        {"ECONNREFUSED", "", "connect"},
        {"Errno::ECONNREFUSED", "", "connect"},
        {"ConnectionRefusedError", "", "connect"},
        {"EHOSTUNREACH", "", "connect"},
        {"requests.exceptions.ConnectionError", "[Errno 111] Connection refused", "connect"},
        {"CERT_HAS_EXPIRED", "", "tls"},
        {"DEPTH_ZERO_SELF_SIGNED_CERT", "", "tls"},
        {"UNABLE_TO_VERIFY_LEAF_SIGNATURE", "", "tls"},
        {"ERR_TLS_CERT_ALTNAME_INVALID", "", "tls"},
        {"ERR_SSL_WRONG_VERSION_NUMBER", "", "tls"},
        {"OpenSSL::SSL::SSLError", "", "tls"},
        {"ssl.SSLCertVerificationError", "", "tls"},
        {"CURLE_PEER_FAILED_VERIFICATION", "", "tls"},
        {"ECONNRESET", "socket hang up", "reset"},
        {"EPIPE", "", "reset"},
        {"UND_ERR_SOCKET", "other side closed", "reset"},
        {"http.client.RemoteDisconnected", "", "reset"},
        {"UND_ERR_CONNECT_TIMEOUT", "", "timeout"},
        {"UND_ERR_HEADERS_TIMEOUT", "", "timeout"},
        {"NGHTTP2_CANCEL", "", "reset"},
        {"ECONNABORTED", "read ECONNABORTED", "reset"},
        {"ECONNABORTED", "timeout of 600ms exceeded", "timeout"},
        {"UND_ERR_ABORTED", "Request aborted", "aborted"},
        {"UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling", "connect"},
        {"ETIMEDOUT", "", "timeout"},
        {"aiohttp.ClientResponseError", "400, message='Bad status line'", "protocol"},
        {"Malformed Status-Line", "Malformed Status-Line: nonsense", "protocol"},
        {"Net::OpenTimeout", "", "timeout"},
        {"Timeout::Error", "", "timeout"},
        {"ReadTimeoutError", "", "timeout"},
        {"CURLE_OPERATION_TIMEDOUT", "", "timeout"},
        {"ABORT_ERR", "", "aborted"},
        {"AbortError", "", "aborted"},
        {"HPE_INVALID_CONSTANT", "", "protocol"},
        {"ERR_HTTP2_STREAM_ERROR", "", "protocol"},
        {"UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "", "protocol"},
        {"http.client.BadStatusLine", "", "protocol"},
        {"EWHATEVER", "", "other"},
        {"", "", "other"},
        {"", "read ETIMEDOUT: timed out", "timeout"},
        {"::", "", "other"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].kind),
                   tskl_error_kind(TSKL_FAILED, tskl_slice_of(rows[i].code),
                                   tskl_slice_of(rows[i].message)));
}

TEST(error_kind, is_found_in_what_browsers_and_libraries_say) {
    static const struct {
        const char *message, *code, *kind;
    } rows[] = {
        {"connect ECONNREFUSED 127.0.0.1:9", "ECONNREFUSED", "connect"},
        {"getaddrinfo ENOTFOUND api.example.test", "ENOTFOUND", "dns"},
        {"read ECONNRESET (TLS)", "ECONNRESET", "reset"},
        {"net::ERR_NAME_RESOLUTION_FAILED", "ERR_NAME_RESOLUTION_FAILED", "dns"},
        {"page.goto: net::ERR_DNS_TIMED_OUT at https://a/", "ERR_DNS_TIMED_OUT", "dns"},
        {"net::ERR_TUNNEL_CONNECTION_FAILED", "ERR_TUNNEL_CONNECTION_FAILED", "connect"},
        {"net::ERR_CONNECTION_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT", "timeout"},
        {"net::ERR_CERT_DATE_INVALID", "ERR_CERT_DATE_INVALID", "tls"},
        {"net::ERR_SSL_PROTOCOL_ERROR", "ERR_SSL_PROTOCOL_ERROR", "tls"},
        {"net::ERR_QUIC_PROTOCOL_ERROR", "ERR_QUIC_PROTOCOL_ERROR", "protocol"},
        {"net::ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_INCOMPLETE_CHUNKED_ENCODING", "reset"},
        {"net::ERR_BLOCKED_BY_CLIENT", "ERR_BLOCKED_BY_CLIENT", "aborted"},
        {"net::ERR_FAILED", "", "other"},
        {"NS_ERROR_NET_INTERRUPT", "NS_ERROR_NET_INTERRUPT", "reset"},
        {"NS_ERROR_NET_TIMEOUT_EXTERNAL", "NS_ERROR_NET_TIMEOUT_EXTERNAL", "timeout"},
        {"NS_BINDING_ABORTED", "NS_BINDING_ABORTED", "aborted"},
        {"SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNKNOWN_ISSUER", "tls"},
        {"A server with the specified hostname could not be found.", "", "dns"},
        {"Could not connect to the server.", "", "connect"},
        {"The network connection was lost.", "", "reset"},
        {"The request timed out.", "", "timeout"},
        {"The Internet connection appears to be offline.", "", "connect"},
        {"A TLS error caused the secure connection to fail.", "", "tls"},
        {"cannot parse response", "", "protocol"},
        {"cancelled", "", "aborted"},
        {"dial tcp: lookup a.example: no such host", "", "dns"},
        {"context deadline exceeded (Client.Timeout exceeded)", "", "timeout"},
        {"Get \"https://a/\": EOF", "EOF", "reset"},
        {"No route to host", "", "connect"},
        {"Connection refused", "", "connect"},
        {"cURL error 6: Could not resolve host: a", "", "dns"},
        {"Unexpected Eof of the Timeouts", "", "timeout"},
        {"nothing of this", "", "other"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice message = tskl_slice_of(rows[i].message);
        CHECK_TEXT(tskl_slice_of(rows[i].code), tskl_error_code_in(message));
        CHECK_SAY(tskl_slice_equal(tskl_slice_of(rows[i].kind),
                                   tskl_error_kind(TSKL_FAILED, TSKL_S(""), message)),
                  "row %zu: %s", i, rows[i].message);
    }
}

TEST(error_kind, is_aborted_when_the_application_gave_up) {
    CHECK_TEXT(TSKL_S("aborted"), tskl_error_kind(TSKL_ABORTED, TSKL_S("ECONNRESET"), TSKL_S("")));
}
