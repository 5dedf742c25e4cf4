// openai: why a call to OpenAI failed or was cut short, what it used, and what to do now.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

enum { LIMIT, REMAINING, RESET, RATE_HEADERS }; // those of one scope: of requests, of tokens

enum {
    RESPONSE,
    STATUS,
    HEADERS,
    REQUESTS,
    TOKENS = REQUESTS + RATE_HEADERS,
    REQUEST_ID = TOKENS + RATE_HEADERS,
    SHOULD_RETRY,
    RETRY_AFTER_MS,
    RETRY_AFTER,
    ORGANIZATION,
    PROCESSING_MS,
    BODY,
    FAILURE,
    FAILURE_KIND,
    FAILURE_CODE,
    FAILURE_MESSAGE,
    TIME,
    TIME_END,
    CONFIGURATION,
    CAPTURE_MESSAGE,
    CONTEXT,
    CHUNK,
    TRUNCATED,
    WANTED,
};
static const char *const wanted[WANTED] = {
    [RESPONSE] = "response",
    [STATUS] = " status",
    [HEADERS] = " headers",
    [REQUESTS + LIMIT] = "  x-ratelimit-limit-requests",
    [REQUESTS + REMAINING] = "  x-ratelimit-remaining-requests",
    [REQUESTS + RESET] = "  x-ratelimit-reset-requests",
    [TOKENS + LIMIT] = "  x-ratelimit-limit-tokens",
    [TOKENS + REMAINING] = "  x-ratelimit-remaining-tokens",
    [TOKENS + RESET] = "  x-ratelimit-reset-tokens",
    [REQUEST_ID] = "  x-request-id",
    [SHOULD_RETRY] = "  x-should-retry",
    [RETRY_AFTER_MS] = "  retry-after-ms",
    [RETRY_AFTER] = "  retry-after",
    [ORGANIZATION] = "  openai-organization",
    [PROCESSING_MS] = "  openai-processing-ms",
    [BODY] = " body",
    [FAILURE] = "error",
    [FAILURE_KIND] = " kind",
    [FAILURE_CODE] = " code",
    [FAILURE_MESSAGE] = " message",
    [TIME] = "time",
    [TIME_END] = " end",
    [CONFIGURATION] = "configuration",
    [CAPTURE_MESSAGE] = " captureMessage",
    [CONTEXT] = "context",
    [CHUNK] = "chunk",
    [TRUNCATED] = "truncated",
};

// Of an answer of chat completions or of Responses: whole, as an event of a stream, or as the
// context in which `chunk` gathers it.
enum {
    MODEL,
    ANSWER_STATUS,
    INCOMPLETE_DETAILS,
    INCOMPLETE_REASON,
    ERROR,
    TYPE,
    CODE,
    MESSAGE,
    PARAM,
    FLAT_CODE, // of the event `error` of Responses, and of gateways
    FLAT_MESSAGE,
    FLAT_PARAM,
    EVENT_REFUSAL,
    CHOICES,
    CHOICE,
    FINISH_REASON,
    CHOICE_MESSAGE,
    MESSAGE_REFUSAL,
    CHOICE_DELTA,
    DELTA_REFUSAL,
    OUTPUT,
    OUTPUT_ITEM,
    OUTPUT_CONTENT,
    OUTPUT_PART,
    OUTPUT_REFUSAL,
    USAGE,
    PROMPT_TOKENS,
    COMPLETION_TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    PROMPT_DETAILS,
    PROMPT_CACHED,
    COMPLETION_DETAILS,
    COMPLETION_REASONING,
    INPUT_DETAILS,
    INPUT_CACHED,
    OUTPUT_DETAILS,
    OUTPUT_REASONING,
    ANSWER,
};
static const char *const answer[ANSWER] = {
    [MODEL] = "model",
    [ANSWER_STATUS] = "status",
    [INCOMPLETE_DETAILS] = "incomplete_details",
    [INCOMPLETE_REASON] = " reason",
    [ERROR] = "error",
    [TYPE] = " type",
    [CODE] = " code",
    [MESSAGE] = " message",
    [PARAM] = " param",
    [FLAT_CODE] = "code",
    [FLAT_MESSAGE] = "message",
    [FLAT_PARAM] = "param",
    [EVENT_REFUSAL] = "refusal",
    [CHOICES] = "choices",
    [CHOICE] = " 0",
    [FINISH_REASON] = "  finish_reason",
    [CHOICE_MESSAGE] = "  message",
    [MESSAGE_REFUSAL] = "   refusal",
    [CHOICE_DELTA] = "  delta",
    [DELTA_REFUSAL] = "   refusal",
    [OUTPUT] = "output",
    [OUTPUT_ITEM] = " 0",
    [OUTPUT_CONTENT] = "  content",
    [OUTPUT_PART] = "   0",
    [OUTPUT_REFUSAL] = "    refusal",
    [USAGE] = "usage",
    [PROMPT_TOKENS] = " prompt_tokens",
    [COMPLETION_TOKENS] = " completion_tokens",
    [INPUT_TOKENS] = " input_tokens",
    [OUTPUT_TOKENS] = " output_tokens",
    [PROMPT_DETAILS] = " prompt_tokens_details",
    [PROMPT_CACHED] = "  cached_tokens",
    [COMPLETION_DETAILS] = " completion_tokens_details",
    [COMPLETION_REASONING] = "  reasoning_tokens",
    [INPUT_DETAILS] = " input_tokens_details",
    [INPUT_CACHED] = "  cached_tokens",
    [OUTPUT_DETAILS] = " output_tokens_details",
    [OUTPUT_REASONING] = "  reasoning_tokens",
};

