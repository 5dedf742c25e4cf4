// taskless_words: the words that all Packs share: what kind of failure it was, and what to do now.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_WORDS_H
#define TASKLESS_WORDS_H
#include "taskless_json.h"

/** What to do now: the capture `retry.advice`. */
#define TSKL_ADVICES(X)                                                                            \
    X(YES, yes)       /* the same call may succeed later */                                        \
    X(NO, no)         /* it will not, or it is not safe */                                         \
    X(AFTER, after)   /* it may succeed after `retry.after_ms` */                                  \
    X(REAUTH, reauth) /* with other credentials */                                                 \
    X(PAY, pay)       /* when money is there, or with another means of payment */                  \
    X(FIX, fix)       /* when the call or the account's settings are changed */

/** What kind of failure it was, the capture `class`, and what is mostly to be done about it. */
#define TSKL_CLASSES(X)                                                                            \
    X(AUTH, auth, REAUTH)                                                                          \
    X(PERMISSION, permission, FIX)                                                                 \
    X(INVALID, invalid, FIX)                                                                       \
    X(NOT_FOUND, not_found, FIX)                                                                   \
    X(CONFLICT, conflict, YES)                                                                     \
    X(IDEMPOTENCY, idempotency, FIX)                                                               \
    X(RATE, rate, YES)                                                                             \
    X(QUOTA, quota, PAY)                                                                           \
    X(DECLINED, declined, PAY)                                                                     \
    X(OVERLOADED, overloaded, YES)                                                                 \
    X(TIMEOUT, timeout, YES)                                                                       \
    X(SERVER, server, YES)                                                                         \
    X(PARTIAL, partial, YES)                                                                       \
    X(NETWORK, network, YES)

// The words stand one behind the other; the value of TSKL_CLASS_AUTH is where its word stands.
#define TSKL_ADVICE_MEMBER(NAME, word) char word[sizeof #word];
#define TSKL_ADVICE_PLACE(NAME, word) TSKL_ADVICE_##NAME = offsetof(struct tskl_advice_words, word),
#define TSKL_ADVICE_WORD(NAME, word) #word,
#define TSKL_CLASS_MEMBER(NAME, word, ADVICE) char word##_advice, word[sizeof #word];
#define TSKL_CLASS_PLACE(NAME, word, ADVICE)                                                       \
    TSKL_CLASS_##NAME = offsetof(struct tskl_class_words, word),
#define TSKL_CLASS_WORD(NAME, word, ADVICE) TSKL_ADVICE_##ADVICE, #word,

struct tskl_advice_words {
    char none;
    TSKL_ADVICES(TSKL_ADVICE_MEMBER)
};
typedef enum tskl_advice { TSKL_ADVICE_NONE, TSKL_ADVICES(TSKL_ADVICE_PLACE) } tskl_advice;
static const struct tskl_advice_words tskl_advice_words = {0, TSKL_ADVICES(TSKL_ADVICE_WORD)};

struct tskl_class_words {
    TSKL_CLASSES(TSKL_CLASS_MEMBER)
};
typedef enum tskl_class { TSKL_CLASS_NONE, TSKL_CLASSES(TSKL_CLASS_PLACE) } tskl_class;
static const struct tskl_class_words tskl_class_words = {TSKL_CLASSES(TSKL_CLASS_WORD)};

/** A judgement of one call. Zeros say that it did not fail. */
typedef struct tskl_verdict {
    uint8_t class, advice; // tskl_class, tskl_advice
    int64_t after_ms;      // with TSKL_ADVICE_AFTER
} tskl_verdict;

/** The verdict where only the class is known. */
static inline tskl_verdict tskl_verdict_of(unsigned class) {
    const char *word = (const char *)&tskl_class_words + class;
    return (tskl_verdict){(uint8_t)class, class ? (uint8_t)word[-1] : 0, 0};
}

/** What a status means where a service does not say more; NONE below 400. */
TSKL_SHARED unsigned tskl_class_of_status(int64_t status) {
    static const uint8_t known[][2] = {
        // Above 400
        {1, TSKL_CLASS_AUTH},         {2, TSKL_CLASS_QUOTA},     {3, TSKL_CLASS_PERMISSION},
        {4, TSKL_CLASS_NOT_FOUND},    {8, TSKL_CLASS_TIMEOUT},   {9, TSKL_CLASS_CONFLICT},
        {10, TSKL_CLASS_NOT_FOUND},   {24, TSKL_CLASS_SERVER},   {29, TSKL_CLASS_RATE},
        {103, TSKL_CLASS_OVERLOADED}, {104, TSKL_CLASS_TIMEOUT}, {129, TSKL_CLASS_OVERLOADED},
    };
    for (size_t i = 0; i < TSKL_COUNT(known); i++)
        if (status == 400 + known[i][0]) return known[i][1];
    return status < 400 ? TSKL_CLASS_NONE : status < 500 ? TSKL_CLASS_INVALID : TSKL_CLASS_SERVER;
}

/** Takes in what the service says about trying again: a header such as `x-should-retry`, which
 * knows more than a status does, and how long to wait. */
TSKL_SHARED void tskl_heed(tskl_verdict *verdict, tskl_json should_retry, int64_t after_ms) {
    bool again = tskl_is(should_retry, "true"), never = tskl_is(should_retry, "false");
    if (!verdict->class) return;
    // Money does not come back by asking again.
    if (again && verdict->class != TSKL_CLASS_QUOTA) verdict->advice = TSKL_ADVICE_YES;
    if (verdict->advice != TSKL_ADVICE_YES) return;
    if (never)
        verdict->advice = TSKL_ADVICE_NO;
    else if (after_ms >= 0)
        verdict->advice = TSKL_ADVICE_AFTER;
    verdict->after_ms = after_ms;
}
#endif
