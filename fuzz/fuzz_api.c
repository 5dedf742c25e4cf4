// fuzz_api: the exchange API in any order, from three threads at once, with flushes, stats and
// an early close in the midst of it: each thread's share of the input is a script, two bytes
// a step. What the script says is the same each time; how the threads meet is chance.
// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"
#include "input.h"
#include "must.h"
#include "sandbox/sandbox.h"
#include "store/code_cache.h"
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <taskless/observer.h>
#include <unistd.h>

enum { THREADS = 3, SLOTS = 16, STATS_MAX = 4096, LARGE = 300000, CODE_MAX = 16 << 20 };

// While calls use the observer it is not closed; handles may be used afterwards.
typedef struct stage {
    tskl_observer *observer;
    pthread_rwlock_t open_lock;
    bool closed;
} stage;

typedef struct actor {
    stage *stage;
    tskl_slice script;
    tskl_exchange *slots[SLOTS];
    pthread_t thread;
} actor;

static const char *const urls[] = {
    "https://api.test.example/v1",
    "https://u:p@api.stripe.com/v1/x?key=abcdefghij",
    "http://api.openai.com",
    "",
    "x",
    "https://[::1]:99999/",
    "https://api.test.example/bot?token=abcdefghi#frag",
};
static const char *const heads[] = {
    "content-type: application/json\r\nset-cookie: a=bbbbbbbbbbbb\r\n",
    "content-type: text/event-stream\r\n",
    "content-encoding: gzip\r\ncontent-type: application/json\r\n",
    "authorization: Bearer sk_test_abcdefghijklmnop\r\nconnection: a, b\r\n",
    "",
    "x:y",
    "content-type: multipart/form-data; boundary=x\r\ncontent-encoding: gzip, br, zstd, deflate\r\n",
    " fold\r\n a: b\r\n",
};
static const char *const bodies[] = {
    "{\"password\":\"hunter2hunter2\",\"a\":[1,2,{\"token\":\"x\"}]}",
    "data: {\"error\":1}\n\n",
    "\x1f\x8b\x08garbage",
    "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nabcdefgh\r\n--x--",
    "a=b&password=abcdefghijk",
    "",
};
#define PICK(list, number) tskl_slice_of((list)[(number) % TSKL_COUNT(list)])

static char large[LARGE];

static tskl_slice body_of(uint8_t choice) {
    if (choice >= 240) return tskl_slice_make(large, (size_t)(choice - 239) * 17000);
    if (choice >= 224) return (tskl_slice){NULL, (size_t)choice * 400}; // counted only
    return PICK(bodies, choice);
}

static void read_record(void *user, tskl_slice line) {
    static atomic_size_t sum;
    (void)user;
    for (size_t i = 0; i < line.len; i++) atomic_fetch_add(&sum, (unsigned char)line.ptr[i]);
}

static void begin(actor *a, tskl_exchange **slot, uint8_t choice) {
    unsigned wants;
    tskl_request request = {.size = sizeof request,
                            .method = TSKL_S("POST"),
                            .url = PICK(urls, choice),
                            .headers = PICK(heads, choice / 7)};
    if (choice % 5 == 0) request.size = offsetof(tskl_request, recorded); // of an older client
    if (*slot) return;
    pthread_rwlock_rdlock(&a->stage->open_lock);
    if (!a->stage->closed)
        *slot = tskl_exchange_begin(a->stage->observer, &request, choice % 3 ? &wants : NULL);
    pthread_rwlock_unlock(&a->stage->open_lock);
}

static void ask(actor *a, uint8_t choice) {
    char buffer[STATS_MAX];
    size_t count;
    pthread_rwlock_rdlock(&a->stage->open_lock);
    if (!a->stage->closed && choice % 2)
        (void)tskl_observer_flush(a->stage->observer, choice % 4, &count, NULL);
    else if (!a->stage->closed)
        MUST(tskl_observer_stats(a->stage->observer, buffer, choice * 16u, &count, NULL) ==
                 TSKL_OK ||
             count >= choice * 16u);
    pthread_rwlock_unlock(&a->stage->open_lock);
}