// ---- Streams: each event adds to what is known

static uint32_t base64_digit(char c) {
    if (c >= 'a') return (uint32_t)(c - 'a' + 26);
    if (c >= 'A') return (uint32_t)(c - 'A');
    if (c >= '0') return (uint32_t)(c - '0' + 52);
    return c == '+' ? 62 : 63;
}

// Undoes base64 where it stands: what comes out is shorter.
static const char *decode(char *text) {
    char *to = text;
    uint32_t bits = 0, count = 0;
    for (const char *at = text; *at >= '+' && *at != '='; at++) {
        bits = bits << 6 | base64_digit(*at);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        *to++ = (char)(bits >> count);
    }
    *to = 0;
    return text;
}

// The data of an event; absent when it has none.
static tskl_json event_data(const char *at) {
    for (; *at; at++) {
        if (tskl_starts(at, "data:")) return (tskl_json){tskl_skip_space(at + 5)};
        while (*at && *at != '\n') at++;
        if (!*at) break;
    }
    return TSKL_NOTHING;
}

// Of a stream nobody has checked that it is good JSON: only counts and plain strings are taken.
static bool is_plain(tskl_json value) {
    const char *at = value.at;
    if (*at++ != TSKL_STRING) return tskl_count(value, -1) >= 0;
    while (*at >= ' ' && *at <= '~' && *at != '"' && *at != '\\') at++;
    return *at == '"' && tskl_is_set(value);
}

TSKL_HOOK(chunk) {
    tskl_json in[WANTED], known[ANSWER], news[ANSWER];
    tskl_input(wanted, in, WANTED);
    if (*in[CHUNK].at != TSKL_STRING) return 0;
    tskl_json event = event_data(decode((char *)in[CHUNK].at + 1));
    tskl_pick(tskl_or(tskl_get(event, "response"), event), answer, news, ANSWER);
    tskl_pick(in[CONTEXT], answer, known, ANSWER);
    bool learned = false;
    for (size_t i = 0; i < ANSWER; i++) {
        if (!is_plain(news[i])) continue;
        learned |= i != MODEL || !*known[i].at; // each event of a chat repeats its model
        known[i] = news[i];
    }
    if (!learned) return 0;
    tskl_keep_all(answer, known, ANSWER);
    return tskl_done();
}

// ---- What it comes to

