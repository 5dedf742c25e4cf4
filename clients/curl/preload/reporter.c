// SPDX-License-Identifier: Apache-2.0
#include "reporter.h"
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_MS = 200, LOAD_WAIT_MS = 1000 };
enum { NEW, LOADING, OPEN, INERT };

static atomic_int state;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static struct {
    __typeof__(tskl_observer_open) *observer_open;
    __typeof__(tskl_observer_close) *observer_close;
    __typeof__(tskl_exchange_begin) *exchange_begin;
    tskl_reporter reporter;
} functions;

// While a call begins, the observer is not closed. Nothing else waits for this lock.
static pthread_mutex_t beginning = PTHREAD_MUTEX_INITIALIZER;
static tskl_observer *observer;

static bool lock_within(pthread_mutex_t *lock, int64_t ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &until) == 0;
}

static void say(const char *what, const char *why) {
    char line[512];
    int length =
        snprintf(line, sizeof line, "taskless: %s: %s; libcurl is not observed\n", what, why);
    if (length >= (int)sizeof line) length = sizeof line - 1;
    // Standard error may be closed: there is nobody to tell.
    ssize_t written = write(STDERR_FILENO, line, (size_t)length);
    (void)written;
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
    "tskl_observer_open",     "tskl_observer_close",    "tskl_exchange_begin",
    "tskl_exchange_sent",     "tskl_exchange_response", "tskl_exchange_received",
    "tskl_exchange_end_take",
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
    char client[64];
    snprintf(client, sizeof client, "libcurl/%s", version);
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    options.client = client;
    tskl_error err = {0};
    if (functions.observer_open(&options, &observer, &err) == TSKL_OK) return true;
    observer = NULL;
    say("no Packs", err.message);
    return false;
}

static bool load(const char *version) {
    char path[PATH_MAX];
    if (!find_library(path)) {
        say("libtaskless.so.0", "it is not where it was installed");
        return false;
    }
    void *library = dlopen(path, RTLD_LOCAL | RTLD_NOW);
    if (library && find_functions(library)) return open_observer(version);
    const char *why = dlerror();
    say("libtaskless.so.0", why ? why : "it is another version's");
    return false;
}

static bool is_switched_off(void) {
    const char *disabled = secure_getenv("TASKLESS_DISABLED");
    return getauxval(AT_SECURE) || (disabled && *disabled && strcmp(disabled, "0") != 0);
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
    bool opened = !is_switched_off() && pthread_atfork(before_fork, after_fork, in_child) == 0 &&
                  load(version);
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

// After what the program registered with atexit. Other threads may still be calling: what they have
// begun they may end, and begin no more.
__attribute__((destructor)) static void finish(void) {
    if (atomic_load(&state) != OPEN || !lock_within(&beginning, EXIT_MS)) return;
    tskl_observer *closing = observer;
    observer = NULL;
    pthread_mutex_unlock(&beginning);
    functions.observer_close(closing, EXIT_MS);
}
