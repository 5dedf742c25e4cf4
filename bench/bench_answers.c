// bench_answers FOLDER: what answers that were made to be dear cost: each file FOLDER/KIND.http, a
// head and a body, is reported as the answer of a call, and all that the observer of TASKLESS_CONFIG
// does with it counts.
// SPDX-License-Identifier: Apache-2.0
#include "file.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <taskless/observer.h>
#include <time.h>

enum { CALLS = 40, FLUSH_MS = 60000 };

typedef struct answer {
    int status;
    tskl_slice headers, body;
} answer;

static double cpu_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static tskl_slice text(const char *from) {
    return (tskl_slice){from, strlen(from)};
}

// "402\r\n", header lines, an empty line, the body.
static int read_answer(tskl_slice file, answer *out) {
    const char *line = memmem(file.ptr, file.len, "\r\n", 2);
    const char *end = memmem(file.ptr, file.len, "\r\n\r\n", 4);
    if (!line || !end) return 1;
    size_t body = (size_t)(end + 4 - file.ptr);
    out->status = atoi(file.ptr);
    out->headers = (tskl_slice){line + 2, (size_t)(end - line)};
    out->body = (tskl_slice){file.ptr + body, file.len - body};
    return 0;
}

static void call(tskl_observer *observer, const answer *is) {
    const tskl_slice none = {NULL, 0};
    const tskl_request request = {
        .size = sizeof request,
        .method = text("POST"),
        .url = text("https://api.stripe.com/v1/charges"),
        .headers = text("authorization: Bearer sk_test_51Habcdefghijklmnop\r\n"
                        "content-type: application/json\r\n")};
    unsigned wants;
    tskl_exchange *exchange = tskl_exchange_begin(observer, &request, &wants);
    tskl_exchange_sent(exchange, 0, text("{}"));
    tskl_exchange_response(exchange, 0, is->status, is->headers);
    tskl_exchange_received(exchange, 0, is->body);
    tskl_exchange_end_take(exchange, 0, TSKL_DONE, none, none);
}

// Milliseconds of the process for `calls` calls; below 0 where they were not done in time.
static double run(tskl_observer *observer, const answer *is, int calls) {
    double start = cpu_ms();
    for (int i = 0; i < calls; i++) {
        call(observer, is);
        if (tskl_observer_flush(observer, FLUSH_MS, NULL, NULL)) return -1;
    }
    return cpu_ms() - start;
}

static int measure(tskl_observer *observer, const char *folder, const char *name) {
    answer is;
    if (read_answer(tskl_bench_read(folder, name), &is)) return printf("%s: no answer\n", name), 1;
    double taken = run(observer, &is, 1) < 0 ? -1 : run(observer, &is, CALLS);
    if (taken < 0) return printf("%s: not done in a minute\n", name), 1;
    double mib = CALLS * (double)(is.headers.len + is.body.len) / (1 << 20);
    printf("  %-12.*s %6.1f\n", (int)(strlen(name) - strlen(".http")), name, taken / mib);
    return 0;
}

static int is_answer(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".http") == 0;
}

int main(int argc, char **argv) {
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    tskl_observer *observer;
    tskl_error err = {0};
    struct dirent **files;
    int count = argc == 2 ? scandir(argv[1], &files, is_answer, alphasort) : -1;
    if (count < 0) return fprintf(stderr, "usage: %s FOLDER\n", argv[0]), 2;
    if (tskl_observer_open(&options, &observer, &err)) return puts(err.message), 1;
    printf("\nanswers that were made to be dear, %d of each, in ms of the process's processor time "
           "a MiB\n",
           CALLS);
    for (int i = 0; i < count; i++)
        if (measure(observer, argv[1], files[i]->d_name)) return 1;
    tskl_observer_close(observer, FLUSH_MS);
    return 0;
}
