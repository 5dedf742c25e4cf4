// SPDX-License-Identifier: Apache-2.0
#include "pipeline/attempts.h"
#include "base/alloc.h"

enum { TOLD_MOST = 1000 }; // tries that a header may tell of

// What one call has in common with its other tries.
typedef struct likeness {
    uint64_t head;   // method, place and, where there is one, the idempotency key
    uint64_t body;   // what was reported of it
    bool body_known; // more was than nothing of one that may be there
    bool keyed;      // such a key decides, whatever the body
    uint32_t told;   // which try it is, where a header counts them; else 0
} likeness;

struct tskl_try {
    likeness like;
    tskl_uuid first;
    uint32_t number;
    int64_t end_us;
    bool given_up; // by the program, not by the network or the service
};

void tskl_attempts_init(tskl_attempts *attempts) {
    *attempts = (tskl_attempts){.next = 1};
    pthread_mutex_init(&attempts->lock, NULL);
    pthread_cond_init(&attempts->turned, NULL);
}

void tskl_attempts_deinit(tskl_attempts *attempts) {
    tskl_free(attempts->heads);
    tskl_free(attempts->tries);
    pthread_cond_destroy(&attempts->turned);
    pthread_mutex_destroy(&attempts->lock);
}

static bool is_retried(int status) {
    return status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

static bool failed_by_itself(const tskl_exchange *exchange) {
    return exchange->ending == TSKL_FAILED || is_retried(exchange->status);
}

// A service may ask for another try whatever its status says. One that asks for none gets it all
// the same where somebody tries again.
static bool asks_for_another(const tskl_view *view) {
    if (view->exchange->status < 400) return false;
    static const char *const names[] = {"stripe-should-retry", "x-should-retry"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        if (tskl_slice_equal_nocase(
                tskl_headers_get(&view->response.headers, tskl_slice_of(names[i])), TSKL_S("true")))
            return true;
    return false;
}

static uint64_t mix(uint64_t hash, tskl_slice part) {
    return (hash ^ tskl_slice_hash(part)) * 0x9e3779b97f4a7c15u;
}

// A masked key is no key: others are masked to the same.
static tskl_slice key_of(const tskl_view *view) {
    static const char *const names[] = {"idempotency-key", "x-idempotency-key", "paypal-request-id",
                                        "amz-sdk-invocation-id"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++) {
        tskl_slice key = tskl_headers_get(&view->request.headers, tskl_slice_of(names[i]));
        if (key.len && tskl_slice_search(key, TSKL_S("***")) == SIZE_MAX) return key;
    }
    return (tskl_slice){NULL, 0};
}

// The value of "name=value" among others, wherever it stands: SDKs write them in any order.
static tskl_slice parameter_of(tskl_slice list, tskl_slice name) {
    while (list.len) {
        tskl_slice value = tskl_slice_trim(tskl_slice_split(&list, ';'));
        tskl_slice known = tskl_slice_trim(tskl_slice_split(&value, '='));
        if (tskl_slice_equal_nocase(known, name)) return tskl_slice_trim(value);
    }
    return (tskl_slice){NULL, 0};
}

// "x-stainless-retry-count: 1" is the second try, and so is "amz-sdk-request: ttl=...; attempt=2;
// max=3".
static uint32_t told_number(const tskl_view *view) {
    const tskl_headers *headers = &view->request.headers;
    tskl_slice count = tskl_headers_get(headers, TSKL_S("x-stainless-retry-count"));
    tskl_slice amazon =
        parameter_of(tskl_headers_get(headers, TSKL_S("amz-sdk-request")), TSKL_S("attempt"));
    uint64_t number;
    if (tskl_slice_to_u64(count, &number)) return number < TOLD_MOST ? (uint32_t)number + 1 : 0;
    bool told = tskl_slice_to_u64(amazon, &number) && number <= TOLD_MOST;
    return told ? (uint32_t)number : 0;
}

// Before there is a connection some runtimes report a body, others nothing of it.
static bool may_have_unsent_body(const tskl_view *view) {
    static const char *const without[] = {"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"};
    if (view->exchange->status || view->exchange->sent.passed) return false;
    for (size_t i = 0; i < TSKL_COUNT(without); i++)
        if (tskl_slice_equal(view->method, tskl_slice_of(without[i]))) return false;
    return true;
}

// A body is compared as far as the Packs see it: what an output keeps beside them is no part of a
// record. Of one that no Pack sees the length has to do: it is not kept for this.
static likeness likeness_of(const tskl_view *view, uint32_t told) {
    const tskl_exchange *exchange = view->exchange;
    bool seen = exchange->pack_wants & TSKL_WANT_REQUEST_BODY;
    likeness like = {.told = told};
    tskl_slice key = key_of(view), url = view->url;
    if (key.len) url = tskl_slice_split(&url, '?');
    like.keyed = key.len > 0;
    like.head = mix(mix(mix(1, view->method), url), key) | 1; // 0 is no head
    if (like.keyed) return like;
    like.body = mix(exchange->sent.passed, seen ? tskl_body_shown(&exchange->sent) : TSKL_S(""));
    like.body_known = !may_have_unsent_body(view);
    return like;
}

static bool are_alike(const likeness *before, const likeness *like) {
    if (before->head != like->head || before->keyed != like->keyed) return false;
    if (like->keyed) return true;
    // A library that counts its tries leaves no doubt that there was one.
    if (!before->body_known || !like->body_known) return like->told > 0;
    return before->body == like->body;
}

static bool may_follow(const tskl_try *before, const likeness *like,
                       const tskl_exchange *exchange) {
    int64_t wait_us = exchange->start_us - before->end_us;
    if (wait_us < 0 || wait_us > (int64_t)TSKL_ATTEMPTS_WINDOW_MS * 1000) return false;
    // Who gives a call up and makes it again may have meant another one, unless it is said.
    if (before->given_up && !like->told && !like->keyed) return false;
    return are_alike(&before->like, like);
}

// The better of two that it may follow: the one whose turn it is by what a header tells, else the
// one that ended last. One that ended long before may have been given up.
static bool follows_rather(const tskl_try *a, const tskl_try *b, const likeness *like) {
    bool a_is_next = a->number + 1 == like->told, b_is_next = b->number + 1 == like->told;
    if (a_is_next != b_is_next) return a_is_next;
    return a->end_us >= b->end_us;
}

static tskl_try *find_before(tskl_attempts *attempts, const likeness *like,
                             const tskl_exchange *exchange) {
    tskl_try *best = NULL;
    for (size_t i = 0; attempts->open && i < TSKL_ATTEMPTS_KEPT; i++) {
        if (attempts->heads[i] != like->head) continue;
        tskl_try *before = &attempts->tries[i];
        if (may_follow(before, like, exchange) && (!best || follows_rather(before, best, like)))
            best = before;
    }
    return best;
}

// Each try has one that follows it, at most.
static void close_try(tskl_attempts *attempts, const tskl_try *done) {
    attempts->heads[done - attempts->tries] = 0;
    attempts->open--;
}

static tskl_attempt find_attempt(tskl_attempts *attempts, const likeness *like,
                                 const tskl_exchange *exchange) {
    tskl_attempt attempt = {0};
    if (like->told == 1) return attempt;
    tskl_try *before = find_before(attempts, like, exchange);
    attempt.number = like->told;
    if (!before) return attempt;
    if (!like->told) attempt.number = before->number + 1;
    attempt.first = before->first;
    attempt.wait_ms = (exchange->start_us - before->end_us) / 1000;
    close_try(attempts, before);
    return attempt;
}

static bool make_room(tskl_attempts *attempts) {
    if (attempts->heads && attempts->tries) return true;
    if (!attempts->heads) attempts->heads = tskl_alloc_array(TSKL_ATTEMPTS_KEPT, sizeof(uint64_t));
    if (!attempts->tries) attempts->tries = tskl_alloc_array(TSKL_ATTEMPTS_KEPT, sizeof(tskl_try));
    return attempts->heads && attempts->tries;
}

static void note_try(tskl_attempts *attempts, const likeness *like, const tskl_view *view,
                     const tskl_attempt *attempt) {
    const tskl_exchange *exchange = view->exchange;
    bool failed = failed_by_itself(exchange) || asks_for_another(view);
    if ((!failed && exchange->ending != TSKL_ABORTED) || !make_room(attempts)) return;
    size_t at = attempts->noted++ % TSKL_ATTEMPTS_KEPT;
    attempts->open += attempts->heads[at] == 0;
    attempts->heads[at] = like->head;
    attempts->tries[at] =
        (tskl_try){.like = *like,
                   .first = attempt->first.text[0] ? attempt->first : exchange->id,
                   .number = attempt->number ? attempt->number : 1,
                   .end_us = exchange->end_us,
                   .given_up = !failed};
}

// What follows runs with the lock held.

static void await_turn(tskl_attempts *attempts, const tskl_exchange *exchange) {
    while (exchange->turn && attempts->next != exchange->turn)
        pthread_cond_wait(&attempts->turned, &attempts->lock);
}

static void pass_turn(tskl_attempts *attempts, const tskl_exchange *exchange) {
    if (!exchange->turn) return;
    attempts->next = exchange->turn + 1;
    pthread_cond_broadcast(&attempts->turned);
}

// What follows takes it.

bool tskl_attempts_concern(tskl_attempts *attempts, const tskl_exchange *exchange) {
    pthread_mutex_lock(&attempts->lock);
    await_turn(attempts, exchange);
    bool open = attempts->open > 0;
    pthread_mutex_unlock(&attempts->lock);
    return open || exchange->ending != TSKL_DONE || is_retried(exchange->status);
}

// Most calls went well and follow none that did not: for them nothing is looked up or hashed.
tskl_attempt tskl_attempts_join(tskl_attempts *attempts, const tskl_view *view) {
    const tskl_exchange *exchange = view->exchange;
    bool recorded = exchange->recorded_flags & TSKL_RECORDED_ATTEMPT;
    tskl_attempt attempt = exchange->recorded_attempt;
    uint32_t told = recorded ? 0 : told_number(view);
    bool plain = !told && !tskl_attempts_concern(attempts, exchange) && !asks_for_another(view);
    if (recorded || plain) {
        tskl_attempts_pass(attempts, exchange);
        return attempt;
    }
    likeness like = likeness_of(view, told);
    pthread_mutex_lock(&attempts->lock);
    await_turn(attempts, exchange);
    attempt = find_attempt(attempts, &like, exchange);
    note_try(attempts, &like, view, &attempt);
    pass_turn(attempts, exchange);
    pthread_mutex_unlock(&attempts->lock);
    return attempt;
}

void tskl_attempts_pass(tskl_attempts *attempts, const tskl_exchange *exchange) {
    pthread_mutex_lock(&attempts->lock);
    await_turn(attempts, exchange);
    pass_turn(attempts, exchange);
    pthread_mutex_unlock(&attempts->lock);
}
