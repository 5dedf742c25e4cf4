// openai: why a call to OpenAI failed or was cut short, what it used, and what to do now.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

static const char wanted[] =
    "response{status headers{x-ratelimit-limit-requests x-ratelimit-remaining-requests"
    " x-ratelimit-reset-requests x-ratelimit-limit-tokens x-ratelimit-remaining-tokens"
    " x-ratelimit-reset-tokens x-request-id x-should-retry retry-after-ms retry-after"
    " openai-organization openai-processing-ms} body}"
    "error{kind code message} time{end} configuration{captureMessage} context chunk truncated";
enum {
    RESPONSE,
    STATUS,
    HEADERS,
    REQUESTS, // limit, remaining, reset
    TOKENS = REQUESTS + 3,
    REQUEST_ID = TOKENS + 3,
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

// Of an answer of chat completions or of Responses: whole, as an event of a stream, or as the
// context in which `chunk` gathers it.
static const char answer[] =
    "model status incomplete_details{reason} error{type code message param} code message param"
    "choices{0{finish_reason message{refusal} delta{refusal}}}"
    "usage{prompt_tokens completion_tokens input_tokens output_tokens"
    " prompt_tokens_details{cached_tokens} completion_tokens_details{reasoning_tokens}"
    " input_tokens_details{cached_tokens} output_tokens_details{reasoning_tokens}}";
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
    FLAT_CODE, // of an `error` event of Responses, and of gateways
    FLAT_MESSAGE,
    FLAT_PARAM,
    CHOICES,
    CHOICE,
    FINISH_REASON,
    CHOICE_MESSAGE,
    MESSAGE_REFUSAL,
    DELTA,
    DELTA_REFUSAL,
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

// ---- Streams

// Undoes base64 where it stands: what comes out is shorter.
static const char *decode(char *text) {
    char *to = text;
    uint32_t bits = 0, count = 0;
    for (const char *at = text; *at > '=' || (*at >= '+' && *at < ':'); at++) {
        int digit = *at > '`'    ? *at - 'a' + 26
                    : *at > '@'  ? *at - 'A'
                    : *at > '/'  ? *at - '0' + 52
                    : *at == '+' ? 62
                                 : 63;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        *to++ = (char)(bits >> count);
    }
    *to = 0;
    return text;
}

// The data of an event; "" when it has none.
static tskl_json event_data(const char *at) {
    for (; *at; at++) {
        if (tskl_starts(at, "data:")) return (tskl_json){tskl_skip_space(at + 5)};
        while (*at && *at != '\n') at++;
    }
    return TSKL_NOTHING;
}

// Of a stream nobody has checked that it is good JSON: only counts and plain strings are taken.
static bool is_plain(tskl_json value) {
    const char *at = value.at;
    if (*at++ != '"') return tskl_count(value, -1) >= 0;
    while (*at >= ' ' && *at != '"' && *at != '\\') at++;
    return *at == '"' && at > value.at + 1;
}

TSKL_HOOK(chunk) {
    tskl_json in[WANTED], known[ANSWER], news[ANSWER], response;
    tskl_input(wanted, in, WANTED);
    tskl_json event = event_data(decode((char *)in[CHUNK].at + 1));
    tskl_pick(event, "response", &response, 1);
    tskl_pick(tskl_or(response, event), answer, news, ANSWER);
    tskl_pick(in[CONTEXT], answer, known, ANSWER);
    bool learned = false;
    for (size_t i = 0; i < ANSWER; i++) {
        if (!is_plain(news[i])) continue;
        learned |= i != MODEL || !*known[i].at;
        known[i] = news[i];
    }
    if (!learned) return 0;
    tskl_keep_all(answer, known);
    return tskl_done();
}

// ---- What it comes to

static const struct {
    const char *word;
    uint8_t class, advice;
} meanings[] = {
    {"insufficient_quota", TSKL_CLASS_QUOTA, TSKL_ADVICE_PAY},
    {"credit_balance_exhausted", TSKL_CLASS_QUOTA, TSKL_ADVICE_PAY},
#define MEANINGS_OF_ERRORS 2 // the others are those of a 200
    {"rate_limit_exceeded", TSKL_CLASS_RATE, TSKL_ADVICE_YES},
    {"server_error", TSKL_CLASS_SERVER, TSKL_ADVICE_YES},
    {"failed", TSKL_CLASS_SERVER, TSKL_ADVICE_YES},
    {"vector_store_timeout", TSKL_CLASS_TIMEOUT, TSKL_ADVICE_YES},
    {"length", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
    {"max_output_tokens", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
    {"content_filter", TSKL_CLASS_PARTIAL, TSKL_ADVICE_FIX},
};

static tskl_verdict judge(const tskl_json *in, const tskl_json *said, tskl_json finish) {
    int64_t status = tskl_count(in[STATUS], 0);
    bool failed = status >= 400;
    for (size_t i = 0; i < (failed ? MEANINGS_OF_ERRORS : TSKL_COUNT(meanings)); i++) {
        const char *word = meanings[i].word;
        if (tskl_is(said[TYPE], word) || tskl_is(said[CODE], word) || tskl_is(finish, word))
            return (tskl_verdict){meanings[i].class, meanings[i].advice, 0};
    }
    unsigned class = tskl_class_of_status(status);
    // A stream that named its model, and never said how it ended.
    bool open =
        *in[CONTEXT].at && *said[MODEL].at && (!*finish.at || tskl_is(finish, "in_progress"));
    if (failed) {
    } else if (tskl_is_set(said[CODE]))
        class = TSKL_CLASS_INVALID;
    else if (tskl_is_set(tskl_or(said[MESSAGE_REFUSAL], said[DELTA_REFUSAL])))
        class = TSKL_CLASS_INVALID;
    else if (open && !*in[TRUNCATED].at)
        class = TSKL_CLASS_PARTIAL;
    else if (*in[FAILURE].at)
        class = tskl_is(in[FAILURE_KIND], "timeout") ? TSKL_CLASS_TIMEOUT : TSKL_CLASS_NETWORK;
    tskl_verdict verdict = tskl_verdict_of(class);
    if (tskl_is(in[FAILURE_KIND], "aborted")) verdict.advice = TSKL_ADVICE_NO;
    return verdict;
}

// Azure answers 0 and -1 where it does not know.
static int64_t share_left(const tskl_json *headers) {
    int64_t limit = tskl_count(headers[0], 0), remaining = tskl_count(headers[1], -1);
    return limit > 0 && remaining >= 0 ? remaining * 1000000 / limit : INT64_MAX;
}

TSKL_HOOK(post) {
    tskl_json in[WANTED], said[ANSWER];
    tskl_input(wanted, in, WANTED);
    tskl_pick(tskl_or(in[CONTEXT], in[BODY]), answer, said, ANSWER);
    for (size_t i = 0; i < 3; i++)
        said[CODE + i] =
            tskl_or(said[CODE + i], tskl_or(said[FLAT_CODE + i], in[FAILURE_CODE + i]));
    tskl_json finish =
        tskl_or(tskl_or(said[INCOMPLETE_REASON], said[FINISH_REASON]), said[ANSWER_STATUS]);
    tskl_verdict verdict = judge(in, said, finish);

    int64_t requests_left = share_left(in + REQUESTS), tokens_left = share_left(in + TOKENS);
    bool tokens = tokens_left < requests_left;
    const tskl_json *rate = in + (tokens ? TOKENS : REQUESTS);
    int64_t reset_ms = tskl_duration_ms(rate[2]);
    int64_t after_ms = tskl_count(in[RETRY_AFTER_MS], -1);
    if (after_ms < 0) after_ms = tskl_retry_after_ms(in[RETRY_AFTER], tskl_count(in[TIME_END], -1));
    if (after_ms < 0 && tskl_is(rate[1], "0")) after_ms = reset_ms;
    tskl_heed(&verdict, in[SHOULD_RETRY], after_ms);

    if (!tskl_switch(in[CAPTURE_MESSAGE], false)) said[MESSAGE] = TSKL_NOTHING;
    tskl_capture_class(&verdict);
    tskl_capture_all("error.", answer, said, TYPE, FLAT_CODE);
    tskl_capture_retry(&verdict);
    tskl_capture("request_id", in[REQUEST_ID]);
    if ((tokens ? tokens_left : requests_left) != INT64_MAX) {
        tskl_capture_count("rate.limit", tskl_count(rate[0], -1));
        tskl_capture_count("rate.remaining", tskl_count(rate[1], -1));
        tskl_capture_count("rate.reset_ms", reset_ms);
        tskl_capture_word("rate.scope", tokens ? "tokens" : "requests");
    }
    tskl_capture("usage.input", tskl_or(said[INPUT_TOKENS], said[PROMPT_TOKENS]));
    tskl_capture("usage.output", tskl_or(said[OUTPUT_TOKENS], said[COMPLETION_TOKENS]));
    tskl_capture("usage.cached", tskl_or(said[INPUT_CACHED], said[PROMPT_CACHED]));
    tskl_capture("model", said[MODEL]);
    tskl_capture("finish", finish);
    tskl_capture("reasoning_tokens", tskl_or(said[OUTPUT_REASONING], said[COMPLETION_REASONING]));
    tskl_capture_all("", wanted, in, ORGANIZATION, BODY);
    return tskl_done();
}
