// bench_memory: what observing adds to a program: pages resident before libtaskless is loaded and
// after it has run its Packs for some calls.
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <taskless/observer.h>

enum { CALLS = 200, FLUSH_MS = 10000 };

typedef struct pages {
    long all_kib, own_kib; // own: not shared with other programs
} pages;

static pages pages_now(void) {
    pages now = {0, 0};
    char line[256];
    long kib;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "Rss: %ld", &kib) == 1) now.all_kib = kib;
        if (sscanf(line, "Private_Clean: %ld", &kib) == 1) now.own_kib += kib;
        if (sscanf(line, "Private_Dirty: %ld", &kib) == 1) now.own_kib += kib;
    }
    if (file) fclose(file);
    return now;
}

// The library's functions, found when it is loaded.
typedef struct library {
    tskl_status (*open)(const tskl_observer_options *options, tskl_observer **out, tskl_error *err);
    tskl_exchange *(*begin)(tskl_observer *observer, const tskl_request *request, unsigned *wants);
    void (*response)(tskl_exchange *exchange, int64_t time_us, int status, tskl_slice headers);
    void (*received)(tskl_exchange *exchange, int64_t time_us, tskl_slice body_part);
    void (*end)(tskl_exchange *exchange, int64_t time_us, tskl_ending how, tskl_slice code,
                tskl_slice message);
    tskl_status (*flush)(tskl_observer *observer, uint32_t timeout_ms, size_t *pending,
                         tskl_error *err);
} library;

static int load(const char *path, library *out) {
    static const char *const names[] = {"tskl_observer_open",     "tskl_exchange_begin",
                                        "tskl_exchange_response", "tskl_exchange_received",
                                        "tskl_exchange_end_take", "tskl_observer_flush"};
    void *functions[sizeof names / sizeof *names];
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!handle || !(functions[i] = dlsym(handle, names[i]))) return puts(dlerror()), 1;
    memcpy(out, functions, sizeof *out);
    return 0;
}

static tskl_slice text(const char *from) {
    return (tskl_slice){from, strlen(from)};
}

static void call(const library *taskless, tskl_observer *observer) {
    const tskl_slice none = {NULL, 0};
    const tskl_request request = {.size = sizeof request,
                                  .method = text("POST"),
                                  .url = text("https://api.stripe.com/v1/payment_intents"),
                                  .headers = text("content-type: text/plain\r\n")};
    unsigned wants;
    tskl_exchange *exchange = taskless->begin(observer, &request, &wants);
    taskless->response(exchange, 0, 402, text("content-type: application/json\r\n"));
    taskless->received(exchange, 0, text("{\"error\":{\"code\":\"card_declined\"}}"));
    taskless->end(exchange, 0, TSKL_DONE, none, none);
}

// LIBRARY and the folder of PACKS. Where compiled code and records go is in the environment.
int main(int argc, char **argv) {
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    tskl_observer *observer;
    tskl_error err;
    library taskless;
    if (argc != 3) return fprintf(stderr, "usage: %s LIBRARY PACKS\n", argv[0]), 2;
    pages before = pages_now();
    if (load(argv[1], &taskless)) return 1;
    options.directory = argv[2];
    if (taskless.open(&options, &observer, &err) != TSKL_OK) return puts(err.message), 1;
    for (int i = 0; i < CALLS; i++) call(&taskless, observer);
    if (taskless.flush(observer, FLUSH_MS, NULL, &err) != TSKL_OK) return puts(err.message), 1;
    pages after = pages_now();
    printf("%ld KiB resident, of them %ld KiB its own\n", after.all_kib - before.all_kib,
           after.own_kib - before.own_kib);
    return 0; // without unloading: what is measured is a program at work
}
