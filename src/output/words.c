// SPDX-License-Identifier: Apache-2.0
#include "output/words.h"

const char *tskl_words_advice(tskl_slice advice, tskl_slice class) {
    // The first row that fits: an empty class takes any.
    static const struct {
        const char *advice, *class, *meaning;
    } rows[] = {
        {"yes", "", "retry: it may work the next time"},
        {"after", "", "retry later"},
        {"no", "", "do not retry: it would fail again"},
        {"reauth", "", "renew the credentials, then retry"},
        {"pay", "declined", "do not retry: another way to pay is needed"},
        {"pay", "quota", "do not retry: credit or a larger quota is needed"},
        {"pay", "", "do not retry: a payment is needed first"},
        {"fix", "auth", "do not retry: correct the credentials first"},
        {"fix", "permission", "do not retry: the permission has to be granted first"},
        {"fix", "not_found", "do not retry: what it asks for is not there"},
        {"fix", "conflict", "look at the present state, then send it anew"},
        {"fix", "idempotency", "do not retry with this idempotency key: take a new one"},
        {"fix", "partial", "correct the parts that failed and send only those"},
        {"fix", "", "do not retry: correct the request first"},
        {"", "auth", "check the credentials"},
        {"", "permission", "check what these credentials may do"},
        {"", "invalid", "correct the request"},
        {"", "not_found", "check what it asks for"},
        {"", "conflict", "look at the present state, then send it anew"},
        {"", "idempotency", "take a new idempotency key"},
        {"", "rate", "slow down, then retry"},
        {"", "quota", "raise the quota"},
        {"", "declined", "another way to pay is needed"},
        {"", "overloaded", "retry later"},
        {"", "timeout", "retry, if it may happen twice"},
        {"", "server", "retry later"},
        {"", "partial", "look at the parts that failed"},
        {"", "network", "check the network, then retry"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice of_class = tskl_slice_of(rows[i].class);
        if (tskl_slice_equal(tskl_slice_of(rows[i].advice), advice) &&
            (of_class.len == 0 || tskl_slice_equal(of_class, class)))
            return rows[i].meaning;
    }
    // A word from outside the list says nothing; the class may.
    return advice.len > 0 ? tskl_words_advice((tskl_slice){0}, class) : NULL;
}

const tskl_error_words *tskl_words_error(tskl_slice kind) {
    static const struct {
        const char *kind;
        tskl_error_words words;
    } rows[] = {
        {"dns", {"no such host", "check the host's name and this machine's DNS"}},
        {"connect", {"no connection", "check that the service runs there and can be reached"}},
        {"tls", {"no secure connection", "check the certificate, its names and the clock"}},
        {"reset", {"connection dropped", "retry, if it may happen twice"}},
        {"timeout", {"no answer in time", "retry, if it may happen twice"}},
        {"aborted", {"given up by the program", NULL}},
        {"protocol", {"not HTTP as it should be", "check the address and the proxies on the way"}},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (tskl_slice_equal(tskl_slice_of(rows[i].kind), kind)) return &rows[i].words;
    return NULL;
}

const char *tskl_words_result(tskl_result result) {
    switch (result) {
    case TSKL_RESULT_ok: return NULL;
    case TSKL_RESULT_trap: return "crashed";
    case TSKL_RESULT_time: return "ran out of time";
    case TSKL_RESULT_memory: return "ran out of memory";
    case TSKL_RESULT_stack: return "ran out of stack";
    case TSKL_RESULT_output: return "returned too much";
    case TSKL_RESULT_json: return "returned what is not JSON";
    case TSKL_RESULT_abi: return "broke the rules of the plugin interface";
    case TSKL_RESULT_exit: return "ended itself";
    case TSKL_RESULT_error: return "reported a failure of its own";
    case TSKL_RESULT_refused: return "asked for what it was not granted";
    case TSKL_RESULT_rested: return "rests after failing several times";
    case TSKL_RESULT_unavailable: return "could not run yet";
    }
    return NULL;
}

const char *tskl_words_status(int status) {
    static const struct {
        int status;
        const char *meaning;
    } rows[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {407, "Proxy Authentication Required"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {423, "Locked"},
        {424, "Failed Dependency"},
        {425, "Too Early"},
        {426, "Upgrade Required"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {451, "Unavailable For Legal Reasons"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {529, "Overloaded"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (rows[i].status == status) return rows[i].meaning;
    return NULL;
}
