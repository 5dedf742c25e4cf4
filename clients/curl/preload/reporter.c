// SPDX-License-Identifier: Apache-2.0
#include "reporter.h"
#include "started.h"
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOAD_WAIT_MS = 1000, MS_NS = 1000000 };
enum { NEW, LOADING, OPEN, INERT };

static atomic_int state;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static struct {
    __typeof__(tskl_handover_take) *handover_take;
    __typeof__(tskl_warn) *warn;
    __typeof__(tskl_observer_open) *observer_open;
    __typeof__(tskl_observer_flush) *observer_flush;
    __typeof__(tskl_observer_close) *observer_close;
    __typeof__(tskl_exchange_begin) *exchange_begin;
    tskl_reporter reporter;
} functions;

// While a call begins, the observer is not closed. Nothing else waits for this lock.
static pthread_mutex_t beginning = PTHREAD_MUTEX_INITIALIZER;
static tskl_observer *observer;

static int64_t now_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / MS_NS;
}

static bool lock_within(pthread_mutex_t *lock, int64_t ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * MS_NS;
    if (until.tv_nsec >= 1000 * MS_NS) {
        until.tv_sec++;
        until.tv_nsec -= 1000 * MS_NS;
    }
    return pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &until) == 0;
}

// Through the library's log, which never waits. Where there is no library nothing is said:
// `taskless run` looks for it before it starts a program.
static void warn(const char *line) {
    functions.warn((tskl_slice){line, strlen(line)});
}

/** The library lies in the folder that has ours, in the build folder as where it is installed. */
static bool find_library(char path[PATH_MAX]) {
    static const char below[] = "/taskless/curl/", file[] = "/libtaskless.so.0";
    Dl_info self;
    char *end = NULL;
    if (!dladdr(&state, &self) || strlen(self.dli_fname) >= PATH_MAX) return false;
    strcpy(path, self.dli_fname);
    for (char *at = path; (at = strstr(at, below)); at++) end = at;
    if (!end) return false;
    memcpy(end, file, sizeof file); // which is no longer than what stood there
    return true;
}

// One for each member. Without pointers, which the loader would have to set in every program.
static const char names[][24] = {
    "tskl_handover_take",     "tskl_warn",
    "tskl_observer_open",     "tskl_observer_flush",
    "tskl_observer_close",    "tskl_exchange_begin",
    "tskl_exchange_sent",     "tskl_exchange_response",
    "tskl_exchange_received", "tskl_exchange_end_take",
};
enum { FUNCTIONS = sizeof names / sizeof *names };
_Static_assert(sizeof functions == FUNCTIONS * sizeof(void *), "one name for each member");

static bool find_functions(void *library) {
    void *found[FUNCTIONS];
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (!(found[i] = dlsym(library, names[i]))) return false;
    memcpy(&functions, found, sizeof found);
    return true;
}

static bool open_observer(const char *version) {
    char client[64], line[sizeof(tskl_error) + 64];
    snprintf(client, sizeof client, "libcurl/%s", version);
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    options.client = client;
    tskl_error err = {0};
    if (functions.observer_open(&options, &observer, &err) == TSKL_OK) return true;
    observer = NULL;
    snprintf(line, sizeof line, "libcurl is not observed: %s", err.message);
    warn(line);
    return false;
}

static bool load(const char *version) {
    char path[PATH_MAX];
    void *library = find_library(path) ? dlopen(path, RTLD_LOCAL | RTLD_NOW) : NULL;
    if (!library || !find_functions(library)) return false;
    functions.handover_take(tskl_started());
    return open_observer(version);
}

// A lock that another thread held at a fork stays held in the child.
static void before_fork(void) {
    pthread_mutex_lock(&beginning);
}

static void after_fork(void) {
    pthread_mutex_unlock(&beginning);
}

static void in_child(void) {
    static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
    int unfinished = LOADING;
    beginning = loading = unlocked;
    atomic_compare_exchange_strong(&state, &unfinished, NEW);
}

static void load_once(const char *version) {
    int now = NEW;
    if (!atomic_compare_exchange_strong(&state, &now, LOADING)) return;
    bool opened =
        tskl_started() && pthread_atfork(before_fork, after_fork, in_child) == 0 && load(version);
    atomic_store(&state, opened ? OPEN : INERT);
}

const tskl_reporter *tskl_reporter_open(const char *version) {
    int now = atomic_load(&state);
    // Another thread may be at it, and waits for the loader while this one has it: not for ever.
    if (now < OPEN && lock_within(&loading, LOAD_WAIT_MS)) {
        load_once(version);
        pthread_mutex_unlock(&loading);
        now = atomic_load(&state);
    }
    return now == OPEN ? &functions.reporter : NULL;
}

bool tskl_reporter_is_wanted(void) {
    return atomic_load(&state) != INERT;
}

tskl_exchange *tskl_reporter_begin(const tskl_request *request, unsigned *wants) {
    *wants = 0;
    pthread_mutex_lock(&beginning);
    tskl_exchange *exchange = observer ? functions.exchange_begin(observer, request, wants) : NULL;
    pthread_mutex_unlock(&beginning);
    return exchange;
}

// What has ended is written within a few milliseconds, unless the machine is slow. So the clock
// alone does not decide: what is left is waited for as long as this process works, or waits for a
// processor. One that has used none for a while waits for something else, a full pipe.
enum {
    EXIT_MS = 200, // waited for in any case, and given of the processors' time
    EXIT_MOST_MS = 2000,
    STEP_MS = 25,
    STEP_MOST_MS = 100, // counted of a step: a process that was stopped meanwhile has not waited
    IDLE_STEPS = 12,
};

static bool is_worth_waiting(int64_t waited_ms, int64_t worked_ms, int idle_steps) {
    if (waited_ms < EXIT_MS) return true;
    return waited_ms < EXIT_MOST_MS && worked_ms < EXIT_MS && idle_steps < IDLE_STEPS;
}

// How many calls are not written.
static size_t write_rest(tskl_observer *closing) {
    int64_t last_ms = now_ms(CLOCK_MONOTONIC), first_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    int64_t waited_ms = 0, worked_ms = 0;
    size_t left = 0;
    for (int idle = 0; is_worth_waiting(waited_ms, worked_ms, idle);) {
        if (functions.observer_flush(closing, STEP_MS, &left, NULL) == TSKL_OK) return 0;
        int64_t now = now_ms(CLOCK_MONOTONIC), step_ms = now - last_ms;
        waited_ms += step_ms < STEP_MOST_MS ? step_ms : STEP_MOST_MS;
        last_ms = now;
        int64_t worked_now_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - first_ms;
        idle = worked_now_ms > worked_ms ? 0 : idle + 1;
        worked_ms = worked_now_ms;
    }
    return left;
}

static void say_lost(size_t calls) {
    char line[80];
    snprintf(line, sizeof line, "calls not recorded, since the program ended first: %zu", calls);
    warn(line);
}

// After what the program registered with atexit. Other threads may still be calling: what they have
// begun they may end, and begin no more.
__attribute__((destructor)) static void finish(void) {
    if (atomic_load(&state) != OPEN || !lock_within(&beginning, EXIT_MS)) return;
    tskl_observer *closing = observer;
    observer = NULL;
    pthread_mutex_unlock(&beginning);
    size_t lost = write_rest(closing);
    if (lost) say_lost(lost);
    functions.observer_close(closing, lost ? 0 : EXIT_MS);
}