static void end(tskl_exchange **slot, uint8_t choice) {
    tskl_exchange_end_take(*slot, choice % 2 ? 0 : -5, (tskl_ending)(choice % 3),
                           TSKL_S("ECONNRESET"),
                           TSKL_S("at https://u:p@api.stripe.com/v1/x?key=abcdefghij"));
    *slot = NULL;
}

static void step(actor *a, uint8_t what, uint8_t choice) {
    tskl_exchange **slot = &a->slots[what / 8 % SLOTS];
    int64_t time_us = choice % 2 ? 0 : (int64_t)choice - 5;
    switch (what % 8) {
    case 0:
    case 1: begin(a, slot, choice); break;
    case 2: tskl_exchange_sent(*slot, time_us, body_of(choice)); break;
    case 3: tskl_exchange_response(*slot, 0, choice * 3, PICK(heads, choice)); break;
    case 4:
    case 5: tskl_exchange_received(*slot, time_us, body_of(choice)); break;
    case 6: end(slot, choice); break;
    default: ask(a, choice); break;
    }
}

static void *act(void *arg) {
    actor *a = arg;
    while (a->script.len) {
        uint8_t what = take_byte(&a->script);
        step(a, what, take_byte(&a->script));
    }
    for (uint8_t i = 0; i < SLOTS; i++) end(&a->slots[i], i);
    return NULL;
}

static void close_stage(stage *s, uint32_t timeout_ms) {
    pthread_rwlock_wrlock(&s->open_lock);
    s->closed = true;
    pthread_rwlock_unlock(&s->open_lock);
    tskl_observer_close(s->observer, timeout_ms);
}

static void perform(stage *s, tskl_slice script, uint8_t choice) {
    actor actors[THREADS] = {0};
    size_t share = script.len / THREADS;
    for (size_t i = 0; i < THREADS; i++) {
        actors[i].stage = s;
        actors[i].script = tskl_slice_first(tskl_slice_from(script, i * share), share);
        MUST(pthread_create(&actors[i].thread, NULL, act, &actors[i]) == 0);
    }
    if (choice & 16) usleep(choice * 10u);
    if (choice & 32) close_stage(s, choice % 4);
    for (size_t i = 0; i < THREADS; i++) pthread_join(actors[i].thread, NULL);
    if (!s->closed) close_stage(s, choice);
}

static tskl_slice read_file(const char *folder, const char *name, const char *ending,
                            tskl_arena *arena) {
    char path[PATH_MAX];
    tskl_slice bytes;
    snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
    MUST(tskl_input_file(path, CODE_MAX, arena, &bytes, NULL) == TSKL_OK);
    return bytes;
}

// The Packs are those that come with taskless, which are found beside the program; the build has
// compiled them, and no helper is to be started for them.
static void prepare(void) {
    static const char *const packs[] = {"core", "openai", "stripe"};
    static char cache[] = "/tmp/taskless-fuzz-api-XXXXXX";
    static bool prepared;
    tskl_arena arena = {0};
    if (prepared) return;
    prepared = true;
    memset(large, 'a', sizeof large);
    MUST(mkdtemp(cache));
    for (size_t i = 0; i < TSKL_COUNT(packs); i++) {
        tskl_slice wasm = read_file(TSKL_API_PACKS, packs[i], "/pack.wasm", &arena);
        tskl_slice code = read_file(TSKL_API_CODE, packs[i], ".cwasm", &arena);
        tskl_sha256 digest = tskl_sha256_of(wasm);
        MUST(tskl_code_store(cache, &digest, tskl_engine_portable_key(), code, NULL) == TSKL_OK);
    }
    tskl_arena_reset(&arena);
    setenv("TASKLESS_CACHE", cache, 1);
    setenv("TASKLESS_LOG_LEVEL", "off", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice script = tskl_slice_make(data, size);
    uint8_t choice = take_byte(&script);
    stage s = {.open_lock = PTHREAD_RWLOCK_INITIALIZER};
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    prepare();
    options.outputs = choice & 64 ? "file:/dev/null,har:/dev/null" : "file:/dev/null";
    options.on_record = choice & 128 ? read_record : NULL;
    MUST(tskl_observer_open(&options, &s.observer, NULL) == TSKL_OK);
    perform(&s, script, choice);
    return 0;
}
