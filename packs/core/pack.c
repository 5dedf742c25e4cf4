// core: the plain facts of every call, and the error of services that no other Pack knows.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

enum {
    REQUEST,
    DOMAIN,
    URL,
    PATH,
    METHOD,
    RESPONSE,
    STATUS,
    BODY,
    FAILURE,
    FAILURE_CODE,
    FAILURE_MESSAGE,
    TIME,
    TIME_START,
    TIME_END,
    CONFIGURATION,
    ENABLE_DOMAIN, // these four in the order of the members of REQUEST
    ENABLE_URL,
    ENABLE_PATH,
    ENABLE_METHOD,
    ENABLE_STATUS,
    ENABLE_DURATION,
    ENABLE_ERROR,
    DOMAINS,
    KNOWN,
    WANTED,
};
static const char *const wanted[WANTED] = {
    [REQUEST] = "request",
    [DOMAIN] = " domain",
    [URL] = " url",
    [PATH] = " path",
    [METHOD] = " method",
    [RESPONSE] = "response",
    [STATUS] = " status",
    [BODY] = " body",
    [FAILURE] = "error",
    [FAILURE_CODE] = " code",
    [FAILURE_MESSAGE] = " message",
    [TIME] = "time",
    [TIME_START] = " start",
    [TIME_END] = " end",
    [CONFIGURATION] = "configuration",
    [ENABLE_DOMAIN] = " enableDomain",
    [ENABLE_URL] = " enableUrl",
    [ENABLE_PATH] = " enablePath",
    [ENABLE_METHOD] = " enableMethod",
    [ENABLE_STATUS] = " enableStatus",
    [ENABLE_DURATION] = " enableDurationMs",
    [ENABLE_ERROR] = " enableError",
    [DOMAINS] = " domains",
    [KNOWN] = " known",
};

// Where services put the reason.
enum {
    ERROR,
    ERROR_MESSAGE,
    ERROR_DESCRIPTION,
    MESSAGE,
    MESSAGE_OF_AWS,
    FLAT_MESSAGE,
    ERRORS,
    FIRST_ERROR,
    FIRST_MESSAGE,
    FIRST_DETAIL,
    FIRST_TITLE,
    ITEM,
    ITEM_MESSAGE,
    DETAIL,
    DETAIL_ITEM,
    DETAIL_MSG,
    TITLE,
    FAULT,
    FAULT_STRING,
    PLACES,
};
static const char *const places[PLACES] = {
    [ERROR] = "error",
    [ERROR_MESSAGE] = " message",
    [ERROR_DESCRIPTION] = "error_description",
    [MESSAGE] = "message",
    [MESSAGE_OF_AWS] = "Message",
    [FLAT_MESSAGE] = "error_message",
    [ERRORS] = "errors",
    [FIRST_ERROR] = " 0",
    [FIRST_MESSAGE] = "  message",
    [FIRST_DETAIL] = "  detail",
    [FIRST_TITLE] = "  title",
    [ITEM] = "0",
    [ITEM_MESSAGE] = " message",
    [DETAIL] = "detail",
    [DETAIL_ITEM] = " 0",
    [DETAIL_MSG] = "  msg",
    [TITLE] = "title",
    [FAULT] = "fault",
    [FAULT_STRING] = " faultstring",
};

// The first that is a string counts. `error` alone is late: it is mostly a code, and a message that
// stands beside it says more.
static const uint8_t order[] = {
    ERROR_MESSAGE, ERROR_DESCRIPTION, MESSAGE,     MESSAGE_OF_AWS, FLAT_MESSAGE,
    FIRST_MESSAGE, FIRST_DETAIL,      FIRST_TITLE, FIRST_ERROR,    ITEM_MESSAGE,
    DETAIL,        DETAIL_MSG,        TITLE,       ERROR,          FAULT_STRING,
    FAULT,
};

enum { PLAIN_TEXT_MAX = 200 }; // longer ones are pages, not reasons

// A text that is no JSON: the <Message> of an XML error, or all of it when it is short and plain:
// neither a page nor a JSON that was cut off.
static void capture_text(tskl_json text) {
    const char *at = text.at + 1, *end = tskl_skip_string(at);
    bool is_plain = *at != '<' && (*at | 0x20) != '{';
    if (is_plain && end - at <= PLAIN_TEXT_MAX) tskl_capture("error", text);
    while (at < end && !is_plain && !tskl_starts(at, "<Message>")) at++;
    if (at == end || is_plain) return;
    const char *message = at += 9;
    while (at < end && *at != '<') at++;
    tskl_put_name("", "error");
    tskl_puts("\"");
    tskl_put(message, (size_t)(at - message));
    tskl_puts("\"");
}

static void capture_reason(tskl_json body) {
    tskl_json found[PLACES];
    tskl_pick(body, places, found, PLACES);
    for (size_t i = 0; i < sizeof order; i++) {
        tskl_json reason = found[order[i]];
        if (*reason.at != TSKL_STRING || !tskl_is_set(reason)) continue;
        tskl_capture("error", reason);
        return;
    }
    if (*body.at == TSKL_STRING) capture_text(body);
}

// True when `domain` ends with all of `pattern` behind its star, or is it where there is none.
static bool takes(const char *pattern, tskl_json domain) {
    const char *end = tskl_skip_string(pattern), *at = domain.at + 1;
    const char *domain_end = tskl_skip_string(at);
    if (*pattern == '*') {
        pattern++;
        if (domain_end - at < end - pattern) return false;
        at = domain_end - (end - pattern);
    }
    while (pattern < end && *at == *pattern) at++, pattern++;
    return pattern == end && at == domain_end;
}

static bool lists(tskl_json patterns, tskl_json domain) {
    if (*domain.at != TSKL_STRING) return false;
    for (tskl_walk walk = tskl_walk_of(patterns); tskl_next(&walk);)
        if (*walk.item.at == TSKL_STRING && takes(walk.item.at + 1, domain)) return true;
    return false;
}

static bool is_empty(tskl_json list) {
    tskl_walk walk = tskl_walk_of(list);
    return !tskl_next(&walk);
}

TSKL_HOOK(post) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    if (!is_empty(in[DOMAINS]) && !lists(in[DOMAINS], in[DOMAIN])) return 0;

    for (size_t i = 0; i < 4; i++)
        if (tskl_switch(in[ENABLE_DOMAIN + i], true))
            tskl_capture_all("", wanted, in, DOMAIN + i, DOMAIN + i + 1);
    if (tskl_switch(in[ENABLE_STATUS], true)) tskl_capture("status", in[STATUS]);
    int64_t start_ms = tskl_count(in[TIME_START], -1), end_ms = tskl_count(in[TIME_END], -1);
    if (start_ms >= 0 && tskl_switch(in[ENABLE_DURATION], true))
        tskl_capture_count("durationMs", end_ms - start_ms);

    if (!tskl_switch(in[ENABLE_ERROR], true)) return tskl_done();
    bool known = lists(in[KNOWN], in[DOMAIN]);
    if (tskl_count(in[STATUS], 0) < 400)
        tskl_capture("error", tskl_or(in[FAILURE_MESSAGE], in[FAILURE_CODE]));
    else if (!known)
        capture_reason(in[BODY]);
    return tskl_done();
}