// What OpenAI's own words mean, whether they are a type, a code or how the answer ended.
static const struct {
    const char *word;
    uint8_t class, advice;
} meanings[] = {
    {"insufficient_quota", TSKL_CLASS_QUOTA, TSKL_ADVICE_PAY},
    {"credit_balance_exhausted", TSKL_CLASS_QUOTA, TSKL_ADVICE_PAY},
    // The following are those of a 200; elsewhere the status says more.
    {"rate_limit_exceeded", TSKL_CLASS_RATE, TSKL_ADVICE_YES},
    {"server_error", TSKL_CLASS_SERVER, TSKL_ADVICE_YES},
    {"vector_store_timeout", TSKL_CLASS_TIMEOUT, TSKL_ADVICE_YES},
    {"length", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
    {"max_output_tokens", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
    {"content_filter", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
    {"incomplete", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
};
enum { MEANINGS_OF_ERRORS = 2 };

static tskl_json finish_of(const tskl_json *said) {
    return tskl_or(tskl_or(said[INCOMPLETE_REASON], said[FINISH_REASON]), said[ANSWER_STATUS]);
}

static bool refused(const tskl_json *said) {
    return tskl_is_set(said[EVENT_REFUSAL]) || tskl_is_set(said[MESSAGE_REFUSAL]) ||
           tskl_is_set(said[DELTA_REFUSAL]) || tskl_is_set(said[OUTPUT_REFUSAL]);
}

// A stream that named its model and never said how the answer ended.
static bool broke_off(const tskl_json *in, const tskl_json *said) {
    tskl_json finish = finish_of(said);
    if (!*in[CONTEXT].at || !*said[MODEL].at || *in[TRUNCATED].at) return false;
    return !*finish.at || tskl_is(finish, "in_progress") || tskl_is(finish, "queued");
}

static unsigned class_of(const tskl_json *in, const tskl_json *said, int64_t status) {
    if (status >= 400) return tskl_class_of_status(status);
    if (tskl_is_set(tskl_or(said[CODE], said[TYPE]))) return TSKL_CLASS_INVALID;
    if (tskl_is(said[ANSWER_STATUS], "failed")) return TSKL_CLASS_SERVER;
    if (refused(said)) return TSKL_CLASS_INVALID;
    if (broke_off(in, said)) return TSKL_CLASS_PARTIAL;
    if (!*in[FAILURE].at) return TSKL_CLASS_NONE;
    bool late = tskl_is(in[FAILURE_KIND], "timeout");
    return late ? TSKL_CLASS_TIMEOUT : TSKL_CLASS_NETWORK;
}

static tskl_verdict judge(const tskl_json *in, const tskl_json *said) {
    int64_t status = tskl_count(in[STATUS], 0);
    size_t count = status >= 400 ? MEANINGS_OF_ERRORS : TSKL_COUNT(meanings);
    for (size_t i = 0; i < count; i++) {
        const char *word = meanings[i].word;
        if (tskl_is(said[TYPE], word) || tskl_is(said[CODE], word) ||
            tskl_is(finish_of(said), word))
            return (tskl_verdict){meanings[i].class, meanings[i].advice, 0};
    }
    tskl_verdict verdict = tskl_verdict_of(class_of(in, said, status));
    // The application itself gave up.
    if (tskl_is(in[FAILURE_KIND], "aborted")) verdict.advice = TSKL_ADVICE_NO;
    return verdict;
}

// ---- Limits

// What is left of a limit, in millionths; -1 when it is not known. Azure answers 0 and -1 then.
static int64_t share_left(const tskl_json *headers) {
    int64_t limit = tskl_count(headers[LIMIT], 0), remaining = tskl_count(headers[REMAINING], -1);
    return limit > 0 && remaining >= 0 ? remaining * 1000000 / limit : -1;
}

// The scope whose limit is nearest, or was passed as the error says: REQUESTS or TOKENS.
static size_t nearest_scope(const tskl_json *in, const tskl_json *said) {
    int64_t requests = share_left(in + REQUESTS), tokens = share_left(in + TOKENS);
    if (tskl_is(said[TYPE], "tokens")) return TOKENS;
    if (tskl_is(said[TYPE], "requests") || tokens < 0) return REQUESTS;
    return requests < 0 || tokens < requests ? TOKENS : REQUESTS;
}

static int64_t wait_ms(const tskl_json *in, const tskl_json *rate) {
    int64_t ms = tskl_count(in[RETRY_AFTER_MS], -1);
    if (ms < 0) ms = tskl_retry_after_ms(in[RETRY_AFTER], tskl_count(in[TIME_END], -1));
    if (ms < 0 && share_left(rate) == 0) ms = tskl_duration_ms(rate[RESET]);
    return ms;
}

static void capture_rate(const tskl_json *rate, const char *scope) {
    if (share_left(rate) < 0) return;
    tskl_capture_count("rate.limit", tskl_count(rate[LIMIT], -1));
    tskl_capture_count("rate.remaining", tskl_count(rate[REMAINING], -1));
    tskl_capture_count("rate.reset_ms", tskl_duration_ms(rate[RESET]));
    tskl_capture_word("rate.scope", scope);
}

static void capture_answer(const tskl_json *said) {
    tskl_capture("usage.input", tskl_or(said[INPUT_TOKENS], said[PROMPT_TOKENS]));
    tskl_capture("usage.output", tskl_or(said[OUTPUT_TOKENS], said[COMPLETION_TOKENS]));
    tskl_capture("usage.cached", tskl_or(said[INPUT_CACHED], said[PROMPT_CACHED]));
    tskl_capture("model", said[MODEL]);
    tskl_capture("finish", finish_of(said));
    tskl_capture("reasoning_tokens", tskl_or(said[OUTPUT_REASONING], said[COMPLETION_REASONING]));
    if (refused(said)) tskl_capture_bool("refusal", true); // never in which words
}

TSKL_HOOK(post) {
    tskl_json in[WANTED], said[ANSWER];
    tskl_input(wanted, in, WANTED);
    tskl_pick(tskl_or(in[CONTEXT], in[BODY]), answer, said, ANSWER);
    for (size_t i = 0; i < 3; i++) // code, message and param, wherever they were said
        said[CODE + i] = tskl_or(said[CODE + i], said[FLAT_CODE + i]);
    size_t scope = nearest_scope(in, said);
    tskl_verdict verdict = judge(in, said);
    tskl_heed(&verdict, in[SHOULD_RETRY], wait_ms(in, in + scope));
    said[CODE] = tskl_or(said[CODE], in[FAILURE_CODE]);
    said[MESSAGE] = tskl_or(said[MESSAGE], in[FAILURE_MESSAGE]);
    if (!tskl_switch(in[CAPTURE_MESSAGE], false)) said[MESSAGE] = TSKL_NOTHING;

    tskl_capture_class(&verdict);
    tskl_capture_all("error.", answer, said, TYPE, FLAT_CODE);
    tskl_capture_retry(&verdict);
    tskl_capture("request_id", in[REQUEST_ID]);
    capture_rate(in + scope, scope == TOKENS ? "tokens" : "requests");
    capture_answer(said);
    tskl_capture_all("", wanted, in, ORGANIZATION, BODY);
    return tskl_done();
}
